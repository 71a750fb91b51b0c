// Exponential and normal distribution over 16 lanes, and loads and stores of the part of a vector that a tail fills.
#ifndef FK_MATH_H
#define FK_MATH_H

#include "fk_vector.h"

// The first count lanes from memory, zeros after them; at most 16.
FK_INLINE fk_f32x16 fk_load_part(const float *source, size_t count) {
  fk_f32x16 value = 0.0f;
  memcpy(&value, source, count * sizeof(float));
  return value;
}

FK_INLINE void fk_store_part(float *target, fk_f32x16 value, size_t count) {
  memcpy(target, &value, count * sizeof(float));
}

FK_INLINE fk_f32x16 fk_load_up_to(const float *source, size_t count) {
  return count >= FK_LANES ? fk_load(source) : fk_load_part(source, count);
}

FK_INLINE void fk_store_up_to(float *target, fk_f32x16 value, size_t count) {
  if (count >= FK_LANES) {
    fk_store(target, value);
  } else {
    fk_store_part(target, value, count);
  }
}

FK_INLINE fk_f64x16 fk_widen(fk_f32x16 a) { return __builtin_convertvector(a, fk_f64x16); }

// Lanes added in one order at every level: halves onto each other.
FK_INLINE float fk_add_lanes(fk_f32x16 a) {
  const __attribute__((ext_vector_type(8))) float eight = a.lo + a.hi;
  const __attribute__((ext_vector_type(4))) float four = eight.lo + eight.hi;
  const __attribute__((ext_vector_type(2))) float two = four.lo + four.hi;
  return two.x + two.y;
}

FK_INLINE float fk_max_lanes(fk_f32x16 a) {
  const __attribute__((ext_vector_type(8))) float eight = a.lo > a.hi ? a.lo : a.hi;
  const __attribute__((ext_vector_type(4))) float four = eight.lo > eight.hi ? eight.lo : eight.hi;
  const __attribute__((ext_vector_type(2))) float two = four.lo > four.hi ? four.lo : four.hi;
  return two.x > two.y ? two.x : two.y;
}

FK_INLINE double fk_add_wide_lanes(fk_f64x16 a) {
  const __attribute__((ext_vector_type(8))) double eight = a.lo + a.hi;
  const __attribute__((ext_vector_type(4))) double four = eight.lo + eight.hi;
  const __attribute__((ext_vector_type(2))) double two = four.lo + four.hi;
  return two.x + two.y;
}

// 2^n for n = -126 ... 127.
FK_INLINE fk_f32x16 fk_power_of_two(fk_s32x16 n) {
  const fk_s32x16 bits = (n + 127) << 23;
  fk_f32x16 value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

// e^x to 1.5 units in the last place, subnormal results included; NaN stays NaN.
//
// x = n ln 2 + r with |r| <= ln(2) / 2. ln 2 is split so that n times its upper part is exact; e^r comes from a
// polynomial that was fitted for the least relative error; 2^n is multiplied in two halves, because n reaches 128 and
// -150 where one factor would overflow or vanish.
FK_INLINE fk_f32x16 fk_exp(fk_f32x16 x) {
  // Outside of these limits the result is infinite or zero. Written so that a NaN passes through.
  x = fk_max((fk_f32x16)-104.0f, x);
  x = fk_min((fk_f32x16)89.0f, x);
  const fk_f32x16 shifted = x * 1.44269504f + FK_ROUNDING_MAGIC;
  const fk_f32x16 n = shifted - FK_ROUNDING_MAGIC;
  const fk_f32x16 r = (x - n * 0.693359375f) - n * -2.12194440e-4f;
  fk_f32x16 p = 0x1.6db4e4p-10f;
  p = p * r + 0x1.123be0p-7f;
  p = p * r + 0x1.55545ep-5f;
  p = p * r + 0x1.55548ep-3f;
  p = p * r + 0.5f;
  const fk_f32x16 power = 1.0f + (r + (r * r) * p);
  // The integer is read from the bits of the shifted number: converting a NaN would be undefined.
  const fk_f32x16 magic = FK_ROUNDING_MAGIC;
  fk_s32x16 bits, magic_bits;
  memcpy(&bits, &shifted, sizeof bits);
  memcpy(&magic_bits, &magic, sizeof magic_bits);
  // A NaN's bits are no exponent; the mask keeps the factors finite.
  const fk_s32x16 whole = x == x ? bits - magic_bits : 0;
  const fk_s32x16 half = whole >> 1;
  return power * fk_power_of_two(half) * fk_power_of_two(whole - half);
}

// The normal distribution function, (1 + erf(x / sqrt 2)) / 2: an odd polynomial near 0, and further out e^(-x^2 / 2)
// times a polynomial of 1 / (|x| + 1.5), which keeps the relative accuracy of the lower tail.
FK_INLINE fk_f32x16 fk_normal_cdf(fk_f32x16 x) {
  const fk_f32x16 square = x * x;
  fk_f32x16 p = 0x1.ad9cecp-22f;
  p = p * square + -0x1.21b430p-17f;
  p = p * square + 0x1.dea384p-14f;
  p = p * square + -0x1.36f1e0p-10f;
  p = p * square + 0x1.46cbc8p-7f;
  p = p * square + -0x1.10581ap-4f;
  p = p * square + 0x1.988452p-2f;
  const fk_f32x16 middle = 0.5f + x * p;
  const fk_f32x16 t = 1.0f / (fk_abs(x) + 1.5f);
  fk_f32x16 q = -0x1.7dbe2ap+2f;
  q = q * t + 0x1.4352e6p+3f;
  q = q * t + -0x1.614c0ep+2f;
  q = q * t + 0x1.2a2330p-4f;
  q = q * t + 0x1.cfbd26p-2f;
  q = q * t + 0x1.337998p-1f;
  q = q * t + 0x1.9879ccp-2f;
  const fk_f32x16 tail = fk_exp(square * -0.5f) * (q * t);
  const fk_f32x16 outer = x < 0.0f ? tail : 1.0f - tail;
  return fk_abs(x) < 1.5f ? middle : outer;
}

#endif
