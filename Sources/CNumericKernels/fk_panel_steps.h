// One step of an integer product at each level: 16 times four weights by four activations.
//
// Weights of nibbles are unsigned, 0 ... 15, so that 8 steps fit into 16-bit sums: 8 * 2 * 15 * 127 = 30480. Weights
// of bytes are signed. Indices into the grid become its entries, and go on as bytes. All sums are exact, so every level
// gives the same integers.
#ifndef FK_PANEL_STEPS_H
#define FK_PANEL_STEPS_H

#include "fk_grid.h"

#if FK_HAS_X86_LEVELS
#include <immintrin.h>
#elif FK_HAS_DOTPROD_LEVEL
#include <arm_neon.h>
#endif

typedef int16_t fk_s16x32 __attribute__((ext_vector_type(32)));
typedef uint16_t fk_u16x32 __attribute__((ext_vector_type(32)));
typedef int8_t fk_s8x64 __attribute__((ext_vector_type(64)));

#define FK_STEP(level) FK_TARGET_##level FK_INLINE

// Adds the two 16-bit halves of each lane.
FK_INLINE fk_s32x16 fk_add_halves(fk_s16x32 pairs) {
  fk_s32x16 wide;
  memcpy(&wide, &pairs, sizeof wide);
  return ((wide << 16) >> 16) + (wide >> 16);
}

FK_INLINE fk_s16x32 fk_halves_of(fk_s32x16 a) {
  fk_s16x32 halves;
  memcpy(&halves, &a, sizeof halves);
  return halves;
}

// Portable: bytes in even and in odd places apart, as 16-bit numbers.
FK_INLINE fk_s16x32 fk_even_bytes(fk_s16x32 a) { return (a << 8) >> 8; }
FK_INLINE fk_s16x32 fk_odd_bytes(fk_s16x32 a) { return a >> 8; }

typedef fk_s16x32 fk_nibble_sums_portable;
FK_INLINE fk_s16x32 fk_nibble_step_portable(fk_s16x32 sums, fk_s32x16 weights, fk_s32x16 quads) {
  const fk_s16x32 w = fk_halves_of(weights), x = fk_halves_of(quads);
  return sums + fk_even_bytes(w) * fk_even_bytes(x) + fk_odd_bytes(w) * fk_odd_bytes(x);
}
FK_INLINE fk_s32x16 fk_nibble_total_portable(fk_s16x32 sums) { return fk_add_halves(sums); }
FK_INLINE fk_s32x16 fk_byte_step_portable(fk_s32x16 sums, fk_s32x16 weights, fk_s32x16 quads) {
  const fk_s16x32 w = fk_halves_of(weights), x = fk_halves_of(quads);
  // 2 * 128 * 127 still fits.
  return sums + fk_add_halves(fk_even_bytes(w) * fk_even_bytes(x) + fk_odd_bytes(w) * fk_odd_bytes(x));
}
#define FK_BYTE_ZERO_portable 0
FK_INLINE fk_s32x16 fk_grid_step_portable(fk_s32x16 codes) {
  fk_u8x16 parts[4];
  memcpy(parts, &codes, sizeof parts);
  for (int k = 0; k < 4; k++) {
    const fk_s8x16 entries = fk_grid_of_portable(parts[k]);
    memcpy(&parts[k], &entries, sizeof entries);
  }
  memcpy(&codes, parts, sizeof codes);
  return codes;
}

#if FK_HAS_X86_LEVELS

typedef __attribute__((ext_vector_type(8))) int32_t fk_s32x8;

typedef struct {
  __m256i low, high;
} fk_nibble_sums_avx2;
FK_STEP(avx2) __m256i fk_half(fk_s32x16 a, bool high) { return (__m256i)(high ? a.hi : a.lo); }
FK_STEP(avx2) fk_s32x16 fk_join(__m256i low, __m256i high) {
  return __builtin_shufflevector(
      (fk_s32x8)low, (fk_s32x8)high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
FK_STEP(avx2)
fk_nibble_sums_avx2 fk_nibble_step_avx2(fk_nibble_sums_avx2 sums, fk_s32x16 weights, fk_s32x16 quads) {
  const __m256i low = fk_half(quads, false), high = fk_half(quads, true);
  sums.low = _mm256_add_epi16(sums.low, _mm256_maddubs_epi16(fk_half(weights, false), low));
  sums.high = _mm256_add_epi16(sums.high, _mm256_maddubs_epi16(fk_half(weights, true), high));
  return sums;
}
FK_STEP(avx2) fk_s32x16 fk_nibble_total_avx2(fk_nibble_sums_avx2 sums) {
  const __m256i ones = _mm256_set1_epi16(1);
  return fk_join(_mm256_madd_epi16(sums.low, ones), _mm256_madd_epi16(sums.high, ones));
}
// The instruction wants unsigned weights: the magnitude, with the sign moved to the activation. A pair of products
// is at most 2 * 128 * 127, which does not saturate.
FK_STEP(avx2) __m256i fk_byte_products_avx2(__m256i w, __m256i x) {
  const __m256i pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(w), _mm256_sign_epi8(x, w));
  return _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
}
FK_STEP(avx2) fk_s32x16 fk_byte_step_avx2(fk_s32x16 sums, fk_s32x16 weights, fk_s32x16 quads) {
  return sums + fk_join(
                    fk_byte_products_avx2(fk_half(weights, false), fk_half(quads, false)),
                    fk_byte_products_avx2(fk_half(weights, true), fk_half(quads, true)));
}
#define FK_BYTE_ZERO_avx2 0
FK_STEP(avx2) fk_s32x16 fk_grid_step_avx2(fk_s32x16 codes) {
  const __m256i entries = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)fk_grid_entry));
  return fk_join(
      _mm256_shuffle_epi8(entries, fk_half(codes, false)), _mm256_shuffle_epi8(entries, fk_half(codes, true)));
}

typedef fk_s32x16 fk_nibble_sums_avx2vnni;
FK_STEP(avx2vnni) fk_s32x16 fk_dot_avx2vnni(fk_s32x16 sums, fk_s32x16 weights, fk_s32x16 quads) {
  return fk_join(
      _mm256_dpbusd_avx_epi32(fk_half(sums, false), fk_half(weights, false), fk_half(quads, false)),
      _mm256_dpbusd_avx_epi32(fk_half(sums, true), fk_half(weights, true), fk_half(quads, true)));
}
FK_STEP(avx2vnni) fk_s32x16 fk_nibble_step_avx2vnni(fk_s32x16 sums, fk_s32x16 weights, fk_s32x16 quads) {
  return fk_dot_avx2vnni(sums, weights, quads);
}
FK_STEP(avx2vnni) fk_s32x16 fk_nibble_total_avx2vnni(fk_s32x16 sums) { return sums; }
// Signed bytes become code + 128, which the zero point takes off again.
FK_STEP(avx2vnni) fk_s32x16 fk_byte_step_avx2vnni(fk_s32x16 sums, fk_s32x16 weights, fk_s32x16 quads) {
  return fk_dot_avx2vnni(sums, weights ^ (int32_t)0x80808080, quads);
}
#define FK_BYTE_ZERO_avx2vnni 128
FK_STEP(avx2vnni) fk_s32x16 fk_grid_step_avx2vnni(fk_s32x16 codes) { return fk_grid_step_avx2(codes); }

typedef __m512i fk_nibble_sums_avx512;
FK_STEP(avx512) __m512i fk_nibble_step_avx512(__m512i sums, fk_s32x16 weights, fk_s32x16 quads) {
  return _mm512_add_epi16(sums, _mm512_maddubs_epi16((__m512i)weights, (__m512i)quads));
}
FK_STEP(avx512) fk_s32x16 fk_nibble_total_avx512(__m512i sums) {
  return (fk_s32x16)_mm512_madd_epi16(sums, _mm512_set1_epi16(1));
}
FK_STEP(avx512) fk_s32x16 fk_byte_step_avx512(fk_s32x16 sums, fk_s32x16 weights, fk_s32x16 quads) {
  const __m512i w = (__m512i)weights, x = (__m512i)quads;
  const __m512i signed_x = _mm512_mask_sub_epi8(x, _mm512_movepi8_mask(w), _mm512_setzero_si512(), x);
  const __m512i pairs = _mm512_maddubs_epi16(_mm512_abs_epi8(w), signed_x);
  return sums + (fk_s32x16)_mm512_madd_epi16(pairs, _mm512_set1_epi16(1));
}
#define FK_BYTE_ZERO_avx512 0
FK_STEP(avx512) fk_s32x16 fk_grid_step_avx512(fk_s32x16 codes) {
  const __m512i entries = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)fk_grid_entry));
  return (fk_s32x16)_mm512_shuffle_epi8(entries, (__m512i)codes);
}

typedef __m512i fk_nibble_sums_avx512vnni;
FK_STEP(avx512vnni) __m512i fk_nibble_step_avx512vnni(__m512i sums, fk_s32x16 weights, fk_s32x16 quads) {
  return _mm512_dpbusd_epi32(sums, (__m512i)weights, (__m512i)quads);
}
FK_STEP(avx512vnni) fk_s32x16 fk_nibble_total_avx512vnni(__m512i sums) { return (fk_s32x16)sums; }
// Signed bytes become code + 128, which the zero point takes off again.
FK_STEP(avx512vnni) fk_s32x16 fk_byte_step_avx512vnni(fk_s32x16 sums, fk_s32x16 weights, fk_s32x16 quads) {
  const __m512i w = _mm512_xor_si512((__m512i)weights, _mm512_set1_epi8(-128));
  return (fk_s32x16)_mm512_dpbusd_epi32((__m512i)sums, w, (__m512i)quads);
}
#define FK_BYTE_ZERO_avx512vnni 128
FK_STEP(avx512vnni) fk_s32x16 fk_grid_step_avx512vnni(fk_s32x16 codes) { return fk_grid_step_avx512(codes); }

#elif FK_HAS_DOTPROD_LEVEL

typedef fk_s32x16 fk_nibble_sums_dotprod;
FK_STEP(dotprod) fk_s32x16 fk_dot_dotprod(fk_s32x16 sums, fk_s32x16 weights, fk_s32x16 quads) {
  int32x4_t a[4];
  int8x16_t w[4], x[4];
  memcpy(a, &sums, sizeof a);
  memcpy(w, &weights, sizeof w);
  memcpy(x, &quads, sizeof x);
  for (int k = 0; k < 4; k++) {
    a[k] = vdotq_s32(a[k], w[k], x[k]);
  }
  memcpy(&sums, a, sizeof a);
  return sums;
}
FK_STEP(dotprod) fk_s32x16 fk_nibble_step_dotprod(fk_s32x16 sums, fk_s32x16 weights, fk_s32x16 quads) {
  return fk_dot_dotprod(sums, weights, quads);
}
FK_STEP(dotprod) fk_s32x16 fk_nibble_total_dotprod(fk_s32x16 sums) { return sums; }
FK_STEP(dotprod) fk_s32x16 fk_byte_step_dotprod(fk_s32x16 sums, fk_s32x16 weights, fk_s32x16 quads) {
  return fk_dot_dotprod(sums, weights, quads);
}
#define FK_BYTE_ZERO_dotprod 0
FK_STEP(dotprod) fk_s32x16 fk_grid_step_dotprod(fk_s32x16 codes) { return fk_grid_step_portable(codes); }

#endif

#endif
