"""All questions about a picture in one sequence: a faster form of training.

The picture stands once before all questions. Each question has its own block with latents, text and answer; blocks do
not see each other, and each has the positions that it would have alone. What differs from the real form is that the
vision tower reads one of the questions only.
"""

import torch

from fusion_layers import attend, rotate
from fusion_model import IMAGE, LATENT


class PackedLayout:
    """Where everything is in a batch of pictures with the same number of blocks each."""

    def __init__(self, rows, patches, latents):
        """
        :param rows: for each picture a list of (prompt, answer), the same number for all; an answer of nothing gives no
            loss.
        """
        head = rows[0][0][0]
        first, second = sorted((head.index(IMAGE), head.index(LATENT)))
        self.before, self.between = head[:first], head[first + 1:second]
        self.shared = second - 1 + patches
        self.latents = latents
        self.blocks = len(rows[0])
        texts = [prompt[second + 1:] + answer for row in rows for prompt, answer in row]
        width = max(map(len, texts))
        self.texts = torch.tensor([text + [0] * (width - len(text)) for text in texts])
        self.width = latents + width
        ends = [latents + len(prompt) - second - 2 for row in rows for prompt, _ in row]
        self.question = torch.tensor(ends)
        answers = [answer for row in rows for _, answer in row]
        count = max(map(len, answers))
        self.targets = torch.tensor([answer + [-100] * (count - len(answer)) for answer in answers])
        inside = torch.clamp(self.question[:, None] + torch.arange(count), max=self.width - 1)
        self.rows = inside.view(len(rows), self.blocks, -1)
        block = torch.arange(self.width)
        self.positions = torch.cat([torch.arange(self.shared), (self.shared + block).repeat(self.blocks)])


def causal(length):
    """True where a row must not see a key."""
    return torch.ones(length, length, dtype=torch.bool).triu(1)


def attend_packed(attention, x, layout, cosines, sines, rows=None):
    """
    Causal attention of the shared part to itself, and of each block to the shared part and to itself.

    :param rows: [pictures, blocks, n] places in the blocks; if given, only those and nothing of the shared part.
    :returns: mixed rows, and the blocks' weights [pictures, heads, blocks, rows, shared + width].
    """
    count, length, _ = x.shape
    heads, size, shared, blocks = attention.heads, attention.head_width, layout.shared, layout.blocks
    parts = attention.qkv_proj(x).view(count, length, 3 * heads, size).transpose(1, 2)
    turned = rotate(parts[:, :2 * heads], cosines, sines)
    q, k, v = turned[:, :heads], turned[:, heads:], parts[:, 2 * heads:]
    (q_shared, q), (k_shared, k), (v_shared, v) = (
        (t[:, :, :shared], t[:, :, shared:].reshape(count, heads, blocks, -1, size)) for t in (q, k, v))
    hidden = causal(layout.width)
    q = q * size ** -0.5
    if rows is not None:
        q = q.gather(3, rows[:, None, :, :, None].expand(-1, heads, -1, -1, size))
        hidden = hidden[rows][:, None]
    lowest = torch.finfo(q.dtype).min
    across = torch.matmul(q.flatten(2, 3), k_shared.transpose(-1, -2)).view(*q.shape[:4], shared)
    own = torch.matmul(q, k.transpose(-1, -2)).masked_fill(hidden, lowest)
    weights = torch.softmax(torch.cat([across, own], dim=-1), dim=-1)
    mixed = torch.matmul(weights[..., :shared].flatten(2, 3), v_shared)
    mixed = mixed + torch.matmul(weights[..., shared:], v).flatten(2, 3)
    if rows is None:
        mixed = torch.cat([attend(q_shared, k_shared, v_shared, causal(shared)), mixed], dim=2)
    return attention.o_proj(mixed.transpose(1, 2).reshape(count, mixed.shape[2], -1)), weights


def decode(model, layout, image, latents, windows, taught=(), kept=()):
    """
    Logits [pictures * blocks, answer tokens, vocabulary].

    :param image: [pictures, patches, width].
    :param latents: [pictures, latents, width].
    :param taught: layers whose attention weights are wanted.
    :param kept: layers behind which the blocks' states are wanted.
    :returns: logits, weights by layer, states by layer [pictures, blocks, width of a block, channels].
    """
    count, _, width = image.shape
    embed = model.model.embed_tokens

    def fixed(ids):
        return embed(torch.tensor(ids, dtype=torch.long)).expand(count, -1, -1)

    texts = embed(layout.texts)
    owners = torch.arange(count).repeat_interleave(layout.blocks)
    blocks = torch.cat([latents[owners], texts], dim=1).view(count, -1, width)
    x = torch.cat([fixed(layout.before), image, fixed(layout.between), blocks], dim=1)
    cosines, sines = (table[layout.positions] for table in model.rotary.tables(layout.shared + layout.width, x.dtype))
    last = len(model.model.layers) - 1
    weights, states = {}, {}
    for index, layer in enumerate(model.model.layers):
        rows = layout.rows if index == last else None
        attended, seen = attend_packed(layer.self_attn, layer.input_layernorm(x), layout, cosines, sines, rows)
        if index in taught:
            weights[index] = seen
        if rows is not None:
            own = x[:, layout.shared:].view(count, layout.blocks, layout.width, width)
            x = own.gather(2, rows[..., None].expand(-1, -1, -1, width)).flatten(1, 2)
        x = x + attended
        x = x + layer.mlp(layer.post_attention_layernorm(x))
        if index in kept:
            states[index] = x[:, layout.shared:].reshape(count, layout.blocks, layout.width, width)
        if index in model.sampler_at:
            sampler = model.model.vision_sampler_layers[model.sampler_at[index]].layers[0]
            own = x[:, layout.shared:].reshape(count * layout.blocks, layout.width, width)
            question = own[torch.arange(own.shape[0]), layout.question]
            rewritten = sampler(own[:, :layout.latents], question, windows, owners)
            own = torch.cat([rewritten, own[:, layout.latents:]], dim=1).view(count, -1, width)
            x = torch.cat([x[:, :layout.shared], own], dim=1)
    logits = model.lm_head(model.model.norm(x)).view(count * layout.blocks, -1, model.config["vocab_size"])
    return logits, weights, states
