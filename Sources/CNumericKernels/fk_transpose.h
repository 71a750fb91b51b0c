// Turning rows of elements into columns by shuffles.
#ifndef FK_TRANSPOSE_H
#define FK_TRANSPOSE_H

#include "fk_vector.h"

// Two rows interleaved: the lower or the upper halves.
#define FK_LOW(a, b) \
  __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define FK_HIGH(a, b) \
  __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)

// Within each four lanes: the lower or upper two elements of both interleaved, or the lower or upper pairs joined.
#define FK_LOW_ELEMENTS(a, b) \
  __builtin_shufflevector(a, b, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29)
#define FK_HIGH_ELEMENTS(a, b) \
  __builtin_shufflevector(a, b, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31)
#define FK_LOW_PAIRS(a, b) \
  __builtin_shufflevector(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
#define FK_HIGH_PAIRS(a, b) \
  __builtin_shufflevector(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31)

// Interleaving row r with row r + 8 four times over transposes 16 x 16 elements.
#define FK_DEFINE_TRANSPOSE(name, vector)             \
  FK_INLINE void name(vector rows[16]) {              \
    vector other[16];                                 \
    for (int round = 0; round < 2; round++) {         \
      for (int r = 0; r < 8; r++) {                   \
        other[2 * r] = FK_LOW(rows[r], rows[r + 8]);  \
        other[2 * r + 1] = FK_HIGH(rows[r], rows[r + 8]); \
      }                                               \
      for (int r = 0; r < 8; r++) {                   \
        rows[2 * r] = FK_LOW(other[r], other[r + 8]); \
        rows[2 * r + 1] = FK_HIGH(other[r], other[r + 8]); \
      }                                               \
    }                                                 \
  }

FK_DEFINE_TRANSPOSE(fk_transpose_bytes, fk_s8x16)
FK_DEFINE_TRANSPOSE(fk_transpose_words, fk_u32x16)
FK_DEFINE_TRANSPOSE(fk_transpose_floats, fk_f32x16)

#endif
