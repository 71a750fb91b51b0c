"""What the words of a question point at in the picture: a training aid that teaches the decoder to look things up.

A word such as "hearts" or "red" in a question has matching objects. Two attention heads of one layer learn to look from
the word at the middles of those objects, heads of the next two layers to look from the prompt's end at such words and
at the right option, and linear heads, which are thrown away after training, read from the states how many objects there
are and what they have in common. Without this aid the decoder needs many times as many questions before it begins to
compare words with patches at all.
"""

import re

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from dense_labels import COLORS, FIELDS, SHAPES, SIZES, TEXTURES, cells, middles

# Layers and heads that are taught: from words to patches, from the prompt's end to the first and to the last word, and
# to the right option.
LOOKING, LOOKING_HEADS = 1, (0, 1)
ASKING, ASKING_HEADS = 2, (0, 1)
CHOOSING, CHOOSING_HEAD = 3, 0
# Number of matching objects (of letters for a sign) and what they have in common; for "both sides" those of the left,
# then those of the right and whether they are the same.
OBJECTS = [("count", 8), ("shape", 8), ("color", 8), ("size", 2)]
READINGS = [
    *OBJECTS, ("texture", 3), ("column", 3), ("row", 3), ("word", 64), *OBJECTS,
    *[("same " + name, 2) for name, _ in OBJECTS]]
NOTHING = -100

NOUN = re.compile(
    r"\b(?:(?P<shape>" + "|".join(SHAPES) + r")(?:e?s)?"
    r"|(?P<color>" + "|".join(COLORS) + r")"
    r"|(?P<size>largest|smallest) object"
    r"|(?P<side>left|right) side"
    r"|(?:both|two|left and the right|Which) (?P<sides>sides?)"
    r"|(?:many|of|\d) (?P<any>objects?)(?! on| are on)"
    r"|(?P<sign>sign|letters))\b")
OPTION = re.compile(r"^([A-D])\. .*$", re.MULTILINE)


def last_token(offsets, end):
    """The token that holds the character before `end`."""
    return next(index for index, (first, behind) in enumerate(offsets) if first < end <= behind)


def mentions(question, start, offsets):
    """
    The words of a question that name something in the picture.

    :param start: where the question begins in the text that the offsets belong to.
    :returns: a list of (token index, kind, value).
    """
    stem = question.split("\n")[0]
    about_sign = "sign" in stem
    found = []
    for match in NOUN.finditer(stem):
        kind = match.lastgroup
        if about_sign != (kind == "sign"):
            continue
        value = {"largest": "large", "smallest": "small"}.get(match[kind], match[kind])
        found.append((last_token(offsets, start + match.end()), kind, value))
    return found


def option_tokens(question, answer, start, offsets):
    """The tokens of the right option, or nothing if there are no options."""
    for match in OPTION.finditer(question):
        if match[1] == answer:
            first, last = (last_token(offsets, start + place) for place in (match.start() + 1, match.end()))
            return list(range(first, last + 1))
    return []


def slot(place):
    """0, 1 or 2: the third of the picture that a coordinate in thousandths belongs to."""
    return min(int(place * 3 // 1000), 2)


def half(scene, side):
    """The objects on the left or the right side."""
    return [item for item in scene["objects"] if (item["x"] > 500) == (side == "right")]


def matching(scene, kind, value):
    """The objects that a word stands for; for both sides those on the left."""
    if kind in ("shape", "color", "size"):
        return [item for item in scene["objects"] if item[kind] == value]
    if kind in ("side", "sides"):
        return half(scene, "right" if value == "right" else "left")
    return scene["objects"]


def common(values):
    """The one value of all, or nothing."""
    values = set(values)
    return values.pop() if len(values) == 1 else NOTHING


def described(objects):
    """Number, shape, color and size of some objects."""
    return [
        min(len(objects), 7), common(SHAPES.index(item["shape"]) for item in objects),
        common(COLORS.index(item["color"]) for item in objects), common(SIZES.index(item["size"]) for item in objects)]


def even(places):
    """A distribution that is even over the true places."""
    return places / max(places.sum(), 1)


def target(scene, words, labels, kind, value, count):
    """
    What two heads look at and what there is to read.

    The first looks at the objects. The second looks at them and at the first token of the prompt alike, so that its
    weight there, one over one more than the number of objects, says how many there are.

    :returns: [2, 1 + count * count] weights of the first token and of the cells, and the readings.
    """
    rest = [NOTHING] * (len(READINGS) - 8)
    if kind == "sign":
        text = scene.get("text")
        look = even(np.append(0, labels[FIELDS.index("letter color")] > 0))
        read = [NOTHING] * 8
        if text:
            read = [
                len(text["characters"]), NOTHING, COLORS.index(text["color"]), NOTHING, NOTHING, NOTHING, text["row"],
                words[text["characters"]]]
        return np.stack([look, look]), read + rest
    objects = matching(scene, kind, value)
    counted = objects
    if kind == "sides":
        counted = half(scene, "right")
        first, second = described(objects), described(counted)
        same = [NOTHING if NOTHING in pair else int(pair[0] == pair[1]) for pair in zip(first, second)]
        rest = second + same
    look = np.stack([
        even(np.append(0, middles(objects, count))), even(np.append(1, middles(counted, count)))])
    return look, [
        *described(objects), common(TEXTURES.index(item["texture"]) for item in objects),
        common(slot(item["x"]) for item in objects), common(slot(item["y"]) for item in objects), NOTHING, *rest]


class Grounding:
    """The lessons of a packed batch: which rows look where, and what they should have read."""

    def __init__(self, data, pictures, rows, layout):
        """
        :param rows: for each picture its questions.
        :param layout: the batch's PackedLayout; a word's place in its block is behind the latents.
        """
        side = data.cells
        places, seen, readings, asking, answering, choosing = [], [], [], [], [], []
        for number, (picture, questions) in enumerate(zip(pictures, rows)):
            scene = data.scenes[picture]
            labels = cells(scene, data.words, side)
            for block, item in enumerate(questions):
                end = layout.question[number * layout.blocks + block].item()
                words = [layout.latents + index for index, _, _ in item["mentions"]]
                if words:
                    asking.append((number, block, end, words[0], words[-1]))
                    answering.append((len(readings), len(readings) + len(words) - 1))
                if item["option"]:
                    choosing.append((number, block, end, [layout.latents + index for index in item["option"]]))
                for (_, kind, value), word in zip(item["mentions"], words):
                    look, reading = target(scene, data.words, labels, kind, value, side)
                    places.append((number, block, word))
                    seen.append(look)
                    readings.append(reading)
        self.places = torch.tensor(places).T if places else None
        self.seen = torch.from_numpy(np.stack(seen)).float() if places else None
        self.readings = torch.tensor(readings) if places else None
        self.asking = torch.tensor(asking).T if asking else None
        self.answering = torch.tensor(answering).T if asking else None
        self.choosing = self.spread(choosing, layout)
        first = len(layout.before)
        self.patches = slice(first, first + side * side)
        self.own = layout.shared

    @staticmethod
    def spread(items, layout):
        """Index tensors of the rows that look, and a mask of what they should see in their block."""
        if not items:
            return None
        mask = torch.zeros(len(items), layout.width, dtype=torch.bool)
        for row, (_, _, _, tokens) in enumerate(items):
            mask[row, tokens] = True
        return torch.tensor([item[:3] for item in items]).T, mask

    def loss(self, weights, states, heads):
        """
        :param weights: for each taught layer attention weights [pictures, heads, blocks, width, shared + width].
        :param states: behind the looking and the asking layer, [pictures, blocks, width, channels].
        :param heads: read the state of a word, and of the first and the last word at the prompt's end.
        :returns: the loss; and by name the divergence of both looking heads, how much of the asking and choosing
            attention goes where it should, and the shares of right readings.
        """
        total, seen = 0.0, {}
        if self.places is not None:
            number, block, row = self.places
            looked = torch.stack([weights[LOOKING][number, index, block, row] for index in LOOKING_HEADS], 1)
            looked = torch.cat([looked[..., :1], looked[..., self.patches]], dim=-1).float()
            # Divergence from where the heads should look; nowhere counts nothing.
            missed = torch.special.xlogy(self.seen, self.seen) - self.seen * torch.log(looked.clamp(min=1e-6))
            missed = missed.sum(-1).mean(0)
            loss, right = heads[0](states[LOOKING][number, block, row], self.readings)
            total = total + missed.sum() + loss
            seen |= {"look": missed[0].item(), "count": missed[1].item(), "read": right}
            number, block, end, *words = self.asking
            for name, index, word, numbers, head in zip(
                    ("first", "last"), ASKING_HEADS, words, self.answering, heads[1:]):
                mass = weights[ASKING][number, index, block, end, self.own + word].float()
                loss, right = head(states[ASKING][number, block, end], self.readings[numbers])
                total = total - torch.log(mass.clamp(min=1e-5)).mean() + loss
                seen |= {f"ask {name}": mass.mean().item(), f"read {name}": right}
        if self.choosing is not None:
            (number, block, row), mask = self.choosing
            mass = (weights[CHOOSING][number, CHOOSING_HEAD, block, row][:, self.own:].float() * mask).sum(-1)
            total = total - torch.log(mass.clamp(min=1e-5)).mean()
            seen["choose"] = mass.mean().item()
        return total, seen


class ReadingHead(nn.Module):
    """One linear layer over all readings, and its loss."""

    def __init__(self, width):
        super().__init__()
        self.head = nn.Linear(width, sum(size for _, size in READINGS))

    def forward(self, states, readings):
        """
        :param states: [words, channels].
        :param readings: [words, readings], -100 where there is nothing to read.
        """
        loss, right, count = 0.0, 0, 0
        for index, part in enumerate(self.head(states).float().split([size for _, size in READINGS], dim=-1)):
            wanted = readings[:, index]
            known = wanted >= 0
            if known.any():
                loss = loss + functional.cross_entropy(part[known], wanted[known])
                right += (part[known].argmax(-1) == wanted[known]).sum().item()
                count += known.sum().item()
        return loss / len(READINGS), right / max(count, 1)
