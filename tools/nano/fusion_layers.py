"""The building blocks of FUSION in PyTorch, with the tensor names of published checkpoints."""

import math

import torch
from torch import nn
from torch.nn import functional


class RootMeanSquareNorm(nn.Module):
    """Division by the root of the mean square, computed in float32, times a learned scale."""

    def __init__(self, width, epsilon):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.epsilon = epsilon

    def forward(self, x):
        return functional.rms_norm(x, (x.shape[-1],), self.weight.to(x.dtype), self.epsilon)


class Rotary:
    """Cosines and sines of longrope: other frequency divisors for sequences beyond the first training length."""

    def __init__(self, language):
        self.width = language["hidden_size"] // language["num_attention_heads"]
        self.theta = language["rope_theta"]
        scaling = language["rope_scaling"]
        self.short = torch.tensor(scaling["short_factor"], dtype=torch.float32)
        self.long = torch.tensor(scaling["long_factor"], dtype=torch.float32)
        self.original = language["original_max_position_embeddings"]
        stretch = language["max_position_embeddings"] / self.original
        self.factor = 1.0
        if stretch > 1:
            self.factor = math.sqrt(1 + math.log(stretch) / math.log(self.original))

    def tables(self, length, dtype=torch.float32):
        """Two tensors of [length, head width]; the second half of a row repeats the first."""
        divisors = self.long if length > self.original else self.short
        exponents = torch.arange(0, self.width, 2, dtype=torch.float32) / self.width
        frequencies = 1.0 / (divisors * torch.tensor(self.theta, dtype=torch.float32) ** exponents)
        angles = torch.arange(length, dtype=torch.float32)[:, None] * frequencies[None, :]
        angles = torch.cat([angles, angles], dim=-1).double()
        return (angles.cos() * self.factor).to(dtype), (angles.sin() * self.factor).to(dtype)


def rotate(x, cosines, sines):
    """Turns pairs (i, i + width / 2) of the last axis."""
    left, right = x.chunk(2, dim=-1)
    return x * cosines + torch.cat([-right, left], dim=-1) * sines


def attend(q, k, v, hidden=None):
    """
    Softmax attention of [batch, heads, rows, width], written out: on CPUs the fused kernel's backward is far slower.

    :param hidden: true where a key must not be seen, to be broadcast over [batch, heads, rows, keys].
    """
    scores = torch.matmul(q * q.shape[-1] ** -0.5, k.transpose(-1, -2))
    if hidden is not None:
        scores = scores.masked_fill(hidden, torch.finfo(scores.dtype).min)
    return torch.matmul(torch.softmax(scores, dim=-1), v)


class DecoderAttention(nn.Module):
    """Causal self-attention over fused query, key and value rows."""

    def __init__(self, language):
        super().__init__()
        width = language["hidden_size"]
        self.heads = language["num_attention_heads"]
        self.key_heads = language["num_key_value_heads"]
        self.head_width = width // self.heads
        rows = (self.heads + 2 * self.key_heads) * self.head_width
        self.qkv_proj = nn.Linear(width, rows, bias=False)
        self.o_proj = nn.Linear(self.heads * self.head_width, width, bias=False)

    def forward(self, x, cosines, sines, rows=None):
        """Attention of all rows, or with `rows` ([batch, n] positions) of those only; keys come from all."""
        batch, length, _ = x.shape
        parts = self.qkv_proj(x).view(batch, length, self.heads + 2 * self.key_heads, self.head_width)
        parts = parts.transpose(1, 2)
        turned = rotate(parts[:, :self.heads + self.key_heads], cosines, sines)
        q, k = turned[:, :self.heads], turned[:, self.heads:]
        v = parts[:, self.heads + self.key_heads:]
        if self.key_heads != self.heads:
            k = k.repeat_interleave(self.heads // self.key_heads, dim=1)
            v = v.repeat_interleave(self.heads // self.key_heads, dim=1)
        positions = torch.arange(length)
        if rows is None:
            mixed = attend(q, k, v, positions[None, :] > positions[:, None])
        else:
            index = rows[:, None, :, None].expand(batch, self.heads, rows.shape[1], self.head_width)
            mixed = attend(q.gather(2, index), k, v, positions[None, None, None] > rows[:, None, :, None])
        return self.o_proj(mixed.transpose(1, 2).reshape(batch, mixed.shape[2], -1))


class GatedFeedForward(nn.Module):
    """down(silu(gate) * up) with fused gate and up rows."""

    def __init__(self, language):
        super().__init__()
        width, inner = language["hidden_size"], language["intermediate_size"]
        self.gate_up_proj = nn.Linear(width, 2 * inner, bias=False)
        self.down_proj = nn.Linear(inner, width, bias=False)

    def forward(self, x):
        gate, up = self.gate_up_proj(x).chunk(2, dim=-1)
        return self.down_proj(functional.silu(gate) * up)


class DecoderLayer(nn.Module):
    """One layer of Phi-3."""

    def __init__(self, language):
        super().__init__()
        width, epsilon = language["hidden_size"], language["rms_norm_eps"]
        self.input_layernorm = RootMeanSquareNorm(width, epsilon)
        self.self_attn = DecoderAttention(language)
        self.post_attention_layernorm = RootMeanSquareNorm(width, epsilon)
        self.mlp = GatedFeedForward(language)

    def forward(self, x, cosines, sines, rows=None):
        attended = self.self_attn(self.input_layernorm(x), cosines, sines, rows)
        if rows is not None:
            x = x.gather(1, rows[:, :, None].expand(-1, -1, x.shape[-1]))
        x = x + attended
        return x + self.mlp(self.post_attention_layernorm(x))


class EncoderAttention(nn.Module):
    """Self-attention of the vision tower over patches and the instruction's tokens."""

    def __init__(self, vision):
        super().__init__()
        width = vision["hidden_size"]
        self.heads = vision["num_attention_heads"]
        for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
            setattr(self, name, nn.Linear(width, width))

    def forward(self, x, patches=None, real=None, visible=None, is_early=False):
        """
        :param patches: number of leading rows that are patches; the others are instruction tokens.
        :param real: [batch, length], false where a row only fills up the batch.
        :param visible: [batch, length], false where a row is also masked as a key (token id 0).
        :param is_early: whether instruction rows see all real keys alike, as in the lower half of the tower.
        """
        batch, length, width = x.shape
        q, k, v = (
            layer(x).view(batch, length, self.heads, -1).transpose(1, 2)
            for layer in (self.q_proj, self.k_proj, self.v_proj))
        hidden = None if visible is None else ~visible[:, None, None, :]
        if visible is None or not is_early:
            mixed = attend(q, k, v, hidden)
        else:
            mixed = attend(q[:, :, :patches], k, v, hidden)
            weights = real.to(v.dtype) / real.sum(1, keepdim=True).to(v.dtype)
            uniform = torch.einsum("bl,bhld->bhd", weights, v)[:, :, None]
            mixed = torch.cat([mixed, uniform.expand(-1, -1, length - patches, -1)], dim=2)
        return self.out_proj(mixed.transpose(1, 2).reshape(batch, length, width))


class EncoderFeedForward(nn.Module):
    """Linear, GELU in its tanh form, linear."""

    def __init__(self, vision):
        super().__init__()
        self.fc1 = nn.Linear(vision["hidden_size"], vision["intermediate_size"])
        self.fc2 = nn.Linear(vision["intermediate_size"], vision["hidden_size"])

    def forward(self, x):
        return self.fc2(functional.gelu(self.fc1(x), approximate="tanh"))


class EncoderLayer(nn.Module):
    """One layer of SigLIP."""

    def __init__(self, vision):
        super().__init__()
        width, epsilon = vision["hidden_size"], vision["layer_norm_eps"]
        self.layer_norm1 = nn.LayerNorm(width, eps=epsilon)
        self.self_attn = EncoderAttention(vision)
        self.layer_norm2 = nn.LayerNorm(width, eps=epsilon)
        self.mlp = EncoderFeedForward(vision)

    def forward(self, x, **mask):
        x = x + self.self_attn(self.layer_norm1(x), **mask)
        return x + self.mlp(self.layer_norm2(x))


class PatchEmbedding(nn.Module):
    """A convolution whose stride is its size, plus a learned position."""

    def __init__(self, vision):
        super().__init__()
        size, width = vision["patch_size"], vision["hidden_size"]
        self.patch_embedding = nn.Conv2d(3, width, kernel_size=size, stride=size)
        self.position_embedding = nn.Embedding((vision["image_size"] // size) ** 2, width)

    def forward(self, crops):
        """[batch, 3, side, side] to [batch, patches, width]; pixels beyond the last whole patch are left out."""
        size = self.patch_embedding.kernel_size[0]
        batch, _, side, _ = crops.shape
        count = side // size
        cut = crops[:, :, :count * size, :count * size]
        rows = cut.reshape(batch, 3, count, size, count, size).permute(0, 2, 4, 1, 3, 5)
        rows = rows.reshape(batch, count * count, 3 * size * size)
        weight = self.patch_embedding.weight.flatten(1)
        return functional.linear(rows, weight, self.patch_embedding.bias) + self.position_embedding.weight


class SamplerAttention(nn.Module):
    """16 heads from each latent to its own window; a LayerNorm before each of the three projections."""

    heads = 16

    def __init__(self, width):
        super().__init__()
        for name in ("q_proj", "k_proj", "v_proj"):
            setattr(self, name, nn.Sequential(nn.LayerNorm(width), nn.Linear(width, width, bias=False)))
        self.o_proj = nn.Linear(width, width, bias=False)

    def forward(self, latents, windows, pictures):
        """
        :param latents: [batch, latents, width].
        :param windows: [pictures, latents, window, width].
        :param pictures: [batch], which picture each row of the batch belongs to.
        """
        batch, count, width = latents.shape
        size = width // self.heads
        q = self.q_proj(latents).view(batch, count, self.heads, 1, size)
        k = self.k_proj(windows).view(-1, count, windows.shape[2], self.heads, size).transpose(2, 3)[pictures]
        v = self.v_proj(windows).view(-1, count, windows.shape[2], self.heads, size).transpose(2, 3)[pictures]
        weights = torch.softmax((q * k).sum(-1).float() * size ** -0.5, dim=-1).to(v.dtype)
        mixed = (weights[..., None] * v).sum(-2)
        return self.o_proj(mixed.reshape(batch, count, width))


class SamplerFeedForward(nn.Module):
    """Linear, exact GELU, linear, without biases."""

    def __init__(self, width):
        super().__init__()
        self.linear_1 = nn.Linear(width, width, bias=False)
        self.linear_2 = nn.Linear(width, width, bias=False)

    def forward(self, x):
        return self.linear_2(functional.gelu(self.linear_1(x)))


class LatentSampler(nn.Module):
    """Rewrites latents in the light of the question and of their windows of the picture."""

    def __init__(self, width):
        super().__init__()
        self.proj_in = nn.Linear(2 * width, width, bias=False)
        self.proj_context = nn.Linear(width, width, bias=False)
        self.cross_attn = SamplerAttention(width)
        self.norm = nn.LayerNorm(width)
        self.proj_out = SamplerFeedForward(width)

    def forward(self, latents, question, windows, pictures):
        """New latents from [batch, latents, width] and the question's state [batch, width]."""
        both = torch.cat([question[:, None].expand_as(latents), latents], dim=-1)
        query = self.proj_in(both)
        attended = self.cross_attn(query, self.proj_context(windows), pictures)
        return latents + self.proj_out(self.norm(attended + query))
