#include "fk_declare.h"
#include "fk_grid.h"

// Each piece of the vector is loaded once for FK_ROWS rows. A row's result does not depend on its neighbours.

FK_INLINE void multiply_values(
    const struct fk_matrix *matrix, enum fk_encoding encoding, size_t row, size_t row_count, const float *x, float *y) {
  const uint8_t *rows[FK_ROWS];
  fk_f32x16 sums[FK_ROWS];
  for (size_t r = 0; r < row_count; r++) {
    rows[r] = fk_row(matrix, row + r);
    sums[r] = 0.0f;
  }
  const size_t whole = matrix->columns / FK_LANES * FK_LANES, row_bytes = fk_row_bytes(matrix);
  for (size_t i = 0; i < whole; i += FK_LANES) {
    fk_prefetch_rows(rows, row_count, (encoding == FK_ENCODING_F32 ? 4 : 2) * i, row_bytes);
    const fk_f32x16 part = fk_load(x + i);
    for (size_t r = 0; r < row_count; r++) {
      sums[r] += fk_load_values(rows[r], encoding, i, FK_LANES) * part;
    }
  }
  if (whole < matrix->columns) {
    const size_t left = matrix->columns - whole;
    for (size_t r = 0; r < row_count; r++) {
      sums[r] += fk_load_values(rows[r], encoding, whole, left) * fk_load_part(x + whole, left);
    }
  }
  for (size_t r = 0; r < row_count; r++) {
    y[r] = fk_add_lanes(sums[r]);
  }
}

// Products of codes are summed over a group and scaled once.
FK_INLINE void multiply_bytes(const struct fk_matrix *matrix, size_t row, size_t row_count, const float *x, float *y) {
  const size_t columns = matrix->columns, group_size = fk_group_size(matrix), group_count = fk_group_count(matrix);
  const uint8_t *rows[FK_ROWS];
  fk_f32x16 sums[FK_ROWS];
  for (size_t r = 0; r < row_count; r++) {
    rows[r] = fk_row(matrix, row + r);
    sums[r] = 0.0f;
  }
  for (size_t start = 0, group = 0; start < columns; start += group_size, group++) {
    const size_t end = columns - start < group_size ? columns : start + group_size;
    fk_f32x16 parts[FK_ROWS] = {0.0f, 0.0f, 0.0f, 0.0f};
    size_t i = start;
    for (; end - i >= FK_LANES; i += FK_LANES) {
      if (i % 64 == 0) {
        fk_prefetch_rows(rows, row_count, i, columns);
      }
      const fk_f32x16 part = fk_load(x + i);
      for (size_t r = 0; r < row_count; r++) {
        fk_s8x16 codes;
        memcpy(&codes, rows[r] + i, sizeof codes);
        parts[r] += fk_float_of_bytes(codes) * part;
      }
    }
    if (i < end) {
      const fk_f32x16 part = fk_load_part(x + i, end - i);
      for (size_t r = 0; r < row_count; r++) {
        fk_s8x16 codes = 0;
        memcpy(&codes, rows[r] + i, end - i);
        parts[r] += fk_float_of_bytes(codes) * part;
      }
    }
    for (size_t r = 0; r < row_count; r++) {
      sums[r] += parts[r] * fk_scale(matrix, group_count, row + r, group);
    }
  }
  for (size_t r = 0; r < row_count; r++) {
    y[r] = fk_add_lanes(sums[r]);
  }
}

// Sixteen bytes are 32 columns, the even ones in the low halves. Adds their products to parts.
FK_INLINE void add_nibbles(
    const uint8_t *const *rows, size_t row_count, const bool grid, const enum fk_tables tables, uint8_t flip,
    const fk_s32x16 *zeros, size_t i, size_t count, const float *x, fk_f32x16 *parts) {
  const fk_f32x16 first = fk_load_up_to(x + i, count);
  const fk_f32x16 second = count > FK_LANES ? fk_load_up_to(x + i + FK_LANES, count - FK_LANES) : (fk_f32x16)0.0f;
  const fk_f32x16 even = __builtin_shufflevector(
      first, second, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  const fk_f32x16 odd = __builtin_shufflevector(
      first, second, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
  // Left to itself the compiler keeps the sums of a grid in memory.
  _Pragma("clang loop unroll(full)") for (size_t r = 0; r < row_count; r++) {
    const fk_u8x16 bytes = fk_load_bytes(rows[r] + i / 2, (count + 1) / 2) ^ flip;
    fk_f32x16 low, high;
    if (grid) {
      fk_grid_of_halves(bytes, tables, &low, &high);
    } else {
      const fk_s32x16 wide = __builtin_convertvector(bytes, fk_s32x16);
      low = __builtin_convertvector((wide & 15) - zeros[r], fk_f32x16);
      high = __builtin_convertvector((wide >> 4) - zeros[r], fk_f32x16);
    }
    parts[r] += low * even;
    parts[r] += high * odd;
  }
}

// Groups of 16 columns go through in pairs: the first eight bytes, and so the first eight lanes, are the first group's.
FK_INLINE void multiply_nibbles(
    const struct fk_matrix *matrix, const bool grid, const enum fk_tables tables, const bool paired, size_t row,
    size_t row_count, const float *x, float *y) {
  const size_t columns = matrix->columns, span = paired ? 32 : fk_group_size(matrix);
  const size_t group_count = fk_group_count(matrix);
  const size_t row_bytes = fk_row_bytes(matrix);
  const uint8_t flip = fk_nibble_flip(matrix);
  const fk_s32x16 is_first = {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0};
  const uint8_t *rows[FK_ROWS];
  fk_f32x16 sums[FK_ROWS];
  for (size_t r = 0; r < row_count; r++) {
    rows[r] = fk_row(matrix, row + r);
    sums[r] = 0.0f;
  }
  for (size_t start = 0, group = 0; start < columns; start += span, group += paired ? 2 : 1) {
    const size_t end = columns - start < span ? columns : start + span;
    fk_f32x16 parts[FK_ROWS] = {0.0f, 0.0f, 0.0f, 0.0f}, scales[FK_ROWS];
    fk_s32x16 zeros[FK_ROWS];
    for (size_t r = 0; r < row_count; r++) {
      zeros[r] = fk_nibble_zero(matrix, group_count, row + r, group);
      scales[r] = fk_scale(matrix, group_count, row + r, group);
      if (paired && group + 1 < group_count) {
        zeros[r] = is_first ? zeros[r] : (fk_s32x16)fk_nibble_zero(matrix, group_count, row + r, group + 1);
        scales[r] = is_first ? scales[r] : (fk_f32x16)fk_scale(matrix, group_count, row + r, group + 1);
      }
    }
    size_t i = start;
    for (; end - i >= 32; i += 32) {
      if (i % 128 == 0) {
        fk_prefetch_rows(rows, row_count, i / 2, row_bytes);
      }
      add_nibbles(rows, row_count, grid, tables, flip, zeros, i, 32, x, parts);
    }
    if (i < end) {
      add_nibbles(rows, row_count, grid, tables, flip, zeros, i, end - i, x, parts);
    }
    for (size_t r = 0; r < row_count; r++) {
      sums[r] += parts[r] * scales[r];
    }
  }
  for (size_t r = 0; r < row_count; r++) {
    y[r] = fk_add_lanes(sums[r]);
  }
}

FK_INLINE void multiply_groups_of_nibbles(
    const struct fk_matrix *matrix, const bool grid, const enum fk_tables tables, size_t row, size_t row_count,
    const float *x, float *y) {
  if (matrix->group_size == 16) {
    multiply_nibbles(matrix, grid, tables, true, row, row_count, x, y);
  } else {
    multiply_nibbles(matrix, grid, tables, false, row, row_count, x, y);
  }
}

FK_INLINE void multiply_rows(
    const struct fk_matrix *matrix, const enum fk_tables tables, size_t row, size_t row_count, const float *x,
    float *y) {
  switch (matrix->encoding) {
  case FK_ENCODING_F32: multiply_values(matrix, FK_ENCODING_F32, row, row_count, x, y); break;
  case FK_ENCODING_F16: multiply_values(matrix, FK_ENCODING_F16, row, row_count, x, y); break;
  case FK_ENCODING_BF16: multiply_values(matrix, FK_ENCODING_BF16, row, row_count, x, y); break;
  case FK_ENCODING_S8: multiply_bytes(matrix, row, row_count, x, y); break;
  case FK_ENCODING_N4: multiply_groups_of_nibbles(matrix, true, tables, row, row_count, x, y); break;
  default: multiply_groups_of_nibbles(matrix, false, tables, row, row_count, x, y);
  }
}

FK_INLINE void multiply_vector(
    const struct fk_matrix *matrix, const enum fk_tables tables, size_t first_row, size_t row_count, const float *x,
    float *y) {
  size_t r = 0;
  for (; row_count - r >= FK_ROWS; r += FK_ROWS) {
    multiply_rows(matrix, tables, first_row + r, FK_ROWS, x, y + r);
  }
  for (; r < row_count; r++) {
    multiply_rows(matrix, tables, first_row + r, 1, x, y + r);
  }
}

#define DEFINE(level)                                                                                              \
  FK_TARGET_##level void fk_multiply_vector__##level(                                                              \
      const struct fk_matrix *matrix, size_t first_row, size_t row_count, const float *x, float *y) {              \
    multiply_vector(matrix, FK_TABLES_##level, first_row, row_count, x, y);                                        \
  }
FK_FOR_EACH_LEVEL(DEFINE)
