"""What is where in a picture, for each cell of a grid: a training aid that teaches the vision tower to see.

Labels are made from scenes.jsonl. A head of linear layers, which is thrown away after training, predicts them from the
picture's features as the decoder gets them.
"""

import numpy as np
import torch
from torch import nn
from torch.nn import functional

SHAPES = ["circle", "square", "triangle", "star", "cross", "diamond", "ring", "heart"]
COLORS = ["red", "orange", "yellow", "green", "blue", "purple", "black", "white"]
SIZES = ["small", "large"]
TEXTURES = ["solid", "striped", "dotted"]
BACKGROUNDS = ["gray", "pink", "brown", "cyan"]
PLACES = ["beach", "meadow", "snow", "road", "city", "forest", "mountain", "room"]
CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
# Shape, colour, size and texture of the object (0: none), backdrop, character (0: none), word (0: none), letter colour,
# and whether the middle of an object is here.
FIELDS = ["shape", "color", "size", "texture", "backdrop", "character", "word", "letter color", "middle"]
# Where letters are drawn on a sign, in thousandths of the picture's side.
DOT, STEP, ROW_HEIGHT, LETTER_MIDDLE = 28, 6 * 28, 333, 167


def backdrop(scene):
    """A number for a plain colour, or for a place and a time of day."""
    if scene.get("background"):
        return BACKGROUNDS.index(scene["background"])
    return len(BACKGROUNDS) + 2 * PLACES.index(scene["place"]) + (scene["time"] == "night")


def middles(objects, count):
    """bool [count, count]: true for the cells that hold the middle of an object."""
    seen = np.zeros((count, count), dtype=bool)
    for item in objects:
        seen[item["y"] * count // 1000, item["x"] * count // 1000] = True
    return seen


def cells(scene, words, count):
    """uint8 [fields, count * count]: labels of the cells' middles, rows from the top."""
    centers = (np.arange(count) + 0.5) * 1000 / count
    x, y = np.meshgrid(centers, centers)
    labels = np.zeros((len(FIELDS), count, count), dtype=np.uint8)
    labels[4] = backdrop(scene)
    for item in scene["objects"]:
        half = item["width"] / 2
        inside = (abs(x - item["x"]) <= half) & (abs(y - item["y"]) <= half)
        values = (
            SHAPES.index(item["shape"]), COLORS.index(item["color"]), SIZES.index(item["size"]),
            TEXTURES.index(item["texture"]))
        for field, value in enumerate(values):
            labels[field][inside] = value + 1
    labels[8] = middles(scene["objects"], count)
    text = scene.get("text")
    if text:
        characters = text["characters"]
        top = text["row"] * ROW_HEIGHT
        left = 500 - (len(characters) * 6 - 1) * DOT / 2 - DOT / 2
        place = np.floor((x - left) / STEP).astype(int)
        lettered = (abs(y - top - LETTER_MIDDLE) <= 3.5 * DOT) & (place >= 0) & (place < len(characters))
        codes = np.array([CHARACTERS.index(character) + 1 for character in characters], dtype=np.uint8)
        labels[5][lettered] = codes[place[lettered]]
        labels[6][lettered] = words[characters] + 1
        labels[7][lettered] = COLORS.index(text["color"]) + 1
    return labels.reshape(len(FIELDS), -1)


class DenseHead(nn.Module):
    """One linear layer over all fields, and its loss."""

    def __init__(self, width, words):
        super().__init__()
        self.sizes = [
            len(SHAPES) + 1, len(COLORS) + 1, len(SIZES) + 1, len(TEXTURES) + 1,
            len(BACKGROUNDS) + 2 * len(PLACES), len(CHARACTERS) + 1, words + 1, len(COLORS) + 1, 2]
        self.head = nn.Linear(width, sum(self.sizes))

    def forward(self, features, labels):
        """
        :param features: [batch, cells, width].
        :param labels: [batch, fields, cells].
        :returns: the mean over fields of a cross entropy where empty cells weigh less, and the share of right cells
            of each field among those that are not empty.
        """
        loss, shares = 0.0, []
        for index, part in enumerate(self.head(features).split(self.sizes, dim=-1)):
            target = labels[:, index].flatten()
            logits = part.flatten(0, 1).float()
            weights = torch.ones(self.sizes[index])
            if FIELDS[index] != "backdrop":
                weights[0] = 0.2
            loss = loss + functional.cross_entropy(logits, target, weights)
            with torch.no_grad():
                filled = target > 0
                shares.append((logits.argmax(-1) == target)[filled].float().mean())
        return loss / len(FIELDS), torch.stack(shares)
