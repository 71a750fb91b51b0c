"""Candidates that round each weight to the nearest value of a grid: what most programs do without calibration."""

import torch

from candidate import Candidate, code_digest
from grids import (
    SCALE_BITS, as_float16, asymmetric_grid, from_groups, group_bits, nearest, quantize_linear, to_groups,
)

# The sixteen values of NormalFloat4, from the QLoRA paper (Dettmers et al., 2023).
NORMAL_FLOAT = torch.tensor(
    [
        -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635,
        -0.18477343022823334, -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725,
        0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0,
    ]
)  # fmt: skip


def asymmetric(values, bits, size):
    """Scale and zero point from the range of each group."""
    groups = to_groups(values, size)
    return from_groups(nearest(groups, *asymmetric_grid(groups, bits), bits), values.shape[1])


def symmetric(values, bits, size):
    """One scale a group, from its greatest magnitude."""
    groups = to_groups(values, size)
    top = 2 ** (bits - 1) - 1
    scale = as_float16(groups.abs().amax(-1, keepdim=True) / top).clamp(min=2.0**-24)
    return from_groups((groups / scale).round().clamp(-top - 1, top) * scale, values.shape[1])


def normal_float(values, size):
    """NormalFloat4 with a float16 scale."""
    groups = to_groups(values, size)
    scale = as_float16(groups.abs().amax(-1, keepdim=True)).clamp(min=2.0**-24)
    borders = (NORMAL_FLOAT[1:] + NORMAL_FLOAT[:-1]) / 2
    return from_groups(NORMAL_FLOAT[torch.bucketize(groups / scale, borders)] * scale, values.shape[1])


def candidates(model):
    """Integer grids and NormalFloat4."""
    digest = code_digest(__name__, "grids")

    def candidate(label, quantize, bits):
        make = lambda: quantize_linear(model, lambda name, values: quantize(values), bits)
        return Candidate(label, "peers", False, f"{label} {digest}", make)

    for bits, size in ((4, 32), (4, 64), (4, 128), (3, 32), (3, 128)):
        yield candidate(
            f"round to nearest, int{bits} asymmetric, group {size}",
            lambda values, bits=bits, size=size: asymmetric(values, bits, size),
            lambda columns, bits=bits, size=size: group_bits(columns, size, bits, SCALE_BITS + bits),
        )
    for bits, size in ((4, 32), (4, 128)):
        yield candidate(
            f"round to nearest, int{bits} symmetric, group {size}",
            lambda values, bits=bits, size=size: symmetric(values, bits, size),
            lambda columns, bits=bits, size=size: group_bits(columns, size, bits, SCALE_BITS),
        )
    yield candidate(
        "round to nearest, int8 by row",
        lambda values: symmetric(values, 8, values.shape[1]),
        lambda columns: group_bits(columns, columns, 8, SCALE_BITS),
    )
    yield candidate(
        "NormalFloat4, group 64",
        lambda values: normal_float(values, 64),
        lambda columns: group_bits(columns, 64, 4, SCALE_BITS),
    )
