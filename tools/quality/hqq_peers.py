"""Candidates of HQQ, half-quadratic quantization (Badri and Shaji, 2023): our port of the published algorithm.

The zero point of each group is fitted so that the error has many small values and few large ones: in turn the error is
shrunk towards zero as a norm below 1 asks for, and the zero point becomes the mean of what is left. Weights only; no
calibration.
"""

import torch

from candidate import Candidate, code_digest
from grids import SCALE_BITS, as_float16, from_groups, group_bits, quantize_linear, to_groups

# The published defaults.
NORM, BETA, GROWTH, ITERATIONS = 0.7, 10.0, 1.01, 20
LARGEST_INVERSE_SCALE = 2e4
ZERO_BITS = 16


def shrink(error, beta):
    """The value that trades the norm against the distance from the error, to first order."""
    return error.sign() * (error.abs() - error.abs().clamp(min=1e-8).pow(NORM - 1) / beta).clamp(min=0)


def half_quadratic(values, bits, size):
    """Fits the zero points and rounds."""
    groups, top = to_groups(values, size), 2**bits - 1
    low, high = groups.amin(-1, keepdim=True), groups.amax(-1, keepdim=True)
    inverse = torch.where(high - low > 1e-4, top / (high - low), 1.0).clamp(max=LARGEST_INVERSE_SCALE)
    zero = -low * inverse
    # As published: whole zero points to begin with at four bits only.
    zero = zero.round() if bits == 4 else zero
    best, best_error, beta = zero, None, BETA
    for _ in range(ITERATIONS):
        codes = (groups * inverse + zero).round().clamp(0, top)
        error = groups - (codes - zero) / inverse
        mean = error.abs().mean().item()
        if best_error is not None and mean >= best_error:
            break
        best, best_error = zero, mean
        zero = (codes - (groups - shrink(error, beta)) * inverse).mean(-1, keepdim=True)
        beta *= GROWTH
    scale, zero = as_float16(1 / inverse), as_float16(best)
    codes = (groups / scale + zero).round().clamp(0, top)
    return from_groups((codes - zero) * scale, values.shape[1])


def candidates(model):
    """Four, three and eight bits."""
    digest = code_digest(__name__, "grids")
    for bits, size in ((4, 64), (4, 32), (3, 64), (3, 32), (8, 128)):
        label = f"HQQ, {bits} bits, group {size}"
        yield Candidate(
            label, "peers", False, f"{label} {digest}",
            lambda bits=bits, size=size: quantize_linear(
                model,
                lambda name, values: half_quadratic(values, bits, size),
                lambda columns: group_bits(columns, size, bits, SCALE_BITS + ZERO_BITS),
            ),
        )
