"""All questions about a picture in one sequence: a faster form of training.

The picture stands once before all questions. Each question has its own block with latents, text and answer; blocks do
not see each other, and each has the positions that it would have alone. What differs from the real form is that the
vision tower reads one of the questions only.
"""

import torch

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
        self.length = self.shared + self.blocks * self.width
        ends = [latents + len(prompt) - second - 2 for row in rows for prompt, _ in row]
        self.question = torch.tensor(ends)
        answers = [answer for row in rows for _, answer in row]
        count = max(map(len, answers))
        self.targets = torch.tensor([answer + [-100] * (count - len(answer)) for answer in answers])
        inside = torch.clamp(self.question[:, None] + torch.arange(count), max=self.width - 1)
        starts = self.shared + self.width * (torch.arange(len(texts)) % self.blocks)
        self.rows = (inside + starts[:, None]).view(len(rows), -1)
        block = torch.arange(self.width)
        self.positions = torch.cat([torch.arange(self.shared), (self.shared + block).repeat(self.blocks)])
        number = torch.cat([torch.full((self.shared,), -1), torch.arange(self.blocks).repeat_interleave(self.width)])
        order = torch.arange(self.length)
        self.hidden = (order[None] > order[:, None]) | ((number[None] >= 0) & (number[None] != number[:, None]))


def decode(model, layout, image, latents, windows):
    """
    Logits [pictures * blocks, answer tokens, vocabulary].

    :param image: [pictures, patches, width].
    :param latents: [pictures, latents, width].
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
    for index, layer in enumerate(model.model.layers):
        x = layer(x, cosines, sines, layout.rows if index == last else None, layout.hidden)
        if index in model.sampler_at:
            sampler = model.model.vision_sampler_layers[model.sampler_at[index]].layers[0]
            own = x[:, layout.shared:].reshape(count * layout.blocks, layout.width, width)
            question = own[torch.arange(own.shape[0]), layout.question]
            rewritten = sampler(own[:, :layout.latents], question, windows, owners)
            own = torch.cat([rewritten, own[:, layout.latents:]], dim=1).view(count, -1, width)
            x = torch.cat([x[:, :layout.shared], own], dim=1)
    return model.lm_head(model.model.norm(x)).view(count * layout.blocks, -1, model.config["vocab_size"])
