"""Pictures to crops: four quarters of the picture at twice the tower's side, then the whole at its side."""

from concurrent.futures import ProcessPoolExecutor

import numpy as np
import torch
from PIL import Image


def crops_of(path, side):
    """uint8 [5, 3, side, side] of a picture file; both resizes start from the original, aspect ratio not kept."""
    with Image.open(path) as file:
        picture = file.convert("RGB")
    double = np.asarray(picture.resize((2 * side, 2 * side), Image.BICUBIC))
    whole = np.asarray(picture.resize((side, side), Image.BICUBIC))
    parts = [double[:side, :side], double[:side, side:], double[side:, :side], double[side:, side:], whole]
    return np.stack(parts).transpose(0, 3, 1, 2)


def normalized(crops, dtype=torch.float32):
    """uint8 to values from -1 to 1, in the reference's order of operations."""
    table = (np.arange(256) * (1 / 255)).astype(np.float32)
    table = torch.from_numpy((table - np.float32(0.5)) / np.float32(0.5)).to(dtype)
    return table[torch.from_numpy(np.ascontiguousarray(crops)).long()]


def _batch(arguments):
    paths, side = arguments
    return np.stack([crops_of(path, side) for path in paths])


def prepare(paths, side, target, workers=2, batch=256):
    """Writes the crops of many pictures into one .npy file."""
    result = np.lib.format.open_memmap(
        target, mode="w+", dtype=np.uint8, shape=(len(paths), 5, 3, side, side))
    starts = range(0, len(paths), batch)
    with ProcessPoolExecutor(workers) as pool:
        jobs = ((paths[start:start + batch], side) for start in starts)
        for start, crops in zip(starts, pool.map(_batch, jobs)):
            result[start:start + batch] = crops
    result.flush()
