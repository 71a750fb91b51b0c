#include "fk_declare.h"
#include "fk_math.h"

FK_INLINE void silu_multiply_f32(const float *gate, const float *up, size_t count, float *target) {
  for (size_t i = 0; i < count; i += FK_LANES) {
    const fk_f32x16 g = fk_load_up_to(gate + i, count - i);
    const fk_f32x16 activated = g / (1.0f + fk_exp(-g));
    fk_store_up_to(target + i, activated * fk_load_up_to(up + i, count - i), count - i);
  }
}

// (1 + tanh u) / 2 is 1 / (1 + e^(-2u)), which loses nothing where tanh comes near -1.
FK_INLINE void gelu_tanh_f32(float *values, size_t count) {
  // 2 sqrt(2 / pi)
  const float factor = 1.59576912f;
  for (size_t i = 0; i < count; i += FK_LANES) {
    const fk_f32x16 x = fk_load_up_to(values + i, count - i);
    const fk_f32x16 u = x * factor * (1.0f + 0.044715f * (x * x));
    fk_store_up_to(values + i, x / (1.0f + fk_exp(-u)), count - i);
  }
}

FK_INLINE void gelu_erf_f32(float *values, size_t count) {
  for (size_t i = 0; i < count; i += FK_LANES) {
    const fk_f32x16 x = fk_load_up_to(values + i, count - i);
    fk_store_up_to(values + i, x * fk_normal_cdf(x), count - i);
  }
}

FK_INLINE void exp_f32(float *values, size_t count) {
  for (size_t i = 0; i < count; i += FK_LANES) {
    fk_store_up_to(values + i, fk_exp(fk_load_up_to(values + i, count - i)), count - i);
  }
}

#define DEFINE(level)                                                                                              \
  FK_TARGET_##level void fk_silu_multiply_f32__##level(                                                            \
      const float *gate, const float *up, size_t count, float *target) {                                           \
    silu_multiply_f32(gate, up, count, target);                                                                    \
  }                                                                                                                \
  FK_TARGET_##level void fk_gelu_tanh_f32__##level(float *values, size_t count) { gelu_tanh_f32(values, count); }  \
  FK_TARGET_##level void fk_gelu_erf_f32__##level(float *values, size_t count) { gelu_erf_f32(values, count); }    \
  FK_TARGET_##level void fk_exp_f32__##level(float *values, size_t count) { exp_f32(values, count); }
FK_FOR_EACH_LEVEL(DEFINE)
