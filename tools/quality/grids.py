"""Groups of columns that share a scale, and uniform grids for them."""

import torch

from candidate import Made, mean_bits
from checkpoint import HEAD, EMBEDDING, linear_names, read_state

SCALE_BITS = 16
# A scale of nothing would divide by zero; float16 has nothing smaller that is exact.
SMALLEST_SCALE = 2.0**-24


def to_groups(values, size):
    """Rows, groups, columns of a group; a short last group is filled with its last column."""
    missing = -values.shape[1] % size
    if missing:
        values = torch.cat([values, values[:, -1:].expand(-1, missing)], 1)
    return values.view(values.shape[0], -1, size)


def from_groups(groups, columns):
    """The other way round."""
    return groups.reshape(groups.shape[0], -1)[:, :columns]


def asymmetric_grid(groups, bits):
    """Scale, as float16 keeps it, and whole zero point of each group, for all values from its least to its greatest."""
    low = groups.amin(-1, keepdim=True).clamp(max=0)
    high = groups.amax(-1, keepdim=True).clamp(min=0)
    scale = as_float16((high - low) / (2**bits - 1)).clamp(min=SMALLEST_SCALE)
    return scale, (-low / scale).round().clamp(0, 2**bits - 1)


def nearest(values, scale, zero, bits):
    """The values rounded to a grid."""
    return ((values / scale).round().add_(zero).clamp_(0, 2**bits - 1).sub_(zero)).mul_(scale)


def as_float16(values):
    """Rounded to float16, which is how scales are stored."""
    return values.half().float()


def group_bits(columns, size, bits, group_overhead):
    """Bits that a weight takes with the scale and zero point of its group."""
    return bits + -(-columns // size) * group_overhead / columns


def quantize_linear(model, quantize, bits):
    """Reads a checkpoint and replaces each linear matrix.

    `quantize(name, values)` gives the decoded matrix, `bits(columns)` what a weight of it takes.
    """
    state = read_state(model)
    shapes = {}
    for name in linear_names(state):
        shapes[name] = state[name].shape
        state[name] = quantize(name, state[name])
    state.setdefault(HEAD, state[EMBEDDING])
    return Made(state, mean_bits(shapes, {name: bits(shape[1]) for name, shape in shapes.items()}))
