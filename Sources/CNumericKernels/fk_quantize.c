#include "fk_declare.h"
#include "fk_math.h"

// Blocks whose greatest magnitude is below this become zeros: its inverse would overflow.
#define FK_LEAST_PEAK 1.0e-30f

FK_INLINE fk_s32x16 quantize_lanes(fk_f32x16 x, float inverse) {
  return __builtin_convertvector(fk_round(x * inverse), fk_s32x16);
}

FK_INLINE fk_u32x16 magnitude_bits(fk_f32x16 x) {
  fk_u32x16 bits;
  memcpy(&bits, &x, sizeof bits);
  return bits & 0x7FFFFFFFu;
}

// One block of 16 or 32 columns. Lanes past the end are zeros.
FK_INLINE void quantize_block(
    fk_f32x16 first, fk_f32x16 second, bool wide, bool splits_pairs, int8_t bias, int8_t *codes, float *scale,
    float *sum) {
  // Magnitudes are ordered as their bits are, with infinity and then NaN above all numbers.
  const fk_u32x16 greatest = __builtin_elementwise_max(magnitude_bits(first), magnitude_bits(second));
  const uint32_t bits = __builtin_reduce_max(greatest);
  const bool is_finite = bits < 0x7F800000u;
  float peak;
  memcpy(&peak, &bits, sizeof peak);
  const bool is_empty = !is_finite || peak < FK_LEAST_PEAK;
  // A block with a NaN or an infinity makes everything that it is multiplied with NaN.
  *scale = !is_finite ? __builtin_nanf("") : is_empty ? 0.0f : peak / 127.0f;
  const float inverse = is_empty ? 0.0f : 127.0f / peak;
  const fk_f32x16 zero = 0.0f;
  const fk_s32x16 low_codes = quantize_lanes(is_finite ? first : zero, inverse);
  const fk_s32x16 high_codes = quantize_lanes(is_finite ? second : zero, inverse);
  // The second half of a narrow block is zeros.
  *sum = (float)__builtin_reduce_add(low_codes + high_codes);
  const fk_s8x16 a = __builtin_convertvector(low_codes, fk_s8x16);
  const fk_s8x16 b = __builtin_convertvector(high_codes, fk_s8x16);
  if (!wide) {
    const fk_s8x16 split =
        __builtin_shufflevector(a, a, 0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15);
    const fk_s8x16 chosen = (splits_pairs ? split : a) ^ bias;
    memcpy(codes, &chosen, sizeof chosen);
    return;
  }
  const fk_s8x16 even = __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  const fk_s8x16 odd = __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
  const fk_s8x16 low = (splits_pairs ? even : a) ^ bias, high = (splits_pairs ? odd : b) ^ bias;
  memcpy(codes, &low, sizeof low);
  memcpy(codes + FK_LANES, &high, sizeof high);
}

FK_INLINE void quantize_activations(
    const float *x, size_t columns, size_t block_size, bool splits_pairs, int8_t bias, int8_t *codes, float *scales,
    float *sums) {
  const bool wide = block_size == 2 * FK_LANES;
  for (size_t start = 0, block = 0; start < columns; start += block_size, block++) {
    const size_t left = columns - start;
    const fk_f32x16 first = fk_load_up_to(x + start, left);
    fk_f32x16 second = 0.0f;
    if (wide && left > FK_LANES) {
      second = fk_load_up_to(x + start + FK_LANES, left - FK_LANES);
    }
    quantize_block(first, second, wide, splits_pairs, bias, codes + start, scales + block, sums + block);
  }
}

// bias: 0, or the sign bit for levels that multiply unsigned activations.
#define DEFINE(level, bias)                                                                                        \
  FK_TARGET_##level void fk_quantize_activations__##level(                                                         \
      const float *x, size_t columns, size_t block_size, bool splits_pairs, int8_t *codes, float *scales,          \
      float *sums) {                                                                                               \
    quantize_activations(x, columns, block_size, splits_pairs, bias, codes, scales, sums);                         \
  }
DEFINE(portable, 0)
#if FK_HAS_X86_LEVELS
DEFINE(avx2, 0)
DEFINE(avx2vnni, 0)
DEFINE(avx512, 0)
DEFINE(avx512vnni, INT8_MIN)
#elif FK_HAS_DOTPROD_LEVEL
DEFINE(dotprod, 0)
#endif
