#include "fk_declare.h"

// A product of two float32 numbers is exact in float64, so that a fused multiply-add and a product followed by a sum
// give the same bits: levels may differ in which of the two they use.

typedef double fk_f64x8 __attribute__((ext_vector_type(8)));

// Rows whose sums are held in registers side by side, and rows that are worked on while the panels pass by once.
#define FK_MOST_ROWS 8
#define FK_BLOCK_ROWS 32

// The next power of k for one row: two halves of a panel's 16 columns.
#define STEP_fused(factor, column, sum) __builtin_elementwise_fma(factor, column, sum)
#define STEP_plain(factor, column, sum) ((factor) * (column) + (sum))

#define DEFINE_PANEL(kind)                                                                                          \
  FK_INLINE void add_panel_##kind(                                                                                  \
      const float *left, const float *panel, size_t rank, double scale, size_t rows, size_t stride, size_t lanes,   \
      float *weights) {                                                                                             \
    fk_f64x8 low[FK_MOST_ROWS], high[FK_MOST_ROWS];                                                                 \
    for (size_t r = 0; r < rows; r++) {                                                                             \
      low[r] = 0.0;                                                                                                 \
      high[r] = 0.0;                                                                                                \
    }                                                                                                               \
    for (size_t k = 0; k < rank; k++) {                                                                             \
      const fk_f32x16 narrow = fk_load(panel + FK_LANES * k);                                                       \
      const fk_f64x8 first = __builtin_convertvector(narrow.lo, fk_f64x8);                                          \
      const fk_f64x8 second = __builtin_convertvector(narrow.hi, fk_f64x8);                                         \
      for (size_t r = 0; r < rows; r++) {                                                                           \
        const fk_f64x8 factor = (double)left[r * rank + k];                                                         \
        low[r] = STEP_##kind(factor, first, low[r]);                                                                \
        high[r] = STEP_##kind(factor, second, high[r]);                                                             \
      }                                                                                                             \
    }                                                                                                               \
    for (size_t r = 0; r < rows; r++) {                                                                             \
      float *row = weights + r * stride;                                                                            \
      fk_f32x16 value = 0.0f;                                                                                       \
      memcpy(&value, row, lanes * sizeof(float));                                                                   \
      value.lo = __builtin_convertvector(                                                                           \
          __builtin_convertvector(value.lo, fk_f64x8) + scale * low[r], __typeof__(value.lo));                      \
      value.hi = __builtin_convertvector(                                                                           \
          __builtin_convertvector(value.hi, fk_f64x8) + scale * high[r], __typeof__(value.hi));                     \
      memcpy(row, &value, lanes * sizeof(float));                                                                   \
    }                                                                                                               \
  }
#if FK_HAS_X86_LEVELS
DEFINE_PANEL(fused)
#endif
DEFINE_PANEL(plain)

// tile: rows whose sums fit the level's registers.
#define DEFINE_LOW_RANK(kind, tile)                                                                                 \
  FK_INLINE void add_low_rank_##kind(                                                                               \
      const float *left, const float *right, size_t rank, double scale, size_t row_count, size_t columns,           \
      float *weights) {                                                                                             \
    for (size_t block = 0; block < row_count; block += FK_BLOCK_ROWS) {                                             \
      const size_t end = row_count - block < FK_BLOCK_ROWS ? row_count : block + FK_BLOCK_ROWS;                     \
      for (size_t column = 0; column < columns; column += FK_LANES) {                                               \
        const float *panel = right + column * rank;                                                                 \
        const size_t lanes = columns - column < FK_LANES ? columns - column : FK_LANES;                             \
        size_t row = block;                                                                                         \
        for (; lanes == FK_LANES && end - row >= tile; row += tile) {                                               \
          add_panel_##kind(                                                                                         \
              left + row * rank, panel, rank, scale, tile, columns, FK_LANES, weights + row * columns + column);    \
        }                                                                                                           \
        for (; row < end; row++) {                                                                                  \
          add_panel_##kind(                                                                                         \
              left + row * rank, panel, rank, scale, 1, columns, lanes, weights + row * columns + column);          \
        }                                                                                                           \
      }                                                                                                             \
    }                                                                                                               \
  }
#if FK_HAS_X86_LEVELS
DEFINE_LOW_RANK(fused, 8)
#endif
DEFINE_LOW_RANK(plain, 2)

#define BODY_portable add_low_rank_plain
#define BODY_avx2 add_low_rank_plain
#define BODY_avx512 add_low_rank_fused

#define DEFINE(level)                                                                                               \
  FK_TARGET_##level void fk_add_low_rank_f32__##level(                                                              \
      const float *left, const float *right, size_t rank, double scale, size_t row_count, size_t columns,           \
      float *weights) {                                                                                             \
    BODY_##level(left, right, rank, scale, row_count, columns, weights);                                            \
  }
FK_FOR_EACH_LEVEL(DEFINE)
