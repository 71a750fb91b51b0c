"""Candidates of GPTQ and AWQ: our ports of the published algorithms, calibrated on the float model's inputs.

Errors are those of a matrix's output on the calibration text, ||(W - W') X||², computed from the second moments X Xᵀ.
GPTQ (Frantar et al., 2022) rounds column by column and lets the columns still to come make up for the error. Columns
come as they stand, and a group gets its grid when its first column comes; or in the order of their inputs' power, and
groups keep the grid of the original weights, so that the order need not be stored. AWQ (Lin et al., 2023) scales columns by a power of their inputs' magnitude before rounding to nearest, with
the power searched for, and then searches a smaller range for each group; the magnitude here is the root mean square.
"""

import torch

from candidate import Candidate, code_digest
from checkpoint import layer_of, layer_prefix, linear_names, read_state
from grids import (
    SCALE_BITS, as_float16, asymmetric_grid, from_groups, group_bits, nearest, quantize_linear, to_groups,
)

DAMPING = 0.01
COLUMNS_AT_ONCE = 128
# Powers of AWQ's search, and shares of a group's range that its clipping tries.
POWERS = [step / 20 for step in range(20)]
SHARES = [1 - step / 20 for step in range(10)]
# Matrices with one scaling, whose inverse the norm or matrix before them takes. Where query heads share value heads,
# nothing could take that of the output matrix, so its columns stay as they are, as in the published program.
SCALED_TOGETHER = (
    ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
    ("mlp.gate_proj", "mlp.up_proj"),
    ("mlp.down_proj",),
)
# Clipping queries and keys moves attention, so the published program leaves them.
NOT_CLIPPED = ("self_attn.q_proj", "self_attn.k_proj")


def gptq(values, moments, bits, size, by_power):
    """Rounds a matrix; `by_power` says in which order."""
    rows, columns = values.shape
    scale, zero = asymmetric_grid(to_groups(values, size), bits)
    order = moments.diagonal().argsort(descending=True) if by_power else torch.arange(columns)
    group = order // size
    work, hessian = values[:, order].clone(), moments[order][:, order].clone()
    silent = hessian.diagonal() == 0
    hessian.diagonal()[silent] = 1
    work[:, silent] = 0
    hessian.diagonal().add_(DAMPING * hessian.diagonal().mean())
    # Upper factor of the inverse: row i says how the columns after i make up for an error in column i.
    factor = torch.linalg.cholesky(torch.cholesky_inverse(torch.linalg.cholesky(hessian)), upper=True)
    decoded = torch.empty_like(work)
    for start in range(0, columns, COLUMNS_AT_ONCE):
        end = min(start + COLUMNS_AT_ONCE, columns)
        block = work[:, start:end].T.contiguous()  # a column is contiguous here
        local = factor[start:end, start:end]
        errors = torch.empty_like(block)
        for index in range(end - start):
            column = block[index]
            number = group[start + index]
            if not by_power and index % size == 0:
                # The whole group is in the block, for blocks are as long as the largest group.
                grid = asymmetric_grid(block[index : index + size].T[:, None], bits)
                scale[:, number], zero[:, number] = grid[0][:, 0], grid[1][:, 0]
            rounded = nearest(column, scale[:, number, 0], zero[:, number, 0], bits)
            decoded[:, start + index] = rounded
            errors[index] = (column - rounded) / local[index, index]
            block[index + 1 :] -= local[index, index + 1 :, None] * errors[index]
        work[:, end:] -= errors.T @ factor[start:end, end:]
    result = torch.empty_like(decoded)
    result[:, order] = decoded
    return result


def output_error(difference, moments):
    """Mean square of the output that a difference of weights makes."""
    return ((difference @ moments) * difference).sum().item()


def round_groups(values, bits, size):
    groups = to_groups(values, size)
    return from_groups(nearest(groups, *asymmetric_grid(groups, bits), bits), values.shape[1])


def clipped(values, moments, bits, size):
    """Rounds with the range of each group that gives the least error of the output, groups taken one by one."""
    groups = to_groups(values, size)
    count, columns = groups.shape[1], values.shape[1]
    padded = torch.zeros(count * size, count * size)
    padded[:columns, :columns] = moments
    blocks = torch.stack([padded[i * size : (i + 1) * size, i * size : (i + 1) * size] for i in range(count)])
    best = least = None
    for share in SHARES:
        scale, zero = asymmetric_grid(groups * share, bits)
        tried = nearest(groups, scale, zero, bits)
        error = torch.einsum("rgi,gij,rgj->rg", tried - groups, blocks, tried - groups)[..., None]
        if best is None:
            best, least = tried, error
        else:
            best = torch.where(error < least, tried, best)
            least = torch.minimum(error, least)
    return from_groups(best, columns)


def awq(state, calibration, bits, size):
    """Decoded matrices by name."""
    result = {}
    for layer in range(max(map(layer_of, linear_names(state))) + 1):
        prefix = layer_prefix(layer)
        factors = {}
        for parts in SCALED_TOGETHER:
            names = [prefix + part + ".weight" for part in parts]
            moments = calibration.moments(names[0])
            magnitude = moments.diagonal().sqrt().clamp(min=1e-5)
            least = None
            for power in POWERS:
                factor = magnitude**power
                factor = as_float16(factor / (factor.max() * factor.min()).sqrt())
                error = sum(
                    output_error(round_groups(state[name] * factor, bits, size) / factor - state[name], moments)
                    for name in names
                )
                if least is None or error < least:
                    least = error
                    factors.update({name: factor for name in names})
        for name in (name for name in linear_names(state) if layer_of(name) == layer):
            factor = factors.get(name, torch.ones(state[name].shape[1]))
            scaled = state[name] * factor
            moments = calibration.moments(name) / factor[:, None] / factor
            if any(part in name for part in NOT_CLIPPED):
                result[name] = round_groups(scaled, bits, size) / factor
            else:
                result[name] = clipped(scaled, moments, bits, size) / factor
    return result


def candidates(calibration):
    """GPTQ and AWQ in the group sizes that are published, and in 32."""
    model = calibration.model
    digest = code_digest(__name__, "grids", "calibration")

    def gptq_matrix(bits, size):
        return lambda name, values: gptq(values, calibration.moments(name), bits, size, by_power=False)

    def ordered_gptq_matrix(bits, size):
        return lambda name, values: gptq(values, calibration.moments(name), bits, size, by_power=True)

    def awq_matrix(bits, size):
        matrices = awq(read_state(model), calibration, bits, size)
        return lambda name, values: matrices[name]

    def candidate(method, quantizer, bits, size):
        label = f"{method}, {bits} bits, group {size}"
        bits_of = lambda columns: group_bits(columns, size, bits, SCALE_BITS + bits)
        make = lambda: quantize_linear(model, quantizer(bits, size), bits_of)
        return Candidate(label, "peers", True, f"{label} {digest}", make)

    for bits, size in ((4, 32), (4, 128), (3, 128)):
        yield candidate("AWQ", awq_matrix, bits, size)
    for bits, size in ((4, 32), (4, 64), (4, 128), (3, 32), (3, 128), (8, 128)):
        yield candidate("GPTQ", gptq_matrix, bits, size)
        if bits < 8:
            yield candidate("GPTQ by activation order", ordered_gptq_matrix, bits, size)
