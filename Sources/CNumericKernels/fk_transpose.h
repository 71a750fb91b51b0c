// Turning 16 rows of 16 elements into 16 columns.
#ifndef FK_TRANSPOSE_H
#define FK_TRANSPOSE_H

#include "fk_vector.h"

// Two rows interleaved: the lower or the upper halves.
#define FK_LOW(a, b) \
  __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define FK_HIGH(a, b) \
  __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)

// Interleaving row r with row r + 8 four times over transposes 16 x 16 elements.
FK_INLINE void fk_transpose_bytes(fk_s8x16 rows[16]) {
  fk_s8x16 other[16];
  for (int round = 0; round < 2; round++) {
    for (int r = 0; r < 8; r++) {
      other[2 * r] = FK_LOW(rows[r], rows[r + 8]);
      other[2 * r + 1] = FK_HIGH(rows[r], rows[r + 8]);
    }
    for (int r = 0; r < 8; r++) {
      rows[2 * r] = FK_LOW(other[r], other[r + 8]);
      rows[2 * r + 1] = FK_HIGH(other[r], other[r + 8]);
    }
  }
}

FK_INLINE void fk_transpose_floats(fk_f32x16 rows[16]) {
  fk_f32x16 other[16];
  for (int round = 0; round < 2; round++) {
    for (int r = 0; r < 8; r++) {
      other[2 * r] = FK_LOW(rows[r], rows[r + 8]);
      other[2 * r + 1] = FK_HIGH(rows[r], rows[r + 8]);
    }
    for (int r = 0; r < 8; r++) {
      rows[2 * r] = FK_LOW(other[r], other[r + 8]);
      rows[2 * r + 1] = FK_HIGH(other[r], other[r + 8]);
    }
  }
}

#endif
