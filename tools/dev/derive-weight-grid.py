#!/usr/bin/env python3
"""Derives the grid of the encodings int4-nl: the sixteen numbers that a code of four bits stands for.

The grid is the one with the least squared error for normally distributed weights in groups of 32 whose scale is
searched, as formats/quantization.md says it (without the rounding of scales). It is found by Lloyd's alternation: for
a grid, the best scale and the nearest entry of every group; for these, the entries with the least squared error, which
are means in units of the groups' scales. One entry stays exactly 0, eight are below it and seven above, as in int4-sym.
Then the grid is stretched until its largest magnitude is 127 and rounded.

Random numbers are seeded, so the same grid comes out every time; an entry moves by at most one with another seed. With a
checkpoint's file, the error of its matrices is printed too: what is good for normal weights is good for trained ones.

Needs numpy, a minute, and 1 GB of memory:  tools/dev/derive-weight-grid.py [model.safetensors]
"""
import json
import struct
import sys
from pathlib import Path
from statistics import NormalDist

import numpy as np

GROUP, BELOW, ABOVE = 32, 8, 7
GROUP_COUNT, ROUNDS, SEED = 60_000, 40, 4
FACTORS = np.arange(1.0625, 0.55, -0.03125)
F32 = np.float32


def nearest(grid, t):
    """Index of the nearest entry; the lower one of two."""
    return np.searchsorted(((grid[1:] + grid[:-1]) / 2).astype(F32), t, side="left")


def search(groups, grid):
    """The scale of each group, and its squared error."""
    entries = grid.astype(F32)
    cover = np.maximum(groups.min(axis=1) / entries[0], groups.max(axis=1) / entries[-1])
    best, least = cover.copy(), np.full(len(groups), np.inf, dtype=F32)

    def consider(scale):
        t = groups / scale[:, None]
        error = ((t - entries[nearest(grid, t)]) ** 2).sum(axis=1) * scale * scale
        better = error < least
        best[better], least[better] = scale[better], error[better]

    for factor in FACTORS:
        consider(cover * F32(factor))
    for _ in range(2):
        k = entries[nearest(grid, groups / best[:, None])]
        n, d = (groups * k).sum(axis=1), (k * k).sum(axis=1)
        consider(np.where((n > 0) & (d > 0), n / np.maximum(d, F32(1e-30)), best))
    return best, least


def decibels(groups, grid):
    return 10 * np.log10(np.square(groups, dtype=np.float64).sum() / search(groups, grid)[1].sum(dtype=np.float64))


def improved(groups, grid):
    """Entries with the least squared error for the scales and codes that a grid gives."""
    scale, _ = search(groups, grid)
    t = groups / scale[:, None]
    codes = nearest(grid, t).ravel()
    square = np.broadcast_to(np.square(scale, dtype=np.float64)[:, None], t.shape).ravel()
    entries = np.bincount(codes, square * t.ravel(), 16) / np.bincount(codes, square, 16)
    entries[BELOW] = 0
    return entries * (127 / np.abs(entries).max())


def first_grid():
    """Quantiles of the normal distribution."""
    below = [NormalDist().inv_cdf(0.03 + 0.47 * i / BELOW) for i in range(BELOW)]
    above = [-NormalDist().inv_cdf(0.03 + 0.47 * (ABOVE - i) / ABOVE) for i in range(1, ABOVE + 1)]
    grid = np.array(below + [0] + above)
    return grid * (127 / np.abs(grid).max())


def checkpoint_groups(path, generator):
    """Groups of all matrices of a file, each in units of its own root mean square."""
    found = []
    types = {"F16": np.float16, "F32": F32, "BF16": np.uint16}
    with Path(path).open("rb") as file:
        length = struct.unpack("<Q", file.read(8))[0]
        for name, entry in sorted(json.loads(file.read(length)).items()):
            if name == "__metadata__" or len(entry["shape"]) != 2 or "embed" in name:
                continue
            begin, end = entry["data_offsets"]
            file.seek(8 + length + begin)
            values = np.frombuffer(file.read(end - begin), types[entry["dtype"]]).reshape(entry["shape"])
            if entry["dtype"] == "BF16":
                values = (values.astype(np.uint32) << 16).view(F32)
            groups = values[:, : values.shape[1] // GROUP * GROUP].astype(F32).reshape(-1, GROUP)
            groups = generator.choice(groups, min(200, len(groups)), replace=False)
            sizes = np.sqrt(np.square(groups, dtype=np.float64).mean(axis=1, keepdims=True))
            found.append((groups / np.maximum(sizes, 1e-30)).astype(F32)[sizes[:, 0] > 0])
    return np.concatenate(found)


def main():
    generator = np.random.default_rng(SEED)
    groups = generator.standard_normal((GROUP_COUNT, GROUP)).astype(F32)
    grid = first_grid()
    for _ in range(ROUNDS):
        grid = improved(groups, grid)
    print("before rounding:", " ".join(f"{entry:.2f}" for entry in grid))
    grid = np.rint(grid)
    print("grid:", " ".join(f"{int(entry)}" for entry in grid))
    samples = {
        "normal": generator.standard_normal((GROUP_COUNT, GROUP)).astype(F32),
        "Laplacian": generator.laplace(size=(GROUP_COUNT, GROUP)).astype(F32),
    }
    for path in sys.argv[1:]:
        samples[path] = checkpoint_groups(path, generator)
    for name, values in samples.items():
        uniform = decibels(values, np.arange(-8.0, 8.0))
        print(f"{name}: {decibels(values, grid):.2f} dB, evenly spaced {uniform:.2f} dB")


if __name__ == "__main__":
    main()
