#include "fk_declare.h"
#include "fk_panel_steps.h"
#include "fk_unpack_factors.h"

#if FK_HAS_X86_LEVELS
#include <immintrin.h>
#endif

typedef uint32_t fk_u32x4 __attribute__((ext_vector_type(4)));
typedef uint32_t fk_u32x8 __attribute__((ext_vector_type(8)));

#define FK_JOIN4(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7)
#define FK_JOIN8(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)

// Most bytes that a row has in one piece, and their distance in the copy: not a power of two, so that 16 rows do not
// fall on the same few places of a cache.
#define FK_PIECE_BYTES 512
#define FK_PIECE_STRIDE (FK_PIECE_BYTES + 64)

FK_INLINE fk_u32x4 load_segment(const uint8_t *source) {
  fk_u32x4 result;
  memcpy(&result, source, sizeof result);
  return result;
}

// Sixteen bytes of 16 rows: lane r of quads[k] gets bytes 4k ... 4k + 3 of row r.
FK_INLINE void transpose_segment(const uint8_t *segment, fk_u32x16 *quads) {
  fk_u32x16 a[4];
  for (size_t j = 0; j < 4; j++) {
    const uint8_t *row = segment + j * FK_PIECE_STRIDE;
    const fk_u32x8 low = FK_JOIN4(load_segment(row), load_segment(row + 4 * FK_PIECE_STRIDE));
    const fk_u32x8 high =
        FK_JOIN4(load_segment(row + 8 * FK_PIECE_STRIDE), load_segment(row + 12 * FK_PIECE_STRIDE));
    a[j] = FK_JOIN8(low, high);
  }
  const fk_u32x16 low01 = FK_LOW_ELEMENTS(a[0], a[1]), high01 = FK_HIGH_ELEMENTS(a[0], a[1]);
  const fk_u32x16 low23 = FK_LOW_ELEMENTS(a[2], a[3]), high23 = FK_HIGH_ELEMENTS(a[2], a[3]);
  quads[0] = FK_LOW_PAIRS(low01, low23);
  quads[1] = FK_HIGH_PAIRS(low01, low23);
  quads[2] = FK_LOW_PAIRS(high01, high23);
  quads[3] = FK_HIGH_PAIRS(high01, high23);
}

// A segment of nibbles is one block of 32 columns or two of 16; the low halves, even columns, come first in a block.
FK_INLINE void store_nibbles(const fk_u32x16 *quads, uint32_t flip, bool wide, fk_u32x16 *codes, bool has_second) {
  const uint32_t mask = 0x0F0F0F0Fu;
  fk_u32x16 low[4], high[4];
  for (size_t k = 0; k < 4; k++) {
    const fk_u32x16 flipped = quads[k] ^ flip;
    low[k] = flipped & mask;
    high[k] = (flipped >> 4) & mask;
  }
  if (wide) {
    memcpy(codes, low, sizeof low);
    memcpy(codes + 4, high, sizeof high);
    return;
  }
  const fk_u32x16 blocks[8] = {low[0], low[1], high[0], high[1], low[2], low[3], high[2], high[3]};
  memcpy(codes, blocks, has_second ? sizeof blocks : sizeof blocks / 2);
}

// Copies a piece of 16 rows, with zeros after the end of a row. Rows are often a multiple of 4096 bytes apart, and
// would push each other out of the cache if all were read 16 bytes at a time.
FK_INLINE void copy_piece(
    const struct fk_matrix *matrix, const size_t rows[16], size_t start, size_t length, uint8_t *piece) {
  const size_t row_bytes = fk_row_bytes(matrix);
  const size_t left = row_bytes - start, present = left < length ? left : length;
  for (size_t lane = 0; lane < FK_LANES; lane++) {
    const uint8_t *source = fk_row(matrix, rows[lane]) + start;
    uint8_t *target = piece + lane * FK_PIECE_STRIDE;
    // Not one copy of the whole length, which would be a call of a function.
    size_t done = 0;
    for (; present - done >= sizeof(fk_u32x16); done += sizeof(fk_u32x16)) {
      fk_u32x16 part;
      memcpy(&part, source + done, sizeof part);
      memcpy(target + done, &part, sizeof part);
    }
    if (done < present) {
      memcpy(target + done, source + done, present - done);
    }
    if (present < length) {
      memset(target + present, 0, length - present);
    }
    // The next piece, unless this was the last: then nothing is lost.
    for (size_t offset = 0; offset < length; offset += 64) {
      __builtin_prefetch(source + length + offset, 0, 3);
    }
  }
}

FK_INLINE void unpack_codes(
    const struct fk_matrix *matrix, const size_t rows[16], size_t first_block, size_t block_count, size_t block_size,
    fk_u32x16 *codes) {
  const bool bytes = matrix->encoding == FK_ENCODING_S8, wide = block_size == 32;
  const size_t start = first_block * block_size / (bytes ? 1 : 2);
  const size_t length = block_count * block_size / (bytes ? 1 : 2);
  const uint32_t flip = fk_nibble_flip(matrix) * 0x01010101u;
  uint8_t piece[FK_LANES * FK_PIECE_STRIDE];
  copy_piece(matrix, rows, start, length, piece);
  for (size_t offset = 0; offset < length; offset += 16) {
    fk_u32x16 quads[4];
    transpose_segment(piece + offset, quads);
    if (bytes) {
      memcpy(codes + offset / 4, quads, sizeof quads);
    } else {
      store_nibbles(quads, flip, wide, codes + offset / 2, offset + 8 < length);
    }
  }
}

FK_INLINE void unpack_panel(
    const struct fk_matrix *matrix, size_t first_row, size_t row_count, size_t first_block, size_t block_count,
    size_t block_size, void *codes, float *scales, float *zeros) {
  // Lanes without a row repeat the last one; nobody reads their results.
  size_t rows[FK_LANES];
  for (size_t lane = 0; lane < FK_LANES; lane++) {
    rows[lane] = first_row + (lane < row_count ? lane : row_count - 1);
  }
  unpack_codes(matrix, rows, first_block, block_count, block_size, codes);
  fk_unpack_factors(matrix, rows, first_block, block_count, block_size, scales, zeros);
}

// Sum of the four bytes of each lane, -128 ... 127 each.
FK_INLINE fk_s32x16 add_bytes(fk_s32x16 a) {
  return ((a << 24) >> 24) + ((a << 16) >> 24) + ((a << 8) >> 24) + (a >> 24);
}

// Sets the sums of a block's codes less the zero points, which its offsets begin with.
FK_INLINE void sum_block(const fk_s32x16 *codes, size_t quads, float *offsets) {
  fk_s32x16 sum = 0;
  for (size_t k = 0; k < quads; k++) {
    fk_s32x16 quad;
    memcpy(&quad, codes + k, sizeof quad);
    sum += add_bytes(quad);
  }
  const fk_f32x16 zeros = fk_load(offsets) * (float)(4 * quads);
  fk_store(offsets + FK_LANES, __builtin_convertvector(sum, fk_f32x16) - zeros);
}

// Indices into the grid become its entries.
#define DEFINE_LOOK_UP(level)                                                                                      \
  FK_TARGET_##level FK_INLINE void look_up__##level(fk_s32x16 *codes, size_t count) {                              \
    for (size_t k = 0; k < count; k++) {                                                                           \
      codes[k] = fk_grid_step_##level(codes[k]);                                                                   \
    }                                                                                                              \
  }

#define DEFINE(level)                                                                                              \
  DEFINE_LOOK_UP(level)                                                                                            \
  FK_TARGET_##level void fk_unpack_panel__##level(                                                                 \
      const struct fk_matrix *matrix, size_t first_row, size_t row_count, size_t first_block, size_t block_count,  \
      size_t block_size, void *codes, float *scales, void *offsets) {                                              \
    unpack_panel(matrix, first_row, row_count, first_block, block_count, block_size, codes, scales, offsets);      \
    if (matrix->encoding == FK_ENCODING_N4) {                                                                      \
      look_up__##level(codes, block_count * block_size / 4);                                                       \
    }                                                                                                              \
    for (size_t block = 0; block < block_count; block++) {                                                         \
      sum_block(                                                                                                   \
          (const fk_s32x16 *)codes + block * block_size / 4, block_size / 4,                                       \
          (float *)offsets + FK_OFFSETS * block);                                                                  \
    }                                                                                                              \
  }
FK_FOR_EACH_LEVEL(DEFINE)

#if FK_HAS_DOTPROD_LEVEL
DEFINE(dotprod)
#endif

#if FK_HAS_X86_LEVELS

DEFINE(avx2vnni)
DEFINE_LOOK_UP(avx512vnni)

// This level multiplies signed weights by activations that are 128 too large, so zero points are taken off here, once
// for all tokens, and each block's sum begins with what the 128 and the shift make of the sum of its weights.
FK_TARGET_avx512vnni FK_INLINE void center_block(fk_s32x16 *codes, size_t quads, void *offsets) {
  const __m512i zeros = _mm512_cvtps_epi32(_mm512_load_ps(offsets));
  const __m512i zero_bytes = _mm512_mullo_epi32(zeros, _mm512_set1_epi32(0x01010101));
  __m512i sum = _mm512_setzero_si512();
  for (size_t k = 0; k < quads; k++) {
    const __m512i w = _mm512_sub_epi8(_mm512_load_si512(codes + k), zero_bytes);
    sum = _mm512_dpbusd_epi32(sum, _mm512_set1_epi8(1), w);
    _mm512_store_si512(codes + k, w);
  }
  const __m512i step = _mm512_mullo_epi32(sum, _mm512_set1_epi32(FK_SHIFT_STEP));
  __m512i start = _mm512_mullo_epi32(sum, _mm512_set1_epi32(-128 - FK_SHIFT_STEP * (FK_SHIFT_COUNT / 2)));
  for (size_t shift = 0; shift < FK_SHIFT_COUNT; shift++) {
    _mm512_store_si512((int32_t *)offsets + FK_LANES * shift, start);
    start = _mm512_add_epi32(start, step);
  }
}

FK_TARGET_avx512vnni void fk_unpack_panel__avx512vnni(
    const struct fk_matrix *matrix, size_t first_row, size_t row_count, size_t first_block, size_t block_count,
    size_t block_size, void *codes, float *scales, void *offsets) {
  unpack_panel(matrix, first_row, row_count, first_block, block_count, block_size, codes, scales, offsets);
  if (matrix->encoding == FK_ENCODING_N4) {
    look_up__avx512vnni(codes, block_count * block_size / 4);
  }
  for (size_t block = 0; block < block_count; block++) {
    center_block(
        (fk_s32x16 *)codes + block * block_size / 4, block_size / 4, (int32_t *)offsets + FK_OFFSETS * block);
  }
}

#endif
