#include "fk_declare.h"
#include "fk_math.h"

// Plain loops: one or two roundings an element, in no order that could differ.

FK_INLINE void add_f32(const float *restrict addend, size_t count, float *restrict target) {
  for (size_t i = 0; i < count; i++) {
    target[i] += addend[i];
  }
}

FK_INLINE void multiply_f32(const float *restrict factors, size_t count, float *restrict target) {
  for (size_t i = 0; i < count; i++) {
    target[i] *= factors[i];
  }
}

FK_INLINE void add_scaled_f32(const float *restrict addend, size_t count, float factor, float *restrict target) {
  for (size_t i = 0; i < count; i++) {
    target[i] += factor * addend[i];
  }
}

FK_INLINE void rotate_halves_f32(
    float *restrict head, const float *restrict cosines, const float *restrict sines, size_t half) {
  float *restrict upper = head + half;
  for (size_t i = 0; i < half; i++) {
    const float a = head[i], b = upper[i];
    head[i] = a * cosines[i] - b * sines[i];
    upper[i] = b * cosines[half + i] + a * sines[half + i];
  }
}

// Four vectors of sums, so that no addition waits for the one before it.
FK_INLINE void dot_f32(const float *a, const float *b, size_t count, float *result) {
  fk_f32x16 sums[4] = {0.0f, 0.0f, 0.0f, 0.0f};
  size_t i = 0;
  for (; count - i >= 4 * FK_LANES; i += 4 * FK_LANES) {
    for (size_t k = 0; k < 4; k++) {
      sums[k] += fk_load(a + i + FK_LANES * k) * fk_load(b + i + FK_LANES * k);
    }
  }
  for (size_t k = 0; i < count; i += FK_LANES, k++) {
    sums[k] += fk_load_up_to(a + i, count - i) * fk_load_up_to(b + i, count - i);
  }
  *result = fk_add_lanes((sums[0] + sums[1]) + (sums[2] + sums[3]));
}

#define DEFINE(level)                                                                                              \
  FK_TARGET_##level void fk_add_f32__##level(const float *addend, size_t count, float *target) {                   \
    add_f32(addend, count, target);                                                                                \
  }                                                                                                                \
  FK_TARGET_##level void fk_multiply_f32__##level(const float *factors, size_t count, float *target) {             \
    multiply_f32(factors, count, target);                                                                          \
  }                                                                                                                \
  FK_TARGET_##level void fk_add_scaled_f32__##level(                                                               \
      const float *addend, size_t count, float factor, float *target) {                                            \
    add_scaled_f32(addend, count, factor, target);                                                                 \
  }                                                                                                                \
  FK_TARGET_##level void fk_rotate_halves_f32__##level(                                                            \
      float *head, const float *cosines, const float *sines, size_t half) {                                        \
    rotate_halves_f32(head, cosines, sines, half);                                                                 \
  }                                                                                                                \
  FK_TARGET_##level void fk_dot_f32__##level(const float *a, const float *b, size_t count, float *result) {         \
    dot_f32(a, b, count, result);                                                                                  \
  }
FK_FOR_EACH_LEVEL(DEFINE)
