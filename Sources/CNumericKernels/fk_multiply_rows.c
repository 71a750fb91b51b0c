// Rows of codes as they are stored times one token: what a decoder spends its time on. Nothing is unpacked to memory, so
// that the weights are read once, in order, at the speed of memory.
//
// Four rows go side by side through four blocks of 32 columns. The integer sums of a block are exact; the four blocks'
// totals of four rows are then one vector, which is scaled, and added to the rows' sums block after block: the same
// operations in the same order as in multiply_panel, so the same bits.
#include "fk_declare.h"
#include "fk_panel_steps.h"
#include "fk_transpose.h"

#define FK_BLOCKS 4
#define FK_BLOCK 32
#define FK_SPAN (FK_BLOCKS * FK_BLOCK)

typedef float fk_f32x4 __attribute__((ext_vector_type(4)));
typedef int32_t fk_s32x4 __attribute__((ext_vector_type(4)));
typedef uint32_t fk_u32x4 __attribute__((ext_vector_type(4)));
typedef uint64_t fk_u64x4 __attribute__((ext_vector_type(4)));
typedef uint64_t fk_u64x8 __attribute__((ext_vector_type(8)));
typedef uint8_t fk_u8x64 __attribute__((ext_vector_type(64)));

// What the vectors of a span have in lane 4 b + r: something of block b and row r.
#define FK_BY_BLOCK(a) __builtin_shufflevector(a, a, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3)
#define FK_BY_ROW(a) __builtin_shufflevector(a, a, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3)

// Four rows, what they are multiplied with, and how far the scales reach.
struct span_rows {
  const uint8_t *codes[FK_ROWS];
  const uint8_t *scales[FK_ROWS];
  const uint8_t *zero_points[FK_ROWS];
  const int8_t *x;
  const float *x_scales, *x_sums;
  const int8_t *x_shifts;
  // Groups of a whole row.
  size_t group_count, group_size;
  fk_f32x4 row_scales;
  // Of a nibble matrix without zero points, and of bytes.
  float constant_zero;
  uint8_t flip;
};

// The first count bytes, zeros after them.
FK_INLINE void load_bytes_up_to(void *target, const void *source, size_t size, size_t count) {
  if (count >= size) {
    memcpy(target, source, size);
  } else {
    memset(target, 0, size);
    memcpy(target, source, count);
  }
}

// Scales of a span. The groups of a span are 4, 2 or 1; 0 stands for one scale a row.
FK_INLINE void load_span_scales(
    const struct span_rows *rows, const size_t groups, size_t block, bool whole, fk_f32x16 *scales) {
  if (groups == 0) {
    *scales = FK_BY_ROW(rows->row_scales);
    return;
  }
  const size_t group = groups == 1 ? block * FK_BLOCK / rows->group_size : block * groups / FK_BLOCKS;
  const size_t left = rows->group_count - group, count = whole || left > groups ? groups : left;
  fk_u64x4 halves = 0;
  for (size_t r = 0; r < FK_ROWS; r++) {
    uint64_t bits = 0;
    if (whole || count == groups) {
      memcpy(&bits, rows->scales[r] + 2 * group, 2 * groups);
    } else {
      memcpy(&bits, rows->scales[r] + 2 * group, 2 * count);
    }
    halves[r] = bits;
  }
  fk_u16x16 by_row;
  memcpy(&by_row, &halves, sizeof by_row);
  const fk_u16x16 four = __builtin_shufflevector(by_row, by_row, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  const fk_u16x16 two = __builtin_shufflevector(by_row, by_row, 0, 4, 8, 12, 0, 4, 8, 12, 1, 5, 9, 13, 1, 5, 9, 13);
  const fk_u16x16 one = __builtin_shufflevector(by_row, by_row, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12);
  const fk_u16x16 chosen = groups == 4 ? four : groups == 2 ? two : one;
  *scales = fk_float_of_bits(__builtin_convertvector(chosen, fk_u32x16) << 16);
}

// Zero points of a span, two to a byte.
FK_INLINE void load_span_zeros(
    const struct span_rows *rows, const size_t groups, size_t block, bool whole, fk_f32x16 *zeros) {
  if (rows->zero_points[0] == NULL) {
    *zeros = rows->constant_zero;
    return;
  }
  const size_t group = groups == 0 ? 0
                       : groups == 1 ? block * FK_BLOCK / rows->group_size
                                     : block * groups / FK_BLOCKS;
  const size_t left = (rows->group_count + 1) / 2 - group / 2;
  fk_u32x4 nibbles = 0;
  for (size_t r = 0; r < FK_ROWS; r++) {
    const uint8_t *source = rows->zero_points[r] + group / 2;
    uint32_t bits = source[0];
    if (groups == 4 && (whole || left > 1)) {
      bits |= (uint32_t)source[1] << 8;
    }
    nibbles[r] = groups == 1 ? bits >> (4 * (group % 2)) : bits;
  }
  const fk_u32x16 four = {0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8, 12, 12, 12, 12};
  const fk_u32x16 two = {0, 0, 0, 0, 0, 0, 0, 0, 4, 4, 4, 4, 4, 4, 4, 4};
  const fk_u32x16 none = 0;
  const fk_u32x16 shifts = groups == 4 ? four : groups == 2 ? two : none;
  *zeros = __builtin_convertvector((FK_BY_ROW(nibbles) >> shifts) & 15u, fk_f32x16);
}

// Lane 4 b + r gets the sum of lanes 4 b ... 4 b + 3 of vector r.
FK_INLINE void add_quads(const fk_s32x16 rows[FK_ROWS], fk_s32x16 *totals) {
  const fk_s32x16 first = FK_LOW_ELEMENTS(rows[0], rows[1]) + FK_HIGH_ELEMENTS(rows[0], rows[1]);
  const fk_s32x16 second = FK_LOW_ELEMENTS(rows[2], rows[3]) + FK_HIGH_ELEMENTS(rows[2], rows[3]);
  *totals = FK_LOW_PAIRS(first, second) + FK_HIGH_PAIRS(first, second);
}

// Scales the totals of up to four blocks and adds them to the sums of the rows, block after block.
FK_INLINE void add_span(
    const struct span_rows *rows, const size_t groups, size_t block, size_t count, const fk_s32x4 *shifts,
    const fk_s32x16 *totals, fk_f32x4 *sums) {
  const bool whole = count == FK_BLOCKS;
  fk_f32x4 x_scales = 0.0f, x_sums = 0.0f;
  memcpy(&x_scales, rows->x_scales + block, (whole ? FK_BLOCKS : count) * sizeof(float));
  memcpy(&x_sums, rows->x_sums + block, (whole ? FK_BLOCKS : count) * sizeof(float));
  // Of codes with their shifts, as the totals are.
  x_sums += __builtin_convertvector(*shifts, fk_f32x4) * FK_BLOCK;
  fk_f32x16 scales, zeros;
  load_span_scales(rows, groups, block, whole, &scales);
  load_span_zeros(rows, groups, block, whole, &zeros);
  const fk_f32x16 exact = __builtin_convertvector(*totals, fk_f32x16) - zeros * FK_BY_BLOCK(x_sums);
  const fk_f32x16 parts = exact * scales * FK_BY_BLOCK(x_scales);
  const fk_f32x4 part[FK_BLOCKS] = {parts.lo.lo, parts.lo.hi, parts.hi.lo, parts.hi.hi};
  for (size_t b = 0; b < FK_BLOCKS; b++) {
    if (whole || b < count) {
      *sums += part[b];
    }
  }
}

// Activations of a span: for nibbles the even columns of all its blocks, then the odd ones; for bytes in order.
FK_INLINE void load_span_activations(
    const struct span_rows *rows, size_t block, size_t count, const bool nibbles, uint8_t bias, fk_s32x16 x[2]) {
  fk_u64x8 halves[2];
  load_bytes_up_to(halves, rows->x + block * FK_BLOCK, sizeof halves, count * FK_BLOCK);
  const uint64_t flip = bias * 0x0101010101010101u;
  fk_u64x8 first = halves[0] ^ flip, second = halves[1] ^ flip;
  if (nibbles) {
    const fk_u64x8 even = __builtin_shufflevector(first, second, 0, 1, 4, 5, 8, 9, 12, 13);
    const fk_u64x8 odd = __builtin_shufflevector(first, second, 2, 3, 6, 7, 10, 11, 14, 15);
    first = even;
    second = odd;
  }
  memcpy(&x[0], &first, sizeof first);
  memcpy(&x[1], &second, sizeof second);
}

// The shifts of a span's blocks, and as bytes beside the activations that they belong to.
FK_INLINE void load_span_shifts(
    const struct span_rows *rows, size_t block, size_t count, const bool nibbles, fk_s32x4 *shifts, fk_s32x16 m[2]) {
  typedef int8_t fk_s8x4 __attribute__((ext_vector_type(4)));
  fk_s8x4 bytes = 0;
  memcpy(&bytes, rows->x_shifts + block, count == FK_BLOCKS ? sizeof bytes : count);
  *shifts = __builtin_convertvector(bytes, fk_s32x4);
  const fk_s32x4 quads = (*shifts & 0xFF) * 0x01010101;
  if (nibbles) {
    m[0] = m[1] = FK_BY_BLOCK(quads);
    return;
  }
  m[0] = __builtin_shufflevector(quads, quads, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
  m[1] = __builtin_shufflevector(quads, quads, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3);
}

FK_INLINE void load_nibbles(
    const struct span_rows *rows, size_t r, size_t start, size_t byte_count, fk_s32x16 *low, fk_s32x16 *high) {
  fk_u32x16 bytes;
  load_bytes_up_to(&bytes, rows->codes[r] + start, sizeof bytes, byte_count);
  bytes ^= rows->flip * 0x01010101u;
  const fk_u32x16 even = bytes & 0x0F0F0F0Fu, odd = (bytes >> 4) & 0x0F0F0F0Fu;
  memcpy(low, &even, sizeof even);
  memcpy(high, &odd, sizeof odd);
}

// Two vectors of one row, eight lanes a block, to one with four lanes a block.
FK_INLINE void fold_bytes(const fk_s32x16 *first, const fk_s32x16 *second, fk_s32x16 *sums) {
  *sums =
      __builtin_shufflevector(*first, *second, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) +
      __builtin_shufflevector(*first, *second, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
}

// Scales and zero points of the rows that come FK_AHEAD groups later: those of neighbours lie side by side. What is
// behind the last row is not there, which does no harm.
FK_INLINE void prefetch_factors(const struct span_rows *rows) {
  const size_t scale_bytes = FK_ROWS * 2 * rows->group_count;
  for (size_t offset = 0; rows->scales[0] != NULL && offset < scale_bytes; offset += 64) {
    __builtin_prefetch(rows->scales[0] + FK_AHEAD * scale_bytes + offset, 0, 3);
  }
  const size_t zero_bytes = FK_ROWS * ((rows->group_count + 1) / 2);
  for (size_t offset = 0; rows->zero_points[0] != NULL && offset < zero_bytes; offset += 64) {
    __builtin_prefetch(rows->zero_points[0] + FK_AHEAD * zero_bytes + offset, 0, 3);
  }
}

FK_INLINE void begin_rows(
    const struct fk_matrix *matrix, size_t first_row, size_t row_count, size_t row, struct span_rows *rows) {
  const size_t group_count = fk_group_count(matrix), zero_bytes = (group_count + 1) / 2;
  for (size_t r = 0; r < FK_ROWS; r++) {
    // Rows that are not there repeat the last one; nobody stores their results.
    const size_t source = first_row + (row + r < row_count ? row + r : row_count - 1);
    rows->codes[r] = fk_row(matrix, source);
    if (matrix->group_size == 0) {
      rows->row_scales[r] = fk_scale(matrix, 1, source, 0);
    } else {
      rows->scales[r] = (const uint8_t *)matrix->scales + 2 * source * group_count;
    }
    rows->zero_points[r] = matrix->encoding == FK_ENCODING_U4
                               ? (const uint8_t *)matrix->zero_points + source * zero_bytes
                               : NULL;
  }
}

// What codes are in these loops.
enum code_kind { BYTES, NIBBLES, GRID };

FK_INLINE enum code_kind code_kind(const struct fk_matrix *matrix) {
  return matrix->encoding == FK_ENCODING_S8 ? BYTES : matrix->encoding == FK_ENCODING_N4 ? GRID : NIBBLES;
}

// The loops are the same for all levels but for the steps, which C can only take as text.
#define DEFINE_ROWS(level, bias)                                                                                   \
  FK_TARGET_##level FK_INLINE void nibble_span__##level(                                                           \
      const struct span_rows *rows, const bool grid, const size_t groups, size_t block, size_t count,              \
      size_t row_bytes, fk_f32x4 *sums) {                                                                          \
    const size_t start = block * FK_BLOCK / 2;                                                                     \
    fk_s32x16 x[2], m[2], quads[FK_ROWS], totals;                                                                  \
    fk_s32x4 shifts;                                                                                               \
    load_span_activations(rows, block, count, true, bias, x);                                                      \
    load_span_shifts(rows, block, count, true, &shifts, m);                                                        \
    for (size_t r = 0; r < FK_ROWS; r++) {                                                                         \
      fk_s32x16 low, high;                                                                                         \
      load_nibbles(rows, r, start, count == FK_BLOCKS ? sizeof low : row_bytes - start, &low, &high);              \
      if (grid) {                                                                                                  \
        low = fk_grid_step_##level(low);                                                                           \
        high = fk_grid_step_##level(high);                                                                         \
        fk_s32x16 products = 0;                                                                                    \
        products = fk_byte_step_##level(products, low, x[0]);                                                      \
        products = fk_byte_step_##level(products, low, m[0]);                                                      \
        products = fk_byte_step_##level(products, high, x[1]);                                                     \
        quads[r] = fk_byte_step_##level(products, high, m[1]);                                                     \
      } else {                                                                                                     \
        fk_nibble_sums_##level products;                                                                           \
        memset(&products, 0, sizeof products);                                                                     \
        products = fk_nibble_step_##level(products, low, x[0]);                                                    \
        /* At most 30, as bytes. */                                                                                \
        products = fk_nibble_step_##level(products, low + high, m[0]);                                             \
        quads[r] = fk_nibble_total_##level(fk_nibble_step_##level(products, high, x[1]));                          \
      }                                                                                                            \
    }                                                                                                              \
    add_quads(quads, &totals);                                                                                     \
    add_span(rows, groups, block, count, &shifts, &totals, sums);                                                  \
  }                                                                                                                \
  FK_TARGET_##level FK_INLINE void byte_span__##level(                                                             \
      const struct span_rows *rows, const size_t groups, size_t block, size_t count, size_t row_bytes,             \
      fk_f32x4 *sums) {                                                                                            \
    const size_t start = block * FK_BLOCK;                                                                         \
    fk_s32x16 x[2], m[2], quads[FK_ROWS], totals;                                                                  \
    fk_s32x4 shifts;                                                                                               \
    load_span_activations(rows, block, count, false, bias, x);                                                     \
    load_span_shifts(rows, block, count, false, &shifts, m);                                                       \
    for (size_t r = 0; r < FK_ROWS; r++) {                                                                         \
      fk_s32x16 codes[2], products[2];                                                                             \
      load_bytes_up_to(                                                                                            \
          codes, rows->codes[r] + start, sizeof codes, count == FK_BLOCKS ? sizeof codes : row_bytes - start);     \
      for (size_t k = 0; k < 2; k++) {                                                                             \
        products[k] = 0;                                                                                           \
        products[k] = fk_byte_step_##level(products[k], codes[k], x[k]);                                           \
        products[k] = fk_byte_step_##level(products[k], codes[k], m[k]);                                           \
      }                                                                                                            \
      fold_bytes(&products[0], &products[1], &quads[r]);                                                           \
    }                                                                                                              \
    add_quads(quads, &totals);                                                                                     \
    add_span(rows, groups, block, count, &shifts, &totals, sums);                                                  \
  }                                                                                                                \
  FK_TARGET_##level FK_INLINE void any_span__##level(                                                              \
      const struct span_rows *rows, const enum code_kind kind, const size_t groups, size_t block, size_t count,    \
      size_t row_bytes, fk_f32x4 *sums) {                                                                          \
    if (kind == BYTES) {                                                                                           \
      byte_span__##level(rows, groups, block, count, row_bytes, sums);                                             \
    } else {                                                                                                       \
      nibble_span__##level(rows, kind == GRID, groups, block, count, row_bytes, sums);                             \
    }                                                                                                              \
  }                                                                                                                \
  FK_TARGET_##level FK_INLINE void multiply_spans__##level(                                                        \
      const struct fk_matrix *matrix, size_t first_row, size_t row_count, const struct fk_activations *x,          \
      size_t token, const enum code_kind kind, const size_t groups, float *y) {                                    \
    const size_t block_count = x->block_count, row_bytes = fk_row_bytes(matrix);                                   \
    struct span_rows rows = {                                                                                      \
        .x = x->codes + token * block_count * FK_BLOCK,                                                            \
        .x_scales = x->scales + token * block_count,                                                               \
        .x_sums = x->sums + token * block_count,                                                                   \
        .x_shifts = x->shifts + token * block_count,                                                               \
        .group_count = fk_group_count(matrix),                                                                     \
        .group_size = fk_group_size(matrix),                                                                       \
        .constant_zero = kind == NIBBLES ? 8.0f : FK_BYTE_ZERO_##level,                                            \
        .flip = kind == NIBBLES ? fk_nibble_flip(matrix) : 0};                                                     \
    for (size_t row = 0; row < row_count; row += FK_ROWS) {                                                        \
      begin_rows(matrix, first_row, row_count, row, &rows);                                                        \
      prefetch_factors(&rows);                                                                                     \
      fk_f32x4 sums = 0.0f;                                                                                        \
      size_t block = 0;                                                                                            \
      /* The last blocks of a row may be cut off. */                                                               \
      for (; (block + FK_BLOCKS) * FK_BLOCK <= matrix->columns; block += FK_BLOCKS) {                              \
        if (kind == BYTES) {                                                                                       \
          fk_prefetch_rows(rows.codes, FK_ROWS, block * FK_BLOCK, row_bytes);                                      \
          fk_prefetch_rows(rows.codes, FK_ROWS, block * FK_BLOCK + 64, row_bytes);                                 \
        } else {                                                                                                   \
          fk_prefetch_rows(rows.codes, FK_ROWS, block * FK_BLOCK / 2, row_bytes);                                  \
        }                                                                                                          \
        any_span__##level(&rows, kind, groups, block, FK_BLOCKS, row_bytes, &sums);                                \
      }                                                                                                            \
      if (block < block_count) {                                                                                   \
        any_span__##level(&rows, kind, groups, block, block_count - block, row_bytes, &sums);                      \
      }                                                                                                            \
      memcpy(y + row, &sums, (row_count - row < FK_ROWS ? row_count - row : FK_ROWS) * sizeof(float));             \
    }                                                                                                              \
  }                                                                                                                \
  FK_TARGET_##level FK_INLINE void multiply_kind__##level(                                                         \
      const struct fk_matrix *matrix, size_t first_row, size_t row_count, const struct fk_activations *x,          \
      size_t token, const enum code_kind kind, float *y) {                                                         \
    switch (matrix->group_size) {                                                                                  \
    case 0: multiply_spans__##level(matrix, first_row, row_count, x, token, kind, 0, y); break;                    \
    case 32: multiply_spans__##level(matrix, first_row, row_count, x, token, kind, 4, y); break;                   \
    case 64: multiply_spans__##level(matrix, first_row, row_count, x, token, kind, 2, y); break;                   \
    default: multiply_spans__##level(matrix, first_row, row_count, x, token, kind, 1, y);                          \
    }                                                                                                              \
  }                                                                                                                \
  FK_TARGET_##level void fk_multiply_rows__##level(                                                                \
      const struct fk_matrix *matrix, size_t first_row, size_t row_count, const struct fk_activations *x,          \
      size_t token, float *y) {                                                                                    \
    switch (code_kind(matrix)) {                                                                                   \
    case BYTES: multiply_kind__##level(matrix, first_row, row_count, x, token, BYTES, y); break;                   \
    case NIBBLES: multiply_kind__##level(matrix, first_row, row_count, x, token, NIBBLES, y); break;               \
    case GRID: multiply_kind__##level(matrix, first_row, row_count, x, token, GRID, y); break;                     \
    }                                                                                                              \
  }

DEFINE_ROWS(portable, 0)
#if FK_HAS_X86_LEVELS
DEFINE_ROWS(avx2, 0)
DEFINE_ROWS(avx2vnni, 0)
DEFINE_ROWS(avx512, 0)
DEFINE_ROWS(avx512vnni, 0x80)
#elif FK_HAS_DOTPROD_LEVEL
DEFINE_ROWS(dotprod, 0)
#endif
