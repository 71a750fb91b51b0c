#include "fk_declare.h"
#include "fk_math.h"

// Blocks whose greatest magnitude is below this become zeros: its inverse would overflow.
#define FK_LEAST_PEAK 1.0e-30f

// Shifts in the order in which the first of equally good ones is taken, and the steps above and below zero that codes of
// -127 ... 127 have with each; what fills up the lanes is never better than the first.
#define FK_SHIFTS 0, 32, -32, 64, -64, 96, -96
static const int8_t shifts_in_order[FK_SHIFT_COUNT] = {FK_SHIFTS};
static const float shift_lanes[FK_LANES] = {FK_SHIFTS};

struct block_scale {
  float scale, inverse;
  int8_t shift;
};

// The shift with the smallest steps that reach both ends: activations often have their outliers on one side.
FK_INLINE struct block_scale smallest_scale(float low, float high) {
  const fk_f32x16 shifts = fk_load(shift_lanes);
  const fk_f32x16 above = high / (127.0f + shifts), below = -low / (127.0f - shifts);
  const fk_f32x16 scales = fk_max(above, below);
  const float scale = -fk_max_lanes(-scales);
  const fk_s32x16 lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  const int32_t first = __builtin_reduce_min(scales == scale ? lanes : (fk_s32x16)FK_LANES);
  return (struct block_scale){scale, 1.0f / scale, shifts_in_order[first < FK_SHIFT_COUNT ? first : 0]};
}

FK_INLINE fk_s32x16 quantize_lanes(fk_f32x16 x, const struct block_scale *block) {
  return __builtin_convertvector(fk_round(x * block->inverse), fk_s32x16) - block->shift;
}

FK_INLINE fk_u32x16 magnitude_bits(fk_f32x16 x) {
  fk_u32x16 bits;
  memcpy(&bits, &x, sizeof bits);
  return bits & 0x7FFFFFFFu;
}

// One block of 16 or 32 columns. Lanes past the end are zeros.
FK_INLINE void quantize_block(
    fk_f32x16 first, fk_f32x16 second, bool wide, bool splits_pairs, int8_t bias, int8_t *codes, float *scale,
    float *sum, int8_t *shift) {
  // Magnitudes are ordered as their bits are, with infinity and then NaN above all numbers.
  const fk_u32x16 greatest = __builtin_elementwise_max(magnitude_bits(first), magnitude_bits(second));
  const uint32_t bits = __builtin_reduce_max(greatest);
  const bool is_finite = bits < 0x7F800000u;
  float peak;
  memcpy(&peak, &bits, sizeof peak);
  // A block with a NaN or an infinity makes everything that it is multiplied with NaN.
  struct block_scale chosen = {is_finite ? 0.0f : __builtin_nanf(""), 0.0f, 0};
  if (is_finite && peak >= FK_LEAST_PEAK) {
    chosen = smallest_scale(-fk_max_lanes(fk_max(-first, -second)), fk_max_lanes(fk_max(first, second)));
  }
  *scale = chosen.scale;
  *shift = chosen.shift;
  const fk_f32x16 zero = 0.0f;
  const fk_s32x16 low_codes = quantize_lanes(is_finite ? first : zero, &chosen);
  fk_s32x16 high_codes = quantize_lanes(is_finite ? second : zero, &chosen);
  if (!wide) {
    // There is no second half.
    high_codes = 0;
  }
  *sum = (float)__builtin_reduce_add(low_codes + high_codes);
  const fk_s8x16 a = __builtin_convertvector(low_codes, fk_s8x16);
  const fk_s8x16 b = __builtin_convertvector(high_codes, fk_s8x16);
  if (!wide) {
    const fk_s8x16 split =
        __builtin_shufflevector(a, a, 0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15);
    const fk_s8x16 ordered = (splits_pairs ? split : a) ^ bias;
    memcpy(codes, &ordered, sizeof ordered);
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
    float *sums, int8_t *shifts) {
  const bool wide = block_size == 2 * FK_LANES;
  for (size_t start = 0, block = 0; start < columns; start += block_size, block++) {
    const size_t left = columns - start;
    const fk_f32x16 first = fk_load_up_to(x + start, left);
    fk_f32x16 second = 0.0f;
    if (wide && left > FK_LANES) {
      second = fk_load_up_to(x + start + FK_LANES, left - FK_LANES);
    }
    quantize_block(first, second, wide, splits_pairs, bias, codes + start, scales + block, sums + block, shifts + block);
  }
}

// bias: 0, or the sign bit for levels that multiply unsigned activations.
#define DEFINE(level, bias)                                                                                        \
  FK_TARGET_##level void fk_quantize_activations__##level(                                                         \
      const float *x, size_t columns, size_t block_size, bool splits_pairs, int8_t *codes, float *scales,          \
      float *sums, int8_t *shifts) {                                                                               \
    quantize_activations(x, columns, block_size, splits_pairs, bias, codes, scales, sums, shifts);                 \
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
