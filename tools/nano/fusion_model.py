"""FUSION over Phi-3 in PyTorch: text-guided vision tower, projectors, decoder with latent samplers."""

import torch
from torch import nn
from torch.nn import functional

from fusion_layers import (
    DecoderLayer, EncoderLayer, LatentSampler, PatchEmbedding, RootMeanSquareNorm, Rotary)

IMAGE = -200
LATENT = -300
MAPPING_WEIGHT = 0.1


def group(**modules):
    """A module that only gives names to others, so that tensor names are the published ones."""
    module = nn.Module()
    for name, child in modules.items():
        module.add_module(name, child)
    return module


def projector(first, inner, last):
    """Linear, exact GELU, linear."""
    return nn.Sequential(nn.Linear(first, inner), nn.GELU(), nn.Linear(inner, last))


class Layout:
    """Where picture, latents, last prompt token and answer are in a padded batch of prompts."""

    def __init__(self, prompts, patches, latents, answers=None):
        """
        :param prompts: lists of ids with IMAGE and LATENT once each at the same index in all.
        :param answers: lists of ids behind the prompts, or nothing.
        """
        answers = answers or [[] for _ in prompts]
        head = prompts[0]
        first = min(head.index(IMAGE), head.index(LATENT))
        second = max(head.index(IMAGE), head.index(LATENT))
        if any(row[:second + 1] != head[:second + 1] for row in prompts):
            raise ValueError("prompts that begin differently cannot share a batch")
        growth = patches + latents - 2
        self.before, self.between = head[:first], head[first + 1:second]
        self.image_start = first
        self.latent_start = second + patches - 1
        self.latents = latents
        rests = [row[second + 1:] + answer for row, answer in zip(prompts, answers)]
        width = max(map(len, rests))
        self.rests = torch.tensor([row + [0] * (width - len(row)) for row in rests])
        self.length = second + 1 + growth + width
        self.question = torch.tensor([len(row) - 1 + growth for row in prompts])
        count = max(map(len, answers))
        # Position i predicts token i + 1, so the first answer token is predicted at the last prompt token.
        self.predicting = torch.clamp(self.question[:, None] + torch.arange(max(count, 1)), max=self.length - 1)
        self.targets = torch.tensor([row + [-100] * (count - len(row)) for row in answers])


class FusionModel(nn.Module):
    """Reads a config.json of the fusion_phi kind that has a vision_config."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        vision = config["vision_config"]
        width, seen = config["hidden_size"], vision["hidden_size"]
        kept = vision["num_hidden_layers"] - 1
        self.patches = (vision["image_size"] // vision["patch_size"]) ** 2
        self.side = vision["image_size"] // vision["patch_size"]
        self.query_lengths = sorted(int(part) for part in str(config["query_len"]).split(","))
        self.rotary = Rotary(config)
        samplers = range(config["num_of_vision_sampler_layers"])
        start, stride = config["start_of_vision_sampler_layers"], config["stride_of_vision_sampler_layers"]
        self.sampler_at = {start + index * stride: index for index in samplers}
        tower = group(
            embeddings=PatchEmbedding(vision),
            encoder=group(layers=nn.ModuleList(EncoderLayer(vision) for _ in range(kept))),
            post_layernorm=nn.LayerNorm(seen, eps=vision["layer_norm_eps"]))
        self.model = group(
            embed_tokens=nn.Embedding(config["vocab_size"], width),
            layers=nn.ModuleList(DecoderLayer(config) for _ in range(config["num_hidden_layers"])),
            norm=RootMeanSquareNorm(width, config["rms_norm_eps"]),
            vision_tower=group(vision_tower=group(vision_model=tower)),
            mm_projector=projector(3 * seen, width, width),
            aux_projector=projector(width, seen, seen),
            vision_sampler_layers=nn.ModuleList(
                group(layers=nn.ModuleList([LatentSampler(width)])) for _ in samplers))
        self.lm_head = nn.Linear(width, config["vocab_size"], bias=False)

    @property
    def tower(self):
        """Embeddings and encoder of the vision tower."""
        return self.model.vision_tower.vision_tower.vision_model

    def encode(self, x, record=None, **mask):
        """Runs the tower's layers and connects three levels: the last, the means of the lower and upper half."""
        layers = self.tower.encoder.layers
        half = len(layers) // 2
        states = [x]
        for index, layer in enumerate(layers):
            x = layer(x, is_early=index < half, **mask)
            states.append(x)
        if record is not None:
            record.extend(states)
        lower = torch.stack(states[:half]).mean(0)
        upper = torch.stack(states[half:2 * half]).mean(0)
        return torch.cat([x, lower, upper], dim=-1)

    def encode_quarters(self, quarters):
        """[pictures, 4, 3, side, side] to the global feature map [pictures, width, 2 p, 2 p]."""
        count, p = quarters.shape[0], self.side
        features = self.model.mm_projector(self.encode(self.tower.embeddings(quarters.flatten(0, 1))))
        grid = features.view(count, 2, 2, p, p, -1).permute(0, 5, 1, 3, 2, 4)
        return grid.reshape(count, -1, 2 * p, 2 * p)

    def pool(self, grid, query_length):
        """First latents [pictures, q, width] and windows [pictures, q, w * w, width] of a global feature map."""
        q, w = round(query_length ** 0.5), self.config["window_size"]
        latents = functional.adaptive_max_pool2d(grid, q).flatten(2).transpose(1, 2)
        context = functional.adaptive_max_pool2d(grid, q * w)
        windows = context.unflatten(3, (q, w)).unflatten(2, (q, w)).permute(0, 2, 4, 3, 5, 1)
        return latents, windows.reshape(grid.shape[0], q * q, w * w, -1)

    def encode_guided(self, whole, instructions, pictures=None, record=None):
        """
        Encodes whole pictures together with what is asked of them.

        :param whole: [pictures, 3, side, side].
        :param instructions: lists of token ids, one list a question.
        :param pictures: [questions], which picture each question is about; in order if not given.
        :returns: features of the patches and of the instruction in the decoder's width, the instruction's embeddings,
            which of its tokens count, and the patch embeddings.
        """
        width = max(map(len, instructions))
        ids = torch.tensor([row + [0] * (width - len(row)) for row in instructions])
        lengths = torch.tensor([len(row) for row in instructions])
        embedded = self.model.embed_tokens(ids)
        patches = self.tower.embeddings(whole)
        if pictures is not None:
            patches = patches[pictures]
        x = torch.cat([patches, self.model.aux_projector(embedded).to(patches.dtype)], dim=1)
        real = torch.arange(width)[None] < lengths[:, None]
        ones = torch.ones(len(instructions), self.patches, dtype=torch.bool)
        visible = torch.cat([ones, real & (ids != 0)], dim=1)
        real = torch.cat([ones, real], dim=1)
        features = self.encode(x, record, patches=self.patches, real=real, visible=visible)
        mapped = self.model.mm_projector(features)
        return mapped[:, :self.patches], mapped[:, self.patches:], embedded, visible[:, self.patches:], patches

    def embed_prompt(self, layout, image, latents):
        """The decoder's input: text embeddings with picture and latents in their places."""
        count = image.shape[0]
        embed = self.model.embed_tokens

        def fixed(ids):
            return embed(torch.tensor(ids, dtype=torch.long)).to(image.dtype).expand(count, -1, -1)

        rest = embed(layout.rests).to(image.dtype)
        return torch.cat([fixed(layout.before), image, fixed(layout.between), latents, rest], dim=1)

    def decode(self, x, layout, windows, pictures, rows=None, record=None):
        """
        Runs the decoder over whole prompts, the samplers between its layers.

        :param rows: [batch, n] positions that are wanted of the last layer; all if not given.
        :returns: logits.
        """
        cosines, sines = self.rotary.tables(x.shape[1], x.dtype)
        last = len(self.model.layers) - 1
        place = slice(layout.latent_start, layout.latent_start + layout.latents) if layout else None
        for index, layer in enumerate(self.model.layers):
            x = layer(x, cosines, sines, rows if index == last and index not in self.sampler_at else None)
            if layout is not None and index in self.sampler_at:
                sampler = self.model.vision_sampler_layers[self.sampler_at[index]].layers[0]
                question = x[torch.arange(x.shape[0]), layout.question]
                latents = sampler(x[:, place], question, windows, pictures)
                if record is not None:
                    record.append((question, x[:, place], latents))
                x = torch.cat([x[:, :place.start], latents.to(x.dtype), x[:, place.stop:]], dim=1)
            if record is not None:
                record.append(x)
        return self.lm_head(self.model.norm(x))

    def mapping_loss(self, image, instructed, embedded, counted, patches):
        """Both cosine terms of the two-way mapping: instruction and vision."""
        forth = 1 - functional.cosine_similarity(embedded.float(), instructed.float(), dim=-1)
        forth = (forth * counted).sum() / counted.sum().clamp(min=1)
        back = self.model.aux_projector(image)
        return forth, (1 - functional.cosine_similarity(back.float(), patches.float(), dim=-1)).mean()
