#include "fk_declare.h"
#include "fk_grid.h"

FK_INLINE void encode_x16(
    const float *tile, size_t count, float code_min, float code_max, const float *scales, const float *zero_points,
    int8_t *codes) {
  const fk_f32x16 inverse = 1.0f / fk_load(scales), zero_point = fk_load(zero_points);
  // The zero point is an integer, so clamping before it is added gives the same code as clamping after.
  const fk_f32x16 low = code_min - zero_point, high = code_max - zero_point;
  for (size_t i = 0; i < count; i++) {
    const fk_f32x16 t = fk_load(tile + FK_LANES * i) * inverse;
    const fk_f32x16 q = fk_round(fk_min(fk_max(t, low), high)) + zero_point;
    const fk_s8x16 code = __builtin_convertvector(__builtin_convertvector(q, fk_s32x16), fk_s8x16);
    memcpy(codes + FK_LANES * i, &code, sizeof code);
  }
}

FK_INLINE void encode_grid_x16(const float *tile, size_t count, const float *scales, int8_t *codes) {
  const fk_f32x16 inverse = 1.0f / fk_load(scales);
  for (size_t i = 0; i < count; i++) {
    const fk_s32x16 index = fk_nearest_index(fk_load(tile + FK_LANES * i) * inverse);
    const fk_s8x16 code = __builtin_convertvector(index, fk_s8x16);
    memcpy(codes + FK_LANES * i, &code, sizeof code);
  }
}

FK_INLINE void divide_rows_f32(
    const float *values, const float *divisors, size_t row_count, size_t columns, float *target) {
  for (size_t row = 0; row < row_count; row++) {
    for (size_t i = 0; i < columns; i++) {
      target[i] = values[i] / divisors[i];
    }
    values += columns;
    target += columns;
  }
}

#define DEFINE(level)                                                                                        \
  FK_TARGET_##level void fk_encode_x16__##level(                                                             \
      const float *tile, size_t count, float code_min, float code_max, const float *scales,                  \
      const float *zero_points, int8_t *codes) {                                                             \
    encode_x16(tile, count, code_min, code_max, scales, zero_points, codes);                                 \
  }                                                                                                          \
  FK_TARGET_##level void fk_encode_grid_x16__##level(                                                        \
      const float *tile, size_t count, const float *scales, int8_t *codes) {                                 \
    encode_grid_x16(tile, count, scales, codes);                                                             \
  }                                                                                                          \
  FK_TARGET_##level void fk_divide_rows_f32__##level(                                                        \
      const float *values, const float *divisors, size_t row_count, size_t columns, float *target) {         \
    divide_rows_f32(values, divisors, row_count, columns, target);                                           \
  }
FK_FOR_EACH_LEVEL(DEFINE)
