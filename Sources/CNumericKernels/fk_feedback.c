#include "fk_declare.h"

// Rows are independent of each other, so each has a lane; along a row the order of the columns is the order of the work.
FK_INLINE void feedback_x16(
    const struct fk_feedback *feedback, const float *weights, const float *scales, const float *zero_points,
    float *targets, int8_t *codes, float *errors) {
  const size_t count = feedback->count;
  const fk_f32x16 low = feedback->code_min, high = feedback->code_max, reach = feedback->reach;
  for (size_t k = 0; k < count; k++) {
    const fk_f32x16 weight = fk_load(weights + FK_LANES * k), scale = fk_load(scales + FK_LANES * k);
    const fk_f32x16 zero_point = fk_load(zero_points + FK_LANES * k), target = fk_load(targets + FK_LANES * k);
    const fk_f32x16 inverse = 1.0f / scale;
    const fk_f32x16 least = low - zero_point, greatest = high - zero_point;
    const fk_f32x16 nearest = fk_round(fk_min(fk_max(weight * inverse, least), greatest));
    fk_f32x16 steps = fk_round(fk_min(fk_max((weight + target) * inverse, least), greatest));
    steps = fk_min(fk_max(steps, nearest - reach), nearest + reach);
    steps = fk_min(fk_max(steps, least), greatest);
    const fk_f32x16 error = weight - scale * steps;
    fk_store(errors + FK_LANES * k, error);
    const fk_s8x16 code = __builtin_convertvector(steps + zero_point, fk_s8x16);
    memcpy(codes + FK_LANES * k, &code, sizeof code);
    for (size_t l = k + 1; l < count; l++) {
      const fk_f32x16 sum = fk_load(targets + FK_LANES * l) + error * feedback->factors[k * feedback->stride + l];
      fk_store(targets + FK_LANES * l, sum);
    }
  }
}

#define DEFINE(level)                                                                                              \
  FK_TARGET_##level void fk_feedback_x16__##level(                                                                 \
      const struct fk_feedback *feedback, const float *weights, const float *scales, const float *zero_points,     \
      float *targets, int8_t *codes, float *errors) {                                                              \
    feedback_x16(feedback, weights, scales, zero_points, targets, codes, errors);                                  \
  }
FK_FOR_EACH_LEVEL(DEFINE)
