#!/usr/bin/env python3
"""Writes Tests/Fixtures/quantization: a small layer, and the codes that published methods give it.

GPTQ (arXiv 2210.17323) as its authors' code has it, in float64: damping of 1 % of the mean of the diagonal, columns in
the order of their inputs' squares, the Cholesky factor of the inverse, and after each column an update of all that
follow; scales and zero points of groups are found on the weights as they are (static groups). AWQ (arXiv 2306.00978):
twenty alphas, s = m^alpha / sqrt(max min), the squared error of the output by the second moments. The search for scales
of groups is that of formats/quantization.md, section 3, in float32. Nothing here is taken from the Swift sources.

The data have no ties: the script fails where a decision is so close that float32 could take the other side. Random
numbers are seeded, so the file comes out the same every time.

Needs numpy. Run it at the top of the repository:  tools/dev/make-quantization-reference.py
"""
import json
import pathlib
import struct

import numpy as np

OUTPUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Fixtures" / "quantization" / "layer.safetensors"
ROWS, COLUMNS, SAMPLES, GROUP = 24, 72, 256, 16
SEED = 34
# A decision must be this far from the middle between two codes, in steps.
LEAST_MARGIN = 5e-4
F32 = np.float32


def to_bf16(values):
    bits = np.asarray(values, dtype=F32).view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)


def round_to_bf16(values):
    return (to_bf16(values).astype(np.uint32) << 16).view(F32)


def storable(scale):
    return round_to_bf16(np.minimum(np.maximum(scale, F32(2.0**-126)), F32(1e38)))


def coarse(scale):
    """Rounded to four bits of mantissa behind the leading one."""
    fraction, exponent = np.frexp(np.minimum(np.maximum(scale, F32(2.0**-126)), F32(1e38)))
    return np.ldexp(np.rint(fraction * F32(32)), exponent - 5).astype(F32)


def make_layer(generator):
    """Weights with rows of several sizes, inputs that depend on each other and have a few large columns."""
    sizes = np.exp(0.4 * generator.standard_normal(ROWS))
    weights = 0.05 * sizes[:, None] * generator.standard_normal((ROWS, COLUMNS))
    mixing = generator.standard_normal((COLUMNS, COLUMNS)) / np.sqrt(COLUMNS)
    loudness = np.exp(0.9 * generator.standard_normal(COLUMNS))
    inputs = generator.standard_normal((SAMPLES, COLUMNS)) @ (mixing + 0.7 * np.eye(COLUMNS)) * loudness
    moments = round_to_bf16(inputs.T @ inputs / SAMPLES)
    return round_to_bf16(weights), moments, np.abs(inputs).mean(axis=0)


def groups(values):
    """[rows, groups, GROUP], the last group filled up with zeros, which no code misses."""
    count = -(-COLUMNS // GROUP)
    padded = np.zeros((values.shape[0], count * GROUP), dtype=F32)
    padded[:, :COLUMNS] = values
    return padded.reshape(values.shape[0], count, GROUP)


def search_int4(values, weights=None):
    """Scales and zero points of w = s (q - z) with the least (weighted) squared error; section 3 of the specification."""
    w = groups(values)
    v = groups(np.ones((1, COLUMNS), dtype=F32) if weights is None else weights[None, :].astype(F32))
    top = F32(15)
    low, high = np.minimum(w.min(axis=2), F32(0)), np.maximum(w.max(axis=2), F32(0))
    assert (high > low).all(), "groups of zeros are not covered"
    cover = np.maximum((high - low) / top, F32(2.0**-126))

    def steps(scale, zero):
        inverse = (F32(1) / scale)[..., None]
        t = w * inverse
        return t, np.rint(np.minimum(np.maximum(t, -zero[..., None]), top - zero[..., None]))

    def error(scale, zero):
        t, k = steps(scale, zero)
        total = np.zeros_like(scale)
        for i in range(GROUP):
            d = t[..., i] - k[..., i]
            total = total + (d * d if weights is None else d * d * v[..., i])
        return total * ((scale / cover) * (scale / cover))

    best = [np.zeros_like(cover), np.zeros_like(cover), np.full_like(cover, np.inf)]

    def consider(scale, zero):
        found = error(scale, zero)
        better = found < best[2]
        for index, candidate in enumerate((scale, zero, found)):
            best[index] = np.where(better, candidate, best[index])

    def central(scale):
        excess = (high - low) / scale - top
        return np.rint(np.minimum(np.maximum(-low / scale - excess * F32(0.5), F32(0)), top))

    def refine(rounded):
        _, k = steps(best[0], best[1])
        n, d = np.zeros_like(cover), np.zeros_like(cover)
        for i in range(GROUP):
            weighted = k[..., i] if weights is None else k[..., i] * v[..., i]
            n = n + w[..., i] * weighted
            d = d + k[..., i] * weighted
        defined = (n > 0) & (d > 0)
        consider(rounded(np.where(defined, n / np.where(defined, d, F32(1)), best[0])), best[1])

    for k in range(14):
        scale = coarse(cover * (F32(1.03515625) + F32(k) * F32(-0.03515625)))
        middle = central(scale)
        for zero in (middle, np.maximum(middle - F32(1), F32(0)), np.minimum(middle + F32(1), top)):
            consider(scale, zero)
    for _ in range(2):
        refine(coarse)
    best[2] = best[2] * F32(0.875)
    scale = storable(cover)
    consider(scale, central(scale))
    refine(storable)
    assert best[0].dtype == F32
    return best[0], best[1]


def row_steps(values, factor, quarters):
    """max(factor r^(quarters / 4), max |w| / 127), as bfloat16 holds it."""
    root = np.sqrt((values.astype(np.float64) ** 2).sum(axis=1) / COLUMNS)
    assert quarters == 2
    return storable(np.maximum((factor * np.sqrt(root)).astype(F32), np.abs(values).max(axis=1) / F32(127)))


def gptq(weights, moments, scales, zeros, least, greatest):
    """Codes, order and the smallest distance of a decision from the middle between two codes.

    scales and zeros have an element for each weight; scales are in units of the weights.
    """
    h = moments.astype(np.float64).copy()
    assert (np.diag(h) > 0).all()
    order = np.argsort(-np.diag(h), kind="stable")
    h = h[order][:, order]
    h[np.diag_indices(COLUMNS)] += 0.01 * np.diag(h).mean()
    upper = np.linalg.cholesky(np.linalg.inv(h)).T
    assert np.allclose(upper.T @ upper @ h, np.eye(COLUMNS), atol=1e-8)
    w = weights.astype(np.float64)[:, order].copy()
    original = w.copy()
    scales, zeros = scales.astype(np.float64)[:, order], zeros.astype(np.float64)[:, order]
    codes = np.zeros(w.shape, dtype=np.int64)
    margin = 1.0
    for i in range(COLUMNS):
        exact = w[:, i] / scales[:, i] + zeros[:, i]
        code = np.clip(np.rint(exact), least, greatest)
        inside = (exact > least - 1) & (exact < greatest + 1)
        margin = min(margin, np.abs(np.abs(exact - np.floor(exact)) - 0.5)[inside].min(initial=1))
        nearest = np.clip(np.rint(original[:, i] / scales[:, i] + zeros[:, i]), least, greatest)
        assert np.abs(code - nearest).max() < 8, "the reach of the writer would change codes"
        decoded = scales[:, i] * (code - zeros[:, i])
        error = (w[:, i] - decoded) / upper[i, i]
        w[:, i:] -= np.outer(error, upper[i, i:])
        codes[:, order[i]] = code
    return codes, order, margin


def output_error(difference, moments):
    return float(np.einsum("ri,ij,rj->", difference, moments.astype(np.float64), difference))


def awq(weights, moments, magnitudes):
    """Alpha, column scales 1 / s, and the errors of all alphas."""
    errors, candidates = [], []
    for step in range(20):
        powers = np.maximum(magnitudes ** (step / 20), 1e-4)
        s = powers / np.sqrt(powers.max() * powers.min())
        column_scales = round_to_bf16(1 / s)
        values = weights / column_scales
        scale, zero = search_int4(values)
        inverse = (F32(1) / scale)[..., None]
        k = np.rint(np.clip(groups(values) * inverse, -zero[..., None], F32(15) - zero[..., None]))
        decoded = (scale[..., None] * k).reshape(ROWS, -1)[:, :COLUMNS].astype(np.float64) * column_scales
        errors.append(output_error(decoded - weights, moments))
        candidates.append(1 / s)
    best = int(np.argmin(errors))
    others = sorted(errors)
    assert others[1] > others[0] * 1.001, "two alphas are as good as each other"
    return best / 20, candidates[best], errors


def write(path, tensors):
    """tensors: name -> (type, array); BF16 arrays are words already."""
    header, body = {}, b""
    for name, (dtype, array) in sorted(tensors.items()):
        raw = np.ascontiguousarray(array).tobytes()
        header[name] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": [len(body), len(body) + len(raw)]}
        body += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)


def main():
    weights, moments, magnitudes = make_layer(np.random.default_rng(SEED))
    column_scales = round_to_bf16(np.diag(moments).astype(np.float64) ** -0.25)
    error_weights = (np.diag(moments) * column_scales**2).astype(F32)
    divided = weights / column_scales
    full = np.ones((ROWS, COLUMNS))

    factor, quarters = 0.11, 2
    steps = row_steps(divided, factor, quarters)
    uniform = steps[:, None].astype(np.float64) * column_scales
    row_codes, order, row_margin = gptq(weights, moments, uniform, 0 * full, -127, 127)

    scale, zero = search_int4(divided, error_weights)
    columns = np.arange(COLUMNS) // GROUP
    group_codes, _, group_margin = gptq(
        weights, moments, scale[:, columns].astype(np.float64) * column_scales, zero[:, columns], 0, 15
    )
    print(f"margins {row_margin:.2e} and {group_margin:.2e}, greatest code {np.abs(row_codes).max()}")
    assert min(row_margin, group_margin) > LEAST_MARGIN, "a decision is too close: take another seed"

    alpha, awq_scales, errors = awq(weights, moments, magnitudes)
    print("alpha", alpha, "errors", " ".join(f"{error:.4g}" for error in errors))

    def error_of(codes, scales, zeros):
        return output_error(scales * (codes - zeros) - weights, moments)

    nearest = np.clip(np.rint(weights / uniform), -127, 127)
    row_errors = [error_of(nearest, uniform, 0), error_of(row_codes, uniform, 0)]
    print("output error of rows, nearest and GPTQ:", row_errors)
    write(
        OUTPUT,
        {
            "weights": ("BF16", to_bf16(weights)),
            "moments": ("BF16", to_bf16(moments)),
            "magnitudes": ("F64", magnitudes),
            "column_scales": ("BF16", to_bf16(column_scales)),
            "error_weights": ("F32", error_weights),
            "order": ("I32", order.astype(np.int32)),
            "rows.rule": ("F64", np.array([factor, quarters], dtype=np.float64)),
            "rows.scales": ("F32", steps),
            "rows.codes": ("I8", row_codes.astype(np.int8)),
            "rows.errors": ("F64", np.array(row_errors)),
            "groups.scales": ("BF16", to_bf16(scale)),
            "groups.zero_points": ("U8", zero.astype(np.uint8)),
            "groups.codes": ("U8", group_codes.astype(np.uint8)),
            "awq.alpha": ("F64", np.array([alpha])),
            "awq.scales": ("F64", awq_scales),
        },
    )


if __name__ == "__main__":
    main()
