#include "fk_declare.h"

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

FK_INLINE void rotate_halves_f32(
    float *restrict head, const float *restrict cosines, const float *restrict sines, size_t half) {
  float *restrict upper = head + half;
  for (size_t i = 0; i < half; i++) {
    const float a = head[i], b = upper[i];
    head[i] = a * cosines[i] - b * sines[i];
    upper[i] = b * cosines[half + i] + a * sines[half + i];
  }
}

#define DEFINE(level)                                                                                              \
  FK_TARGET_##level void fk_add_f32__##level(const float *addend, size_t count, float *target) {                   \
    add_f32(addend, count, target);                                                                                \
  }                                                                                                                \
  FK_TARGET_##level void fk_multiply_f32__##level(const float *factors, size_t count, float *target) {             \
    multiply_f32(factors, count, target);                                                                          \
  }                                                                                                                \
  FK_TARGET_##level void fk_rotate_halves_f32__##level(                                                            \
      float *head, const float *cosines, const float *sines, size_t half) {                                        \
    rotate_halves_f32(head, cosines, sines, half);                                                                 \
  }
FK_FOR_EACH_LEVEL(DEFINE)
