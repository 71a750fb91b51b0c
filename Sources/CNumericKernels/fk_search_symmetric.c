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

FK_INLINE void search_symmetric_x16(
    const float *tile, const float *weights, size_t count, const struct fk_search *search, float *scales) {
  const fk_f32x16 low = (float)search->code_min, high = (float)search->code_max;
  fk_f32x16 peak = 0.0f;
  for (size_t i = 0; i < count; i++) {
    peak = fk_max(peak, fk_abs(fk_load(tile + FK_LANES * i)));
  }
  const fk_s32x16 empty = peak == 0.0f;
  // Errors are compared in units of the square of this scale: the square of a small scale itself would underflow.
  const fk_f32x16 whole = fk_max(peak / high, FK_LEAST_SCALE);
  fk_f32x16 best = 0.0f, least = __builtin_inff();
  for (int32_t k = 0; k < search->candidate_count; k++) {
    const float factor = search->first_factor + (float)k * search->factor_step;
    const fk_f32x16 scale = fk_storable_scale(whole * factor, search->round_scale_to_bf16);
    const fk_f32x16 relative = scale / whole;
    const fk_f32x16 error = squared_error(tile, weights, count, 1.0f / scale, low, high) * (relative * relative);
    const fk_s32x16 better = error < least;
    best = better ? scale : best;
    least = better ? error : least;
  }
  // For fixed codes the best scale is sum(x q) / sum(q q); new codes follow from it.
  for (int32_t round = 0; round < search->refinement_count; round++) {
    const fk_f32x16 inverse = 1.0f / best;
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
    const fk_f32x16 scale = fk_storable_scale(defined ? ratio : best, search->round_scale_to_bf16);
    const fk_f32x16 relative = scale / whole;
    const fk_f32x16 error = squared_error(tile, weights, count, 1.0f / scale, low, high) * (relative * relative);
    const fk_s32x16 better = error < least;
    best = better ? scale : best;
    least = better ? error : least;
  }
  fk_store(scales, empty ? (fk_f32x16)1.0f : best);
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
