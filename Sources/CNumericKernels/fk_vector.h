// The 16-lane vocabulary that all kernel bodies are written in, and the macro that makes one function a level.
#ifndef FK_VECTOR_H
#define FK_VECTOR_H

#include <string.h>

#include "fk.h"

// A fused multiply-add rounds once where two operations round twice: levels would differ in the last bit.
#pragma clang fp contract(off)
// Vectors are passed by value only to functions that are always inlined, so no calling convention is involved.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float fk_f32x16 __attribute__((ext_vector_type(16)));
typedef int32_t fk_s32x16 __attribute__((ext_vector_type(16)));
typedef uint32_t fk_u32x16 __attribute__((ext_vector_type(16)));
typedef double fk_f64x16 __attribute__((ext_vector_type(16)));
typedef int8_t fk_s8x16 __attribute__((ext_vector_type(16)));

#define FK_INLINE static inline __attribute__((always_inline))

#if defined(__x86_64__)
#define FK_HAS_X86_LEVELS 1
#define FK_TARGET_portable
#define FK_TARGET_avx2 __attribute__((target("avx2")))
#define FK_TARGET_avx2vnni __attribute__((target("avx2,avxvnni")))
#define FK_TARGET_avx512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
#define FK_TARGET_avx512vnni __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")))
#define FK_FOR_EACH_LEVEL(define) define(portable) define(avx2) define(avx512)
// Levels that have kernels of integer products of their own; the others are those of the level below.
#define FK_FOR_EACH_PRODUCT_LEVEL(define) FK_FOR_EACH_LEVEL(define) define(avx2vnni) define(avx512vnni)
#else
#define FK_HAS_X86_LEVELS 0
#define FK_TARGET_portable
#define FK_FOR_EACH_LEVEL(define) define(portable)
#if defined(__aarch64__)
// On Arm the portable bodies compile to NEON, which every 64-bit processor has; integer dot products came later.
#define FK_HAS_DOTPROD_LEVEL 1
#define FK_TARGET_dotprod __attribute__((target("dotprod")))
#define FK_FOR_EACH_PRODUCT_LEVEL(define) define(portable) define(dotprod)
#else
#define FK_FOR_EACH_PRODUCT_LEVEL(define) define(portable)
#endif
#endif

// Adding and subtracting 1.5 * 2^23 rounds to an integer, half to even, for magnitudes below 2^22.
#define FK_ROUNDING_MAGIC 12582912.0f

FK_INLINE fk_f32x16 fk_load(const float *source) {
  fk_f32x16 value;
  memcpy(&value, source, sizeof value);
  return value;
}

FK_INLINE void fk_store(float *target, fk_f32x16 value) { memcpy(target, &value, sizeof value); }

// Comparison first, so that each becomes one minimum or maximum instruction. No NaN gets here.
FK_INLINE fk_f32x16 fk_min(fk_f32x16 a, fk_f32x16 b) { return a < b ? a : b; }
FK_INLINE fk_f32x16 fk_max(fk_f32x16 a, fk_f32x16 b) { return a > b ? a : b; }

// Whether a comparison holds in some lane.
FK_INLINE bool fk_any(fk_s32x16 mask) { return __builtin_reduce_or(mask) != 0; }

FK_INLINE fk_f32x16 fk_round(fk_f32x16 a) { return (a + FK_ROUNDING_MAGIC) - FK_ROUNDING_MAGIC; }

FK_INLINE fk_f32x16 fk_abs(fk_f32x16 a) {
  fk_u32x16 bits;
  memcpy(&bits, &a, sizeof bits);
  bits &= 0x7FFFFFFFu;
  memcpy(&a, &bits, sizeof a);
  return a;
}

// The nearest number with so many bits of mantissa, ties to even, for positive finite values.
FK_INLINE fk_f32x16 fk_round_mantissa(fk_f32x16 a, int mantissa_bits) {
  const uint32_t dropped = (uint32_t)(23 - mantissa_bits), unit = 1u << dropped;
  if (dropped == 0) return a;
  fk_u32x16 bits;
  memcpy(&bits, &a, sizeof bits);
  bits = (bits + (unit / 2u - 1u) + ((bits >> dropped) & 1u)) & ~(unit - 1u);
  memcpy(&a, &bits, sizeof a);
  return a;
}

// The least normal number.
#define FK_LEAST_SCALE 1.17549435e-38f

// A scale that may be stored: normal, and not rounded up to infinity. The bound keeps 1 / scale finite too.
FK_INLINE fk_f32x16 fk_storable_scale(fk_f32x16 scale, int mantissa_bits) {
  const fk_f32x16 least = FK_LEAST_SCALE, greatest = 1.0e38f;
  scale = fk_min(fk_max(scale, least), greatest);
  return fk_round_mantissa(scale, mantissa_bits);
}

#endif
