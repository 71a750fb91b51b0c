#include "fk_declare.h"

FK_INLINE void dequantize_s8(const int8_t *codes, size_t count, float scale, float *target) {
  for (size_t i = 0; i < count; i++) {
    target[i] = scale * (float)codes[i];
  }
}

FK_INLINE void dequantize_nibbles(
    const uint8_t *packed, size_t count, float scale, float zero_point, bool signed_codes, float *target) {
  // (c ^ 8) - 8 extends the sign of four bits; with 0 it leaves the code as it is.
  const int32_t sign = signed_codes ? 8 : 0;
  const size_t pairs = count / 2;
  for (size_t i = 0; i < pairs; i++) {
    const int32_t byte = packed[i];
    target[2 * i] = scale * ((float)(((byte & 15) ^ sign) - sign) - zero_point);
    target[2 * i + 1] = scale * ((float)(((byte >> 4) ^ sign) - sign) - zero_point);
  }
  if (count % 2 != 0) {
    target[count - 1] = scale * ((float)(((packed[pairs] & 15) ^ sign) - sign) - zero_point);
  }
}

FK_INLINE void check_group(
    const float *values, const float *decoded, size_t count, float low, float high, float bound,
    struct fk_group_check *result) {
  uint32_t violations = 0, clipped = 0;
  for (size_t i = 0; i < count; i++) {
    const float x = values[i];
    const float inside = x < low ? low : x > high ? high : x;
    const float difference = inside - decoded[i];
    const float distance = difference < 0.0f ? -difference : difference;
    // Written so that a NaN counts as a violation.
    violations += distance <= bound ? 0u : 1u;
    clipped += x != inside ? 1u : 0u;
  }
  result->violation_count += violations;
  result->clipped_count += clipped;
}

#define DEFINE(level)                                                                                              \
  FK_TARGET_##level void fk_dequantize_s8__##level(                                                                \
      const int8_t *codes, size_t count, float scale, float *target) {                                             \
    dequantize_s8(codes, count, scale, target);                                                                    \
  }                                                                                                                \
  FK_TARGET_##level void fk_dequantize_nibbles__##level(                                                           \
      const uint8_t *packed, size_t count, float scale, float zero_point, bool signed_codes, float *target) {      \
    dequantize_nibbles(packed, count, scale, zero_point, signed_codes, target);                                    \
  }                                                                                                                \
  FK_TARGET_##level void fk_check_group__##level(                                                                  \
      const float *values, const float *decoded, size_t count, float low, float high, float bound,                 \
      struct fk_group_check *result) {                                                                             \
    check_group(values, decoded, count, low, high, bound, result);                                                 \
  }
FK_FOR_EACH_LEVEL(DEFINE)
