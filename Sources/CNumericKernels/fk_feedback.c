#include "fk_declare.h"
#include "fk_grid.h"

// What a column's code is chosen from, one row a lane. target is the weight with what errors before it add.
struct column {
  fk_f32x16 weight, target, scale, zero_point;
};

// Whole numbers next to the target, and what they stand for in steps: the same.
FK_INLINE fk_s8x16 even_codes(const struct fk_feedback *feedback, const struct column *column, fk_f32x16 *steps) {
  const fk_f32x16 inverse = 1.0f / column->scale, reach = feedback->reach;
  const fk_f32x16 least = feedback->code_min - column->zero_point, greatest = feedback->code_max - column->zero_point;
  const fk_f32x16 nearest = fk_round(fk_min(fk_max(column->weight * inverse, least), greatest));
  fk_f32x16 chosen = fk_round(fk_min(fk_max(column->target * inverse, least), greatest));
  chosen = fk_min(fk_max(chosen, nearest - reach), nearest + reach);
  *steps = fk_min(fk_max(chosen, least), greatest);
  return __builtin_convertvector(*steps + column->zero_point, fk_s8x16);
}

// Entries of the grid next to the target.
FK_INLINE fk_s8x16 grid_codes(const struct fk_feedback *feedback, const struct column *column, fk_f32x16 *steps) {
  const fk_f32x16 inverse = 1.0f / column->scale, reach = feedback->reach;
  const fk_f32x16 nearest = __builtin_convertvector(fk_nearest_index(column->weight * inverse), fk_f32x16);
  const fk_f32x16 wanted = __builtin_convertvector(fk_nearest_index(column->target * inverse), fk_f32x16);
  // Between two indices, so an index itself.
  const fk_f32x16 index = fk_min(fk_max(wanted, fk_max(nearest - reach, 0.0f)), fk_min(nearest + reach, 15.0f));
  const fk_u8x16 codes = __builtin_convertvector(index, fk_u8x16);
  *steps = fk_float_of_bytes(fk_grid_of(codes));
  return __builtin_convertvector(codes, fk_s8x16);
}

// Rows are independent of each other, so each has a lane; along a row the order of the columns is the order of the work.
FK_INLINE void choose_codes(
    const struct fk_feedback *feedback, const bool grid, const float *weights, const float *scales,
    const float *zero_points, float *targets, int8_t *codes, float *errors) {
  const size_t count = feedback->count;
  for (size_t k = 0; k < count; k++) {
    const fk_f32x16 weight = fk_load(weights + FK_LANES * k), scale = fk_load(scales + FK_LANES * k);
    const struct column column = {
        .weight = weight,
        .target = weight + fk_load(targets + FK_LANES * k),
        .scale = scale,
        .zero_point = fk_load(zero_points + FK_LANES * k)};
    fk_f32x16 steps;
    const fk_s8x16 code = grid ? grid_codes(feedback, &column, &steps) : even_codes(feedback, &column, &steps);
    const fk_f32x16 error = weight - scale * steps;
    fk_store(errors + FK_LANES * k, error);
    memcpy(codes + FK_LANES * k, &code, sizeof code);
    for (size_t l = k + 1; l < count; l++) {
      const fk_f32x16 sum = fk_load(targets + FK_LANES * l) + error * feedback->factors[k * feedback->stride + l];
      fk_store(targets + FK_LANES * l, sum);
    }
  }
}

FK_INLINE void feedback_x16(
    const struct fk_feedback *feedback, const float *weights, const float *scales, const float *zero_points,
    float *targets, int8_t *codes, float *errors) {
  if (feedback->grid) {
    choose_codes(feedback, true, weights, scales, zero_points, targets, codes, errors);
  } else {
    choose_codes(feedback, false, weights, scales, zero_points, targets, codes, errors);
  }
}

#define DEFINE(level)                                                                                              \
  FK_TARGET_##level void fk_feedback_x16__##level(                                                                 \
      const struct fk_feedback *feedback, const float *weights, const float *scales, const float *zero_points,     \
      float *targets, int8_t *codes, float *errors) {                                                              \
    feedback_x16(feedback, weights, scales, zero_points, targets, codes, errors);                                  \
  }
FK_FOR_EACH_LEVEL(DEFINE)
