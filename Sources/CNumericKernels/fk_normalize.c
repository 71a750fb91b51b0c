#include "fk_declare.h"
#include "fk_math.h"

// Sums are kept in float64 lanes: rows are thousands of values long, and what follows divides by these sums.

FK_INLINE void rms_norm_f32(const float *x, const float *weight, size_t count, float epsilon, float *target) {
  fk_f64x16 sum = 0.0;
  for (size_t i = 0; i < count; i += FK_LANES) {
    const fk_f64x16 wide = fk_widen(fk_load_up_to(x + i, count - i));
    sum += wide * wide;
  }
  const double mean = fk_add_wide_lanes(sum) / (double)count;
  const float inverse = (float)(1.0 / __builtin_elementwise_sqrt(mean + (double)epsilon));
  for (size_t i = 0; i < count; i += FK_LANES) {
    const fk_f32x16 value = fk_load_up_to(x + i, count - i) * inverse;
    fk_store_up_to(target + i, value * fk_load_up_to(weight + i, count - i), count - i);
  }
}

FK_INLINE void layer_norm_f32(
    const float *x, const float *weight, const float *bias, size_t count, float epsilon, float *target) {
  fk_f64x16 sum = 0.0;
  for (size_t i = 0; i < count; i += FK_LANES) {
    sum += fk_widen(fk_load_up_to(x + i, count - i));
  }
  const double mean = fk_add_wide_lanes(sum) / (double)count;
  fk_f64x16 square_sum = 0.0;
  for (size_t i = 0; i < count; i += FK_LANES) {
    fk_f64x16 distance = fk_widen(fk_load_up_to(x + i, count - i)) - mean;
    // Lanes past the end must not count as zeros, which lie a whole mean away.
    for (size_t lane = count - i; lane < FK_LANES; lane++) {
      distance[lane] = 0.0;
    }
    square_sum += distance * distance;
  }
  const double variance = fk_add_wide_lanes(square_sum) / (double)count;
  const float inverse = (float)(1.0 / __builtin_elementwise_sqrt(variance + (double)epsilon));
  for (size_t i = 0; i < count; i += FK_LANES) {
    const size_t left = count - i;
    const fk_f32x16 distance =
        __builtin_convertvector(fk_widen(fk_load_up_to(x + i, left)) - mean, fk_f32x16);
    const fk_f32x16 scaled = distance * inverse * fk_load_up_to(weight + i, left);
    fk_store_up_to(target + i, scaled + fk_load_up_to(bias + i, left), left);
  }
}

FK_INLINE void softmax_f32(float *row, size_t count) {
  const float least = -__builtin_inff();
  fk_f32x16 peaks = least;
  for (size_t i = 0; i < count; i += FK_LANES) {
    fk_f32x16 x = least;
    memcpy(&x, row + i, (count - i < FK_LANES ? count - i : FK_LANES) * sizeof(float));
    peaks = fk_max(x, peaks);
  }
  float peak = least;
  for (size_t lane = 0; lane < FK_LANES; lane++) {
    peak = peaks[lane] > peak ? peaks[lane] : peak;
  }
  // Nothing but -inf: subtracting it from itself would give NaN.
  peak = peak == least ? 0.0f : peak;
  fk_f64x16 sums = 0.0;
  for (size_t i = 0; i < count; i += FK_LANES) {
    const size_t left = count - i;
    fk_f32x16 power = fk_exp(fk_load_up_to(row + i, left) - peak);
    for (size_t lane = left; lane < FK_LANES; lane++) {
      power[lane] = 0.0f;
    }
    sums += fk_widen(power);
    fk_store_up_to(row + i, power, left);
  }
  const float sum = (float)fk_add_wide_lanes(sums);
  const float divisor = sum == 0.0f ? 1.0f : sum;
  for (size_t i = 0; i < count; i += FK_LANES) {
    fk_store_up_to(row + i, fk_load_up_to(row + i, count - i) / divisor, count - i);
  }
}

#define DEFINE(level)                                                                                             \
  FK_TARGET_##level void fk_rms_norm_f32__##level(                                                                \
      const float *x, const float *weight, size_t count, float epsilon, float *target) {                          \
    rms_norm_f32(x, weight, count, epsilon, target);                                                              \
  }                                                                                                               \
  FK_TARGET_##level void fk_layer_norm_f32__##level(                                                              \
      const float *x, const float *weight, const float *bias, size_t count, float epsilon, float *target) {       \
    layer_norm_f32(x, weight, bias, count, epsilon, target);                                                      \
  }                                                                                                               \
  FK_TARGET_##level void fk_softmax_f32__##level(float *row, size_t count) { softmax_f32(row, count); }
FK_FOR_EACH_LEVEL(DEFINE)
