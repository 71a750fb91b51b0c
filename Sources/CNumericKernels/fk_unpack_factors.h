// Scales and zero points of 16 rows side by side, as a panel has them.
#ifndef FK_UNPACK_FACTORS_H
#define FK_UNPACK_FACTORS_H

#include "fk_matrix.h"
#include "fk_transpose.h"

typedef uint8_t fk_u8x8 __attribute__((ext_vector_type(8)));

// Sixteen zero points from eight bytes, the even ones in the low halves. Reads past the row, never past the stream.
FK_INLINE fk_u32x16 fk_load_zero_points(const struct fk_matrix *matrix, size_t offset, size_t stream_bytes) {
  fk_u8x8 bytes = 0;
  const uint8_t *source = (const uint8_t *)matrix->zero_points + offset;
  if (stream_bytes - offset >= sizeof bytes) {
    memcpy(&bytes, source, sizeof bytes);
  } else {
    memcpy(&bytes, source, stream_bytes - offset);
  }
  const fk_u8x8 low = bytes & 15, high = bytes >> 4;
  const fk_u8x16 both = __builtin_shufflevector(low, high, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
  return __builtin_convertvector(both, fk_u32x16);
}

// Writes one group's vectors to all of its blocks that are in the panel; zero points to where a block's offsets begin.
FK_INLINE void fk_store_factors(
    fk_f32x16 scale, fk_f32x16 zero, size_t first_block, size_t count, float *scales, float *zeros) {
  for (size_t block = first_block; block < first_block + count; block++) {
    fk_store(scales + FK_LANES * block, scale);
    fk_store(zeros + FK_OFFSETS * block, zero);
  }
}

// The piece of the rows begins at a whole and even group, unless a row is one group.
FK_INLINE void fk_unpack_factors(
    const struct fk_matrix *matrix, const size_t rows[16], size_t first_block, size_t block_count, size_t block_size,
    float *scales, float *zeros) {
  const float constant_zero = matrix->encoding == FK_ENCODING_S4 ? 8.0f : 0.0f;
  const bool has_zeros = matrix->encoding == FK_ENCODING_U4;
  if (matrix->group_size == 0) {
    fk_f32x16 scale, zero = constant_zero;
    for (size_t lane = 0; lane < FK_LANES; lane++) {
      scale[lane] = fk_scale(matrix, 1, rows[lane], 0);
      zero[lane] = has_zeros ? (float)fk_nibble_zero(matrix, 1, rows[lane], 0) : constant_zero;
    }
    fk_store_factors(scale, zero, 0, block_count, scales, zeros);
    return;
  }
  const size_t group_count = fk_group_count(matrix), zero_bytes = (group_count + 1) / 2;
  const size_t blocks_per_group = matrix->group_size / block_size;
  const size_t first_group = first_block / blocks_per_group;
  const size_t end = (block_count + blocks_per_group - 1) / blocks_per_group;
  const size_t scale_total = 2 * group_count * matrix->row_count, zero_total = zero_bytes * matrix->row_count;
  for (size_t start = 0; start < end; start += FK_LANES) {
    // A scale is the upper half of a float32, so a zero point travels in the lower half of the same element.
    fk_u32x16 elements[FK_LANES];
    for (size_t lane = 0; lane < FK_LANES; lane++) {
      const size_t group = first_group + start, offset = 2 * (rows[lane] * group_count + group);
      const uint8_t *source = (const uint8_t *)matrix->scales + offset;
      const fk_u16x16 halves = fk_load_halves(source, (scale_total - offset) / 2);
      elements[lane] = __builtin_convertvector(halves, fk_u32x16) << 16;
      if (has_zeros) {
        elements[lane] |= fk_load_zero_points(matrix, rows[lane] * zero_bytes + group / 2, zero_total);
      }
    }
    fk_transpose_words(elements);
    const size_t count = end - start < FK_LANES ? end - start : FK_LANES;
    for (size_t i = 0; i < count; i++) {
      const size_t block = (start + i) * blocks_per_group, left = block_count - block;
      const fk_f32x16 zero = __builtin_convertvector(elements[i] & 15u, fk_f32x16) + constant_zero;
      fk_store_factors(
          fk_float_of_bits(elements[i] & 0xFFFF0000u), zero, block, left < blocks_per_group ? left : blocks_per_group,
          scales, zeros);
    }
  }
}

#endif
