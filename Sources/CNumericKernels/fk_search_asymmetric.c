#include "fk_declare.h"

// w = s (q - z), 0 <= q <= top: squared error of one scale and zero point per lane, in units of the scale's square.
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
  fk_f32x16 scale, zero_point, error;
};

FK_INLINE struct choice better_of(
    struct choice best, const float *tile, const float *weights, size_t count, fk_f32x16 whole, fk_f32x16 scale, fk_f32x16 zero_point,
    fk_f32x16 top) {
  const fk_f32x16 relative = scale / whole;
  const fk_f32x16 error =
      squared_error(tile, weights, count, 1.0f / scale, -zero_point, top - zero_point) * (relative * relative);
  const fk_s32x16 better = error < best.error;
  best.scale = better ? scale : best.scale;
  best.zero_point = better ? zero_point : best.zero_point;
  best.error = better ? error : best.error;
  return best;
}

// For fixed codes c = q - z the best scale is sum(x c) / sum(c c); new codes follow from it.
FK_INLINE struct choice refined(
    struct choice best, const float *tile, const float *weights, size_t count, fk_f32x16 whole, int mantissa_bits,
    fk_f32x16 top) {
  const fk_f32x16 inverse = 1.0f / best.scale;
  fk_f32x16 numerator = 0.0f, denominator = 0.0f;
  for (size_t i = 0; i < count; i++) {
    const fk_f32x16 x = fk_load(tile + FK_LANES * i);
    const fk_f32x16 c = fk_round(fk_min(fk_max(x * inverse, -best.zero_point), top - best.zero_point));
    const fk_f32x16 weighted = weights ? c * fk_load(weights + FK_LANES * i) : c;
    numerator += x * weighted;
    denominator += c * weighted;
  }
  const fk_s32x16 defined = denominator > 0.0f & numerator > 0.0f;
  const fk_f32x16 ratio = numerator / (defined ? denominator : (fk_f32x16)1.0f);
  const fk_f32x16 scale = fk_storable_scale(defined ? ratio : best.scale, mantissa_bits);
  return better_of(best, tile, weights, count, whole, scale, best.zero_point, top);
}

// Steps that do not fit are cut off at both ends alike.
FK_INLINE fk_f32x16 central_zero_point(fk_f32x16 low, fk_f32x16 range, fk_f32x16 scale, fk_f32x16 top) {
  const fk_f32x16 excess = range / scale - top, zero = 0.0f;
  return fk_round(fk_min(fk_max(-low / scale - excess * 0.5f, zero), top));
}

FK_INLINE void search_asymmetric_x16(
    const float *tile, const float *weights, size_t count, const struct fk_search *search, float *scales,
    float *zero_points) {
  const fk_f32x16 top = (float)search->code_max, zero = 0.0f;
  // The range always holds zero, so that a zero weight stays zero and the zero point stays a code.
  fk_f32x16 low = 0.0f, high = 0.0f;
  for (size_t i = 0; i < count; i++) {
    const fk_f32x16 x = fk_load(tile + FK_LANES * i);
    low = fk_min(low, x);
    high = fk_max(high, x);
  }
  const fk_f32x16 range = high - low;
  const fk_s32x16 empty = range == 0.0f;
  // Errors are compared in units of the square of this scale: the square of a small scale itself would underflow.
  const fk_f32x16 whole = fk_max(range / top, FK_LEAST_SCALE);
  struct choice best = {.scale = 0.0f, .zero_point = 0.0f, .error = __builtin_inff()};
  for (int32_t k = 0; k < search->candidate_count; k++) {
    const float factor = search->first_factor + (float)k * search->factor_step;
    const fk_f32x16 scale = fk_storable_scale(whole * factor, search->scale_mantissa_bits);
    const fk_f32x16 centre = central_zero_point(low, range, scale, top);
    best = better_of(best, tile, weights, count, whole, scale, centre, top);
    best = better_of(best, tile, weights, count, whole, scale, fk_max(centre - 1.0f, zero), top);
    best = better_of(best, tile, weights, count, whole, scale, fk_min(centre + 1.0f, top), top);
  }
  for (int32_t round = 0; round < search->refinement_count; round++) {
    best = refined(best, tile, weights, count, whole, search->scale_mantissa_bits, top);
  }
  if (search->fine_mantissa_bits > search->scale_mantissa_bits) {
    const fk_f32x16 scale = fk_storable_scale(whole, search->fine_mantissa_bits);
    best.error *= search->fine_share;
    best = better_of(best, tile, weights, count, whole, scale, central_zero_point(low, range, scale, top), top);
    best = refined(best, tile, weights, count, whole, search->fine_mantissa_bits, top);
  }
  fk_store(scales, empty ? (fk_f32x16)1.0f : best.scale);
  fk_store(zero_points, empty ? zero : best.zero_point);
}

// Without weights there is nothing to multiply: two copies of the body.
#define DEFINE(level)                                                                                          \
  FK_TARGET_##level void fk_search_asymmetric_x16__##level(                                                    \
      const float *tile, const float *weights, size_t count, const struct fk_search *search, float *scales,    \
      float *zero_points) {                                                                                    \
    if (weights) {                                                                                             \
      search_asymmetric_x16(tile, weights, count, search, scales, zero_points);                                \
    } else {                                                                                                   \
      search_asymmetric_x16(tile, NULL, count, search, scales, zero_points);                                   \
    }                                                                                                          \
  }
FK_FOR_EACH_LEVEL(DEFINE)
