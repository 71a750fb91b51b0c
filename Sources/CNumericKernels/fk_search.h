// What all searches for scales share.
#ifndef FK_SEARCH_H
#define FK_SEARCH_H

#include "fk_vector.h"

// Least and greatest value of each group, zero among them, and what their errors count.
struct fk_range {
  fk_f32x16 low, high, low_weight, high_weight;
};

FK_INLINE struct fk_range fk_range_of(const float *tile, const float *weights, size_t count) {
  struct fk_range range = {.low = 0.0f, .high = 0.0f, .low_weight = 0.0f, .high_weight = 0.0f};
  for (size_t i = 0; i < count; i++) {
    const fk_f32x16 x = fk_load(tile + FK_LANES * i);
    if (weights) {
      const fk_f32x16 weight = fk_load(weights + FK_LANES * i);
      range.low_weight = x < range.low ? weight : range.low_weight;
      range.high_weight = x > range.high ? weight : range.high_weight;
    }
    range.low = fk_min(range.low, x);
    range.high = fk_max(range.high, x);
  }
  if (!weights) {
    range.low_weight = range.high_weight = 1.0f;
  }
  return range;
}

FK_INLINE fk_f32x16 fk_weighted_square(fk_f32x16 d, const float *weights, size_t i) {
  return weights ? d * d * fk_load(weights + FK_LANES * i) : d * d;
}

// For fixed codes c the best scale is sum(x c) / sum(c c); where that is none, the present one stays.
FK_INLINE fk_f32x16 fk_refined_scale(
    fk_f32x16 numerator, fk_f32x16 denominator, fk_f32x16 present, int mantissa_bits) {
  const fk_s32x16 defined = denominator > 0.0f & numerator > 0.0f;
  const fk_f32x16 ratio = numerator / (defined ? denominator : (fk_f32x16)1.0f);
  return fk_storable_scale(defined ? ratio : present, mantissa_bits);
}

#endif
