"""Training in bfloat16 with float32 master weights, and the optimizers of both kinds of weights."""

import math

import torch
from torch import distributed

# Weights that Muon is not made for: embeddings, the output head, and what is not a matrix.
NOT_ORTHOGONAL = ("embed_tokens", "lm_head", "patch_embedding", "position_embedding", "head.")


class MasterWeights:
    """Keeps float32 copies of bfloat16 modules: gradients go to the copies, their new values go back."""

    def __init__(self, modules, matrix_rate, rate, weight_decay=0.05):
        named = [item for module in modules for item in module.named_parameters()]
        self.working = [parameter for _, parameter in named]
        self.masters = [torch.nn.Parameter(parameter.detach().float().clone()) for parameter in self.working]
        for module in modules:
            module.bfloat16()
        matrices, others = [], []
        for (name, _), master in zip(named, self.masters):
            is_matrix = master.ndim == 2 and not any(part in name for part in NOT_ORTHOGONAL)
            (matrices if is_matrix else others).append(master)
        self.optimizers = [
            torch.optim.Muon(
                matrices, lr=matrix_rate, weight_decay=weight_decay, momentum=0.95, adjust_lr_fn="match_rms_adamw"),
            torch.optim.AdamW(others, lr=rate, betas=(0.9, 0.98), weight_decay=0.0, fused=True)]
        self.rates = [matrix_rate, rate]

    def step(self, factor, greatest_norm=1.0):
        """One step with the learning rates times `factor`; weights without a gradient stay."""
        for master, parameter in zip(self.masters, self.working):
            master.grad = None if parameter.grad is None else parameter.grad.float()
            parameter.grad = None
        if distributed.is_initialized():
            self.average()
        norm = torch.nn.utils.clip_grad_norm_(self.masters, greatest_norm)
        for optimizer, rate in zip(self.optimizers, self.rates):
            for group in optimizer.param_groups:
                group["lr"] = rate * factor
            optimizer.step()
        with torch.no_grad():
            torch._foreach_copy_(self.working, self.masters)
        return norm

    def average(self):
        """Gives every process the mean of all processes' gradients."""
        gradients = [
            torch.zeros_like(master) if master.grad is None else master.grad for master in self.masters]
        joined = torch.cat([gradient.flatten() for gradient in gradients])
        distributed.all_reduce(joined)
        joined /= distributed.get_world_size()
        for master, part in zip(self.masters, joined.split([master.numel() for master in self.masters])):
            master.grad = part.view_as(master)

    def state(self):
        """What is needed to go on later."""
        return {"masters": self.masters, "optimizers": [optimizer.state_dict() for optimizer in self.optimizers]}

    def restore(self, state):
        """Goes on from a saved state."""
        with torch.no_grad():
            for master, saved in zip(self.masters, state["masters"]):
                master.copy_(saved)
            torch._foreach_copy_(self.working, self.masters)
        for optimizer, saved in zip(self.optimizers, state["optimizers"]):
            optimizer.load_state_dict(saved)


def schedule(step, steps, level, warmup=100):
    """Warm-up, full rate for a share of the steps, then a cosine down to nothing."""
    if step < warmup:
        return (step + 1) / warmup
    share = step / steps
    if share < level:
        return 1.0
    return 0.5 * (1 + math.cos(math.pi * (share - level) / (1 - level)))


def initialize(model):
    """Weights of a network that begins near the identity: small steps into the residual stream."""
    depth = len(model.model.layers) + len(model.sampler_at)
    for name, parameter in model.named_parameters():
        if parameter.ndim < 2:
            continue
        width = parameter[0].numel()
        if "embed_tokens" in name:
            std = 0.5
        elif "position_embedding" in name:
            std = 0.2
        elif "lm_head" in name:
            std = 0.02
        else:
            std = 0.7 * width ** -0.5
        if any(part in name for part in ("o_proj", "down_proj", "out_proj", "fc2", "linear_2")):
            std /= math.sqrt(2 * depth)
        torch.nn.init.normal_(parameter, std=std)
        if name.endswith("mm_projector.2.weight"):
            parameter.data.mul_(0.7)
    for name, parameter in model.named_parameters():
        if name.endswith("bias"):
            torch.nn.init.zeros_(parameter)
