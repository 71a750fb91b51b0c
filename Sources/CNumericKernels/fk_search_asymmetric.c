#include "fk_declare.h"
#include "fk_search.h"

// w = s (q - z), 0 <= q <= top. Errors are sums of squares in units of the scale's square, compared in units of the
// square of one scale of the group, `whole`: the square of a small scale itself would underflow.
struct groups {
  const float *tile, *weights;
  size_t count;
  struct fk_range range;
  fk_f32x16 whole, top;
};

struct choice {
  fk_f32x16 scale, zero_point, error;
  // sum(x c) and sum(c c) of its codes c = q - z, where they were asked for.
  fk_f32x16 numerator, denominator;
};

// Limits of q - z are whole numbers, so that a value may be rounded before it is brought between them.
FK_INLINE fk_f32x16 deviation(fk_f32x16 t, fk_f32x16 rounded, fk_f32x16 low, fk_f32x16 high) {
  return t - fk_min(fk_max(rounded, low), high);
}

FK_INLINE struct groups measured(
    const float *tile, const float *weights, size_t count, const struct fk_search *search) {
  struct groups g = {.tile = tile, .weights = weights, .count = count, .top = (float)search->code_max};
  // The range always holds zero, so that a zero weight stays zero and the zero point stays a code.
  g.range = fk_range_of(tile, weights, count);
  g.whole = fk_max((g.range.high - g.range.low) / g.top, FK_LEAST_SCALE);
  return g;
}

// Squared error of one scale and zero point per lane.
FK_INLINE fk_f32x16 squared_error(const struct groups *g, fk_f32x16 inverse, fk_f32x16 zero_point) {
  const fk_f32x16 low = -zero_point, high = g->top - zero_point;
  fk_f32x16 error = 0.0f;
  for (size_t i = 0; i < g->count; i++) {
    const fk_f32x16 t = fk_load(g->tile + FK_LANES * i) * inverse;
    error += fk_weighted_square(deviation(t, fk_round(t), low, high), g->weights, i);
  }
  return error;
}

// The same of two zero points at once.
FK_INLINE void squared_errors(
    const struct groups *g, fk_f32x16 inverse, fk_f32x16 zero_point, fk_f32x16 other, fk_f32x16 errors[2]) {
  const fk_f32x16 low_a = -zero_point, high_a = g->top - zero_point, low_b = -other, high_b = g->top - other;
  fk_f32x16 a = 0.0f, b = 0.0f;
  for (size_t i = 0; i < g->count; i++) {
    const fk_f32x16 t = fk_load(g->tile + FK_LANES * i) * inverse, rounded = fk_round(t);
    a += fk_weighted_square(deviation(t, rounded, low_a, high_a), g->weights, i);
    b += fk_weighted_square(deviation(t, rounded, low_b, high_b), g->weights, i);
  }
  errors[0] = a;
  errors[1] = b;
}

// The errors of the least and the greatest value alone. Sums of squares only grow, rounded as they are, so no error is
// less than this.
FK_INLINE fk_f32x16 least_error(const struct groups *g, fk_f32x16 inverse, fk_f32x16 zero_point) {
  const fk_f32x16 bottom = -zero_point, ceiling = g->top - zero_point;
  const fk_f32x16 low = g->range.low * inverse, high = g->range.high * inverse;
  const fk_f32x16 a = deviation(low, fk_round(low), bottom, ceiling);
  const fk_f32x16 b = deviation(high, fk_round(high), bottom, ceiling);
  return a * a * g->range.low_weight + b * b * g->range.high_weight;
}

// Less than the error of a scale, and of all smaller ones, with whatever zero point: what the range is too wide for is
// cut off at two ends, of which neither counts less than in equal parts. The last factor is for all rounding.
FK_INLINE fk_f32x16 cut_off_error(const struct groups *g, fk_f32x16 relative) {
  const fk_f32x16 excess = fk_max((g->range.high - g->range.low) / g->whole - g->top * relative, (fk_f32x16)0.0f);
  const fk_f32x16 weights = g->range.low_weight + g->range.high_weight;
  const fk_f32x16 share = weights > 0.0f ? g->range.low_weight / weights * g->range.high_weight : (fk_f32x16)0.0f;
  return excess * excess * share * 0.99f;
}

FK_INLINE struct choice better_of(
    struct choice best, fk_f32x16 scale, fk_f32x16 zero_point, fk_f32x16 error) {
  const fk_s32x16 better = error < best.error;
  best.scale = better ? scale : best.scale;
  best.zero_point = better ? zero_point : best.zero_point;
  best.error = better ? error : best.error;
  return best;
}

// The better one of the best so far and a scale, with the sums that the next scale follows from.
FK_INLINE struct choice better_with_sums(
    struct choice best, const struct groups *g, fk_f32x16 scale, fk_f32x16 zero_point) {
  const fk_f32x16 inverse = 1.0f / scale, relative = scale / g->whole;
  const fk_f32x16 low = -zero_point, high = g->top - zero_point;
  fk_f32x16 sum = 0.0f, numerator = 0.0f, denominator = 0.0f;
  for (size_t i = 0; i < g->count; i++) {
    const fk_f32x16 x = fk_load(g->tile + FK_LANES * i), t = x * inverse;
    const fk_f32x16 c = fk_min(fk_max(fk_round(t), low), high);
    const fk_f32x16 weighted = g->weights ? c * fk_load(g->weights + FK_LANES * i) : c;
    sum += fk_weighted_square(t - c, g->weights, i);
    numerator += x * weighted;
    denominator += c * weighted;
  }
  const fk_f32x16 error = sum * (relative * relative);
  const fk_s32x16 better = error < best.error;
  best = better_of(best, scale, zero_point, error);
  best.numerator = better ? numerator : best.numerator;
  best.denominator = better ? denominator : best.denominator;
  return best;
}

FK_INLINE struct choice with_sums(struct choice best, const struct groups *g) {
  const fk_f32x16 inverse = 1.0f / best.scale, low = -best.zero_point, high = g->top - best.zero_point;
  best.numerator = best.denominator = 0.0f;
  for (size_t i = 0; i < g->count; i++) {
    const fk_f32x16 x = fk_load(g->tile + FK_LANES * i);
    const fk_f32x16 c = fk_min(fk_max(fk_round(x * inverse), low), high);
    const fk_f32x16 weighted = g->weights ? c * fk_load(g->weights + FK_LANES * i) : c;
    best.numerator += x * weighted;
    best.denominator += c * weighted;
  }
  return best;
}

// Steps that do not fit are cut off at both ends alike.
FK_INLINE fk_f32x16 central_zero_point(const struct groups *g, fk_f32x16 scale) {
  const fk_f32x16 excess = (g->range.high - g->range.low) / scale - g->top, zero = 0.0f;
  return fk_round(fk_min(fk_max(-g->range.low / scale - excess * 0.5f, zero), g->top));
}

// Tries a scale with the central zero point and those beside it, as far as they may be better than the best so far.
FK_INLINE struct choice tried(
    struct choice best, const struct groups *g, fk_f32x16 scale, fk_f32x16 relative, fk_s32x16 is_new) {
  const fk_f32x16 inverse = 1.0f / scale, square = relative * relative;
  const fk_f32x16 centre = central_zero_point(g, scale), zero = 0.0f;
  const fk_f32x16 below = fk_max(centre - 1.0f, zero), above = fk_min(centre + 1.0f, g->top);
  // Codes that reach further at one end can only be better where that end is cut off.
  const fk_s32x16 is_cut_above = fk_round(g->range.high * inverse) > g->top - centre;
  const fk_s32x16 is_cut_below = fk_round(g->range.low * inverse) < -centre;
  const fk_s32x16 at_centre = is_new & (least_error(g, inverse, centre) * square < best.error);
  const fk_s32x16 at_below = is_new & is_cut_above & (least_error(g, inverse, below) * square < best.error);
  const fk_s32x16 at_above = is_new & is_cut_below & (least_error(g, inverse, above) * square < best.error);
  // Hardly ever are there more than two in a lane. Their order stays: the first of equally good ones is taken.
  const fk_f32x16 first = at_centre ? centre : at_below ? below : above;
  const fk_f32x16 second = at_centre & at_below ? below : at_above ? above : first;
  if (fk_any((at_centre & (at_below | at_above)) | (at_below & at_above))) {
    fk_f32x16 errors[2];
    squared_errors(g, inverse, first, second, errors);
    best = better_of(best, scale, first, errors[0] * square);
    best = better_of(best, scale, second, errors[1] * square);
    if (fk_any(at_centre & at_below & at_above)) {
      best = better_of(best, scale, above, squared_error(g, inverse, above) * square);
    }
  } else if (fk_any(at_centre | at_below | at_above)) {
    best = better_of(best, scale, first, squared_error(g, inverse, first) * square);
  }
  return best;
}

FK_INLINE void search_asymmetric_x16(
    const float *tile, const float *weights, size_t count, const struct fk_search *search, float *scales,
    float *zero_points) {
  const struct groups g = measured(tile, weights, count, search);
  const fk_s32x16 empty = g.range.high - g.range.low == 0.0f;
  struct choice best = {.scale = 0.0f, .zero_point = 0.0f, .error = __builtin_inff()};
  fk_f32x16 previous = 0.0f;
  for (int32_t k = 0; k < search->candidate_count; k++) {
    const float factor = search->first_factor + (float)k * search->factor_step;
    const fk_f32x16 scale = fk_storable_scale(g.whole * factor, search->scale_mantissa_bits);
    const fk_f32x16 relative = scale / g.whole;
    if (search->factor_step <= 0.0f && !fk_any(best.error > cut_off_error(&g, relative))) {
      break;
    }
    best = tried(best, &g, scale, relative, scale != previous);
    previous = scale;
  }
  const int fine_bits = search->fine_mantissa_bits;
  const bool is_fine = fine_bits > search->scale_mantissa_bits;
  if (search->refinement_count > 0 || is_fine) {
    best = with_sums(best, &g);
  }
  previous = best.scale;
  for (int32_t round = 0; round < search->refinement_count; round++) {
    const fk_f32x16 scale = fk_refined_scale(best.numerator, best.denominator, best.scale, search->scale_mantissa_bits);
    // Nothing new comes from the best scale, nor from one that was not better.
    if (!fk_any((scale != best.scale) & (scale != previous))) {
      break;
    }
    best = better_with_sums(best, &g, scale, best.zero_point);
    previous = scale;
  }
  if (is_fine) {
    const fk_f32x16 scale = fk_storable_scale(g.whole, fine_bits);
    best.error *= search->fine_share;
    best = better_with_sums(best, &g, scale, central_zero_point(&g, scale));
    const fk_f32x16 refined = fk_refined_scale(best.numerator, best.denominator, best.scale, fine_bits);
    const fk_f32x16 relative = refined / g.whole;
    const fk_f32x16 error = squared_error(&g, 1.0f / refined, best.zero_point) * (relative * relative);
    best = better_of(best, refined, best.zero_point, error);
  }
  fk_store(scales, empty ? (fk_f32x16)1.0f : best.scale);
  fk_store(zero_points, empty ? (fk_f32x16)0.0f : best.zero_point);
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
