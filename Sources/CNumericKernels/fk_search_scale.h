// The search for scales alone: w = s q, or w = s times an entry of the grid.
#ifndef FK_SEARCH_SCALE_H
#define FK_SEARCH_SCALE_H

#include "fk_grid.h"
#include "fk_search.h"

// Errors are sums of squares in units of the scale's square, compared in units of the square of one scale of
// the group, `whole`: the square of a small scale itself would underflow.
struct groups {
  const float *tile, *weights;
  size_t count;
  struct fk_range range;
  fk_f32x16 whole, least_code, top_code;
  // Whether codes are entries of the grid, and how those are found; the codes' limits are of no use then.
  bool grid;
  enum fk_tables tables;
};

struct choice {
  fk_f32x16 scale, error;
  // sum(x k) and sum(k k) of what its codes stand for, where they were asked for.
  fk_f32x16 numerator, denominator;
};

// What the code that is nearest to t stands for.
FK_INLINE fk_f32x16 nearest_code(const struct groups *g, fk_f32x16 t) {
  return g->grid ? fk_nearest_entry(t, g->tables) : fk_round(fk_min(fk_max(t, g->least_code), g->top_code));
}

FK_INLINE struct groups measured(
    const float *tile, const float *weights, size_t count, const struct fk_search *search, const bool grid,
    const enum fk_tables tables) {
  struct groups g = {.tile = tile, .weights = weights, .count = count, .grid = grid, .tables = tables};
  g.least_code = (float)search->code_min;
  g.top_code = (float)search->code_max;
  g.range = fk_range_of(tile, weights, count);
  fk_f32x16 whole = fk_max(-g.range.low, g.range.high) / g.top_code;
  if (grid) {
    whole = fk_max(g.range.low / (float)fk_grid_entry[0], g.range.high / (float)fk_grid_entry[FK_GRID_SIZE - 1]);
  }
  g.whole = fk_max(whole, FK_LEAST_SCALE);
  return g;
}

// Squared error of one scale per lane.
FK_INLINE fk_f32x16 squared_error(const struct groups *g, fk_f32x16 inverse) {
  fk_f32x16 error = 0.0f;
  for (size_t i = 0; i < g->count; i++) {
    const fk_f32x16 t = fk_load(g->tile + FK_LANES * i) * inverse;
    error += fk_weighted_square(t - nearest_code(g, t), g->weights, i);
  }
  return error;
}

// The same of two scales at once.
FK_INLINE void squared_errors(
    const struct groups *g, fk_f32x16 inverse, fk_f32x16 other_inverse, fk_f32x16 errors[2]) {
  fk_f32x16 a = 0.0f, b = 0.0f;
  for (size_t i = 0; i < g->count; i++) {
    const fk_f32x16 x = fk_load(g->tile + FK_LANES * i), t = x * inverse, u = x * other_inverse;
    a += fk_weighted_square(t - nearest_code(g, t), g->weights, i);
    b += fk_weighted_square(u - nearest_code(g, u), g->weights, i);
  }
  errors[0] = a;
  errors[1] = b;
}

// The errors of the least and the greatest value alone. Sums of squares only grow, rounded as they are, so no error is
// less than this.
FK_INLINE fk_f32x16 least_error(const struct groups *g, fk_f32x16 inverse) {
  const fk_f32x16 low = g->range.low * inverse, high = g->range.high * inverse;
  const fk_f32x16 a = low - nearest_code(g, low), b = high - nearest_code(g, high);
  return a * a * g->range.low_weight + b * b * g->range.high_weight;
}

FK_INLINE struct choice better_of(struct choice best, fk_f32x16 scale, fk_f32x16 error) {
  const fk_s32x16 better = error < best.error;
  best.scale = better ? scale : best.scale;
  best.error = better ? error : best.error;
  return best;
}

// The better one of the best so far and a scale, with the sums that the next scale follows from.
FK_INLINE struct choice better_with_sums(struct choice best, const struct groups *g, fk_f32x16 scale) {
  const fk_f32x16 inverse = 1.0f / scale, relative = scale / g->whole;
  fk_f32x16 sum = 0.0f, numerator = 0.0f, denominator = 0.0f;
  for (size_t i = 0; i < g->count; i++) {
    const fk_f32x16 x = fk_load(g->tile + FK_LANES * i), t = x * inverse, q = nearest_code(g, t);
    const fk_f32x16 weighted = g->weights ? q * fk_load(g->weights + FK_LANES * i) : q;
    sum += fk_weighted_square(t - q, g->weights, i);
    numerator += x * weighted;
    denominator += q * weighted;
  }
  const fk_f32x16 error = sum * (relative * relative);
  const fk_s32x16 better = error < best.error;
  best = better_of(best, scale, error);
  best.numerator = better ? numerator : best.numerator;
  best.denominator = better ? denominator : best.denominator;
  return best;
}

FK_INLINE struct choice with_sums(struct choice best, const struct groups *g) {
  const fk_f32x16 inverse = 1.0f / best.scale;
  best.numerator = best.denominator = 0.0f;
  for (size_t i = 0; i < g->count; i++) {
    const fk_f32x16 x = fk_load(g->tile + FK_LANES * i), q = nearest_code(g, x * inverse);
    const fk_f32x16 weighted = g->weights ? q * fk_load(g->weights + FK_LANES * i) : q;
    best.numerator += x * weighted;
    best.denominator += q * weighted;
  }
  return best;
}

// The candidates, in their order, without those that cannot be better than the best before them.
FK_INLINE struct choice best_candidate(const struct groups *g, const struct fk_search *search) {
  struct choice best = {.scale = 0.0f, .error = __builtin_inff()};
  // The first of a pair, once there is one.
  fk_f32x16 waiting = 0.0f, previous = 0.0f;
  bool is_waiting = false;
  for (int32_t k = 0; k < search->candidate_count; k++) {
    const float factor = search->first_factor + (float)k * search->factor_step;
    const fk_f32x16 scale = fk_storable_scale(g->whole * factor, search->scale_mantissa_bits);
    const fk_f32x16 relative = scale / g->whole;
    const fk_s32x16 may_be_better = least_error(g, 1.0f / scale) * (relative * relative) < best.error;
    const bool is_open = fk_any(may_be_better & (scale != previous));
    previous = scale;
    if (is_open && is_waiting) {
      fk_f32x16 errors[2];
      const fk_f32x16 first = waiting / g->whole;
      squared_errors(g, 1.0f / waiting, 1.0f / scale, errors);
      best = better_of(best, waiting, errors[0] * (first * first));
      best = better_of(best, scale, errors[1] * (relative * relative));
      is_waiting = false;
    } else if (is_open) {
      waiting = scale;
      is_waiting = true;
    }
  }
  if (is_waiting) {
    const fk_f32x16 relative = waiting / g->whole;
    best = better_of(best, waiting, squared_error(g, 1.0f / waiting) * (relative * relative));
  }
  return best;
}

FK_INLINE void fk_search_scale(
    const float *tile, const float *weights, size_t count, const struct fk_search *search, const bool grid,
    const enum fk_tables tables, float *scales) {
  const struct groups g = measured(tile, weights, count, search, grid, tables);
  const fk_s32x16 empty = g.range.low == 0.0f & g.range.high == 0.0f;
  struct choice best = best_candidate(&g, search);
  const int fine_bits = search->fine_mantissa_bits;
  const bool is_fine = fine_bits > search->scale_mantissa_bits;
  if (search->refinement_count > 0 || is_fine) {
    best = with_sums(best, &g);
  }
  fk_f32x16 previous = best.scale;
  for (int32_t round = 0; round < search->refinement_count; round++) {
    const fk_f32x16 scale = fk_refined_scale(best.numerator, best.denominator, best.scale, search->scale_mantissa_bits);
    // Nothing new comes from the best scale, nor from one that was not better.
    if (!fk_any((scale != best.scale) & (scale != previous))) {
      break;
    }
    best = better_with_sums(best, &g, scale);
    previous = scale;
  }
  if (is_fine) {
    best.error *= search->fine_share;
    best = better_with_sums(best, &g, fk_storable_scale(g.whole, fine_bits));
    const fk_f32x16 refined = fk_refined_scale(best.numerator, best.denominator, best.scale, fine_bits);
    const fk_f32x16 relative = refined / g.whole;
    best = better_of(best, refined, squared_error(&g, 1.0f / refined) * (relative * relative));
  }
  fk_store(scales, empty ? (fk_f32x16)1.0f : best.scale);
}

#endif
