#include "fk_declare.h"

// w = s q: squared error of one scale per lane, in units of the scale's square.
FK_INLINE fk_f32x16 squared_error(
    const float *tile, const float *weights, size_t count, fk_f32x16 inverse, fk_f32x16 low, fk_f32x16 high) {
  fk_f32x16 error = 0.0f;
  for (size_t i = 0; i < count; i++) {
    const fk_f32x16 t = fk_load(tile + FK_LANES * i) * inverse;
    const fk_f32x16 d = t - fk_round(fk_min(fk_max(t, low), high));
    error += weights ? d * d * fk_load(weights + FK_LANES * i) : d * d;
  }
  return error;
}

struct choice {
  fk_f32x16 scale, error;
};

// Errors are compared in units of the square of `whole`: the square of a small scale itself would underflow.
FK_INLINE struct choice better_of(
    struct choice best, const float *tile, const float *weights, size_t count, fk_f32x16 whole, fk_f32x16 scale,
    fk_f32x16 low, fk_f32x16 high) {
  const fk_f32x16 relative = scale / whole;
  const fk_f32x16 error = squared_error(tile, weights, count, 1.0f / scale, low, high) * (relative * relative);
  const fk_s32x16 better = error < best.error;
  best.scale = better ? scale : best.scale;
  best.error = better ? error : best.error;
  return best;
}

// For fixed codes the best scale is sum(x q) / sum(q q); new codes follow from it.
FK_INLINE struct choice refined(
    struct choice best, const float *tile, const float *weights, size_t count, fk_f32x16 whole, int mantissa_bits,
    fk_f32x16 low, fk_f32x16 high) {
  const fk_f32x16 inverse = 1.0f / best.scale;
  fk_f32x16 numerator = 0.0f, denominator = 0.0f;
  for (size_t i = 0; i < count; i++) {
    const fk_f32x16 x = fk_load(tile + FK_LANES * i);
    const fk_f32x16 q = fk_round(fk_min(fk_max(x * inverse, low), high));
    const fk_f32x16 weighted = weights ? q * fk_load(weights + FK_LANES * i) : q;
    numerator += x * weighted;
    denominator += q * weighted;
  }
  const fk_s32x16 defined = denominator > 0.0f & numerator > 0.0f;
  const fk_f32x16 ratio = numerator / (defined ? denominator : (fk_f32x16)1.0f);
  const fk_f32x16 scale = fk_storable_scale(defined ? ratio : best.scale, mantissa_bits);
  return better_of(best, tile, weights, count, whole, scale, low, high);
}

FK_INLINE void search_symmetric_x16(
    const float *tile, const float *weights, size_t count, const struct fk_search *search, float *scales) {
  const fk_f32x16 low = (float)search->code_min, high = (float)search->code_max;
  fk_f32x16 peak = 0.0f;
  for (size_t i = 0; i < count; i++) {
    peak = fk_max(peak, fk_abs(fk_load(tile + FK_LANES * i)));
  }
  const fk_s32x16 empty = peak == 0.0f;
  const fk_f32x16 whole = fk_max(peak / high, FK_LEAST_SCALE);
  struct choice best = {.scale = 0.0f, .error = __builtin_inff()};
  for (int32_t k = 0; k < search->candidate_count; k++) {
    const float factor = search->first_factor + (float)k * search->factor_step;
    const fk_f32x16 scale = fk_storable_scale(whole * factor, search->scale_mantissa_bits);
    best = better_of(best, tile, weights, count, whole, scale, low, high);
  }
  for (int32_t round = 0; round < search->refinement_count; round++) {
    best = refined(best, tile, weights, count, whole, search->scale_mantissa_bits, low, high);
  }
  if (search->fine_mantissa_bits > search->scale_mantissa_bits) {
    const int bits = search->fine_mantissa_bits;
    best.error *= search->fine_share;
    best = better_of(best, tile, weights, count, whole, fk_storable_scale(whole, bits), low, high);
    best = refined(best, tile, weights, count, whole, bits, low, high);
  }
  fk_store(scales, empty ? (fk_f32x16)1.0f : best.scale);
}

// Without weights there is nothing to multiply: two copies of the body.
#define DEFINE(level)                                                                            \
  FK_TARGET_##level void fk_search_symmetric_x16__##level(                                       \
      const float *tile, const float *weights, size_t count, const struct fk_search *search, float *scales) { \
    if (weights) {                                                                               \
      search_symmetric_x16(tile, weights, count, search, scales);                                \
    } else {                                                                                     \
      search_symmetric_x16(tile, NULL, count, search, scales);                                   \
    }                                                                                            \
  }
FK_FOR_EACH_LEVEL(DEFINE)
