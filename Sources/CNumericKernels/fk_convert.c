#include "fk_declare.h"

// Plain loops over restrict pointers: the compiler vectorises them for each level, and integer work has no rounding
// that could differ.

FK_INLINE void widen_some_bf16(const uint8_t *bytes, float *target, size_t count) {
  for (size_t i = 0; i < count; i++) {
    uint16_t half;
    memcpy(&half, bytes + 2 * i, 2);
    uint32_t bits = (uint32_t)half << 16;
    memcpy(target + i, &bits, 4);
  }
}

// Sources are read front to back, call after call, and processors fetch ahead only up to the end of a page: the next
// page, also behind the end, is asked for here. Asking for memory that is not there does nothing.
FK_INLINE void widen_bf16(const void *source, float *target, size_t count) {
  const uint8_t *bytes = source;
  size_t i = 0;
  for (; count - i >= 32; i += 32) {
    __builtin_prefetch((const void *)((uintptr_t)(bytes + 2 * i) + 4096));
    widen_some_bf16(bytes + 2 * i, target + i, 32);
  }
  widen_some_bf16(bytes + 2 * i, target + i, count - i);
}

// Moves the exponent from bias 15 to bias 127; subnormals are made normal by one exact subtraction.
FK_INLINE void widen_f16(const void *source, float *target, size_t count) {
  const uint8_t *bytes = source;
  for (size_t i = 0; i < count; i++) {
    uint16_t half;
    memcpy(&half, bytes + 2 * i, 2);
    uint32_t magnitude = ((uint32_t)half & 0x7FFFu) << 13;
    uint32_t exponent = magnitude & 0x0F800000u;
    uint32_t sign = ((uint32_t)half & 0x8000u) << 16;
    uint32_t normal = magnitude + (112u << 23);
    uint32_t special = magnitude + (224u << 23);
    uint32_t shifted = magnitude + (113u << 23);
    float subnormal, offset;
    const uint32_t offset_bits = 113u << 23;
    memcpy(&subnormal, &shifted, 4);
    memcpy(&offset, &offset_bits, 4);
    subnormal -= offset;
    uint32_t subnormal_bits;
    memcpy(&subnormal_bits, &subnormal, 4);
    uint32_t bits = exponent == 0 ? subnormal_bits : exponent == 0x0F800000u ? special : normal;
    bits |= sign;
    memcpy(target + i, &bits, 4);
  }
}

FK_INLINE void narrow_bf16(const float *source, void *target, size_t count) {
  uint8_t *bytes = target;
  for (size_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, source + i, 4);
    uint32_t rounded = (bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16;
    // A NaN keeps its upper bits and is made quiet, so that rounding cannot turn it into infinity.
    uint32_t quiet = (bits >> 16) | 0x40u;
    uint16_t half = (uint16_t)((bits & 0x7FFFFFFFu) > 0x7F800000u ? quiet : rounded);
    memcpy(bytes + 2 * i, &half, 2);
  }
}

FK_INLINE void narrow_f16(const float *source, void *target, size_t count) {
  uint8_t *bytes = target;
  for (size_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, source + i, 4);
    uint32_t sign = (bits >> 16) & 0x8000u;
    uint32_t magnitude = bits & 0x7FFFFFFFu;
    // Normal results: rebias, then round the 13 dropped bits to even; a carry moves into the exponent as it should.
    uint32_t rebiased = magnitude - (112u << 23);
    uint32_t normal = (rebiased + 0xFFFu + ((rebiased >> 13) & 1u)) >> 13;
    // Subnormal results: adding 0.5 aligns the unit of the sum with the unit of the target, so the addition rounds.
    float value;
    memcpy(&value, &magnitude, 4);
    value += 0.5f;
    uint32_t aligned;
    memcpy(&aligned, &value, 4);
    uint32_t subnormal = aligned - 0x3F000000u;
    uint32_t result = magnitude < 0x38800000u ? subnormal : magnitude >= 0x477FF000u ? 0x7C00u : normal;
    result = magnitude > 0x7F800000u ? 0x7E00u : result;
    uint16_t half = (uint16_t)(sign | result);
    memcpy(bytes + 2 * i, &half, 2);
  }
}

#define DEFINE(level)                                                                                          \
  FK_TARGET_##level void fk_widen_bf16__##level(const void *source, float *target, size_t count) {             \
    widen_bf16(source, target, count);                                                                         \
  }                                                                                                            \
  FK_TARGET_##level void fk_widen_f16__##level(const void *source, float *target, size_t count) {              \
    widen_f16(source, target, count);                                                                          \
  }                                                                                                            \
  FK_TARGET_##level void fk_narrow_bf16__##level(const float *source, void *target, size_t count) {            \
    narrow_bf16(source, target, count);                                                                        \
  }                                                                                                            \
  FK_TARGET_##level void fk_narrow_f16__##level(const float *source, void *target, size_t count) {             \
    narrow_f16(source, target, count);                                                                         \
  }
FK_FOR_EACH_LEVEL(DEFINE)
