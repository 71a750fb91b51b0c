// Reading an encoded matrix: rows, groups, scales and zero points.
#ifndef FK_MATRIX_H
#define FK_MATRIX_H

#include "fk_math.h"

typedef uint8_t fk_u8x16 __attribute__((ext_vector_type(16)));
typedef uint16_t fk_u16x16 __attribute__((ext_vector_type(16)));

// Bytes of codes or values of a row.
FK_INLINE size_t fk_row_bytes(const struct fk_matrix *matrix) {
  switch (matrix->encoding) {
  case FK_ENCODING_F32: return 4 * matrix->columns;
  case FK_ENCODING_F16:
  case FK_ENCODING_BF16: return 2 * matrix->columns;
  case FK_ENCODING_S8: return matrix->columns;
  default: return (matrix->columns + 1) / 2;
  }
}

FK_INLINE const uint8_t *fk_row(const struct fk_matrix *matrix, size_t row) {
  return (const uint8_t *)matrix->codes + row * fk_row_bytes(matrix);
}

FK_INLINE size_t fk_group_size(const struct fk_matrix *matrix) {
  return matrix->group_size == 0 ? matrix->columns : matrix->group_size;
}

FK_INLINE size_t fk_group_count(const struct fk_matrix *matrix) {
  return matrix->group_size == 0 ? 1 : (matrix->columns + matrix->group_size - 1) / matrix->group_size;
}

FK_INLINE float fk_bf16(uint16_t half) {
  const uint32_t bits = (uint32_t)half << 16;
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

// One scale a row is float32, scales of groups are bfloat16.
FK_INLINE float fk_scale(const struct fk_matrix *matrix, size_t group_count, size_t row, size_t group) {
  if (matrix->group_size == 0) {
    float value;
    memcpy(&value, (const uint8_t *)matrix->scales + 4 * row, sizeof value);
    return value;
  }
  uint16_t half;
  memcpy(&half, (const uint8_t *)matrix->scales + 2 * (row * group_count + group), sizeof half);
  return fk_bf16(half);
}

// What is subtracted from an unsigned code: signed codes of four bits are read as code + 8. Nothing is from the entries
// of a grid.
FK_INLINE int32_t fk_nibble_zero(const struct fk_matrix *matrix, size_t group_count, size_t row, size_t group) {
  if (matrix->encoding == FK_ENCODING_N4) {
    return 0;
  }
  if (matrix->encoding == FK_ENCODING_S4) {
    return 8;
  }
  const size_t row_bytes = (group_count + 1) / 2;
  const uint8_t byte = ((const uint8_t *)matrix->zero_points)[row * row_bytes + group / 2];
  return group % 2 == 0 ? byte & 15 : byte >> 4;
}

// Turns four-bit codes of -8 ... 7 into code + 8, both halves of a byte at once.
FK_INLINE uint8_t fk_nibble_flip(const struct fk_matrix *matrix) {
  return matrix->encoding == FK_ENCODING_S4 ? 0x88 : 0;
}

// Rows that a product with one vector works on together, and so many groups of them ahead they are fetched: a row is too
// short for the hardware to follow it.
#define FK_ROWS 4
#define FK_AHEAD 2

// Fetches what the rows that come FK_AHEAD groups later have where these rows are at `offset`; to be called once for each
// 64 bytes. What is behind the last row is not there, which does no harm.
FK_INLINE void fk_prefetch_rows(const uint8_t *const *rows, size_t row_count, size_t offset, size_t row_bytes) {
  for (size_t r = 0; r < row_count; r++) {
    __builtin_prefetch(rows[r] + offset + FK_AHEAD * FK_ROWS * row_bytes, 0, 3);
  }
}

// The first count bytes, zeros after them; at most 16.
FK_INLINE fk_u8x16 fk_load_bytes(const uint8_t *source, size_t count) {
  fk_u8x16 bytes = 0;
  if (count >= 16) {
    memcpy(&bytes, source, 16);
  } else {
    memcpy(&bytes, source, count);
  }
  return bytes;
}

FK_INLINE fk_u16x16 fk_load_halves(const uint8_t *source, size_t count) {
  fk_u16x16 halves = 0;
  if (count >= FK_LANES) {
    memcpy(&halves, source, sizeof halves);
  } else {
    memcpy(&halves, source, 2 * count);
  }
  return halves;
}

FK_INLINE fk_f32x16 fk_float_of_bits(fk_u32x16 bits) {
  fk_f32x16 value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

// As widen_f16 does it for one number: rebias the exponent, make subnormals normal by an exact subtraction.
FK_INLINE fk_f32x16 fk_widen_f16_lanes(fk_u16x16 halves) {
  const fk_u32x16 wide = __builtin_convertvector(halves, fk_u32x16);
  const fk_u32x16 magnitude = (wide & 0x7FFFu) << 13;
  const fk_u32x16 exponent = magnitude & 0x0F800000u;
  const fk_u32x16 shifted = magnitude + (113u << 23);
  const fk_u32x16 offset = 113u << 23;
  const fk_f32x16 subnormal = fk_float_of_bits(shifted) - fk_float_of_bits(offset);
  fk_u32x16 subnormal_bits;
  memcpy(&subnormal_bits, &subnormal, sizeof subnormal_bits);
  const fk_u32x16 special = magnitude + (224u << 23);
  const fk_u32x16 normal = magnitude + (112u << 23);
  const fk_u32x16 bits = exponent == 0u ? subnormal_bits : exponent == 0x0F800000u ? special : normal;
  return fk_float_of_bits(bits | ((wide & 0x8000u) << 16));
}

// Up to 16 verbatim values at position i of a row.
FK_INLINE fk_f32x16 fk_load_values(const uint8_t *row, enum fk_encoding encoding, size_t i, size_t count) {
  switch (encoding) {
  case FK_ENCODING_BF16:
    return fk_float_of_bits(__builtin_convertvector(fk_load_halves(row + 2 * i, count), fk_u32x16) << 16);
  case FK_ENCODING_F16: return fk_widen_f16_lanes(fk_load_halves(row + 2 * i, count));
  default: {
    fk_f32x16 value = 0.0f;
    memcpy(&value, row + 4 * i, (count < FK_LANES ? count : FK_LANES) * sizeof(float));
    return value;
  }
  }
}

#endif
