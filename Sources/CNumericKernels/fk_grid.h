// The uneven grid that codes of four bits may stand for: w = s * entry[q].
//
// Entries ascend, one of them is 0, and all fit into a signed byte, so that products of them are products of bytes.
// formats/quantization.md says where they come from.
#ifndef FK_GRID_H
#define FK_GRID_H

#include "fk_matrix.h"

#if defined(__aarch64__)
#include <arm_neon.h>
#endif

#define FK_GRID_ENTRIES -127, -99, -78, -61, -47, -34, -22, -11, 0, 13, 26, 39, 54, 72, 93, 122
#define FK_GRID_UNROLL _Pragma("clang loop unroll(full)")

static const int8_t fk_grid_entry[FK_GRID_SIZE] = {FK_GRID_ENTRIES};

// The middle between two neighbours; half a step is exact.
FK_INLINE float fk_grid_middle(int lower) {
  return 0.5f * (float)(fk_grid_entry[lower] + fk_grid_entry[lower + 1]);
}

// What a level chooses floats from a table with: comparisons one after the other, or vectors of 8 or of 16 indices.
enum fk_tables { FK_NO_TABLES, FK_TABLES_OF_8, FK_TABLES_OF_16 };
#define FK_TABLES_portable FK_NO_TABLES
#define FK_TABLES_avx2 FK_TABLES_OF_8
#define FK_TABLES_avx512 FK_TABLES_OF_16

typedef float fk_f32x8 __attribute__((ext_vector_type(8)));

// Eight floats, chosen by indices of 0 ... 7.
FK_INLINE fk_f32x16 fk_choose(fk_f32x8 table, fk_s32x16 places, const enum fk_tables tables) {
  if (tables == FK_TABLES_OF_16) {
    const fk_f32x16 twice = __builtin_shufflevector(table, table, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7);
    return __builtin_shufflevector(twice, places);
  }
  const fk_f32x8 low = __builtin_shufflevector(table, places.lo), high = __builtin_shufflevector(table, places.hi);
  return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

// The entry that is nearest to t, the lower one of two.
FK_INLINE fk_f32x16 fk_nearest_entry(fk_f32x16 t, const enum fk_tables tables) {
  if (tables == FK_NO_TABLES) {
    fk_f32x16 entry = (float)fk_grid_entry[0];
    FK_GRID_UNROLL for (int lower = 0; lower < FK_GRID_SIZE - 1; lower++) {
      const float gap = (float)(fk_grid_entry[lower + 1] - fk_grid_entry[lower]);
      entry += t > fk_grid_middle(lower) ? (fk_f32x16)gap : (fk_f32x16)0.0f;
    }
    return entry;
  }
  // By halves: each comparison is with the middle of what is left, and the last one decides between two neighbours.
  fk_f32x8 middles_of_four, middles_of_two, lower, upper;
  FK_GRID_UNROLL for (int pair = 0; pair < 8; pair++) {
    middles_of_four[pair] = fk_grid_middle(2 * (pair & 6) + 1);
    middles_of_two[pair] = fk_grid_middle(2 * pair);
    lower[pair] = (float)fk_grid_entry[2 * pair];
    upper[pair] = (float)fk_grid_entry[2 * pair + 1];
  }
  const fk_s32x16 in_upper_half = t > fk_grid_middle(7);
  const fk_f32x16 quarter = in_upper_half ? (fk_f32x16)fk_grid_middle(11) : (fk_f32x16)fk_grid_middle(3);
  fk_s32x16 pair = (in_upper_half & 4) | ((t > quarter) & 2);
  pair |= (t > fk_choose(middles_of_four, pair, tables)) & 1;
  const fk_s32x16 is_upper = t > fk_choose(middles_of_two, pair, tables);
  return is_upper ? fk_choose(upper, pair, tables) : fk_choose(lower, pair, tables);
}

// Its index: how many middles are below t.
FK_INLINE fk_s32x16 fk_nearest_index(fk_f32x16 t) {
  fk_s32x16 index = 0;
  FK_GRID_UNROLL for (int lower = 0; lower < FK_GRID_SIZE - 1; lower++) {
    index -= t > fk_grid_middle(lower);
  }
  return index;
}

// Sixteen bytes of a table, chosen by indices of 0 ... 15. One instruction where there is one.
FK_INLINE fk_s8x16 fk_look_up(fk_s8x16 table, fk_u8x16 indices) {
#if defined(__aarch64__)
  int8x16_t entries;
  uint8x16_t places;
  memcpy(&entries, &table, sizeof entries);
  memcpy(&places, &indices, sizeof places);
  entries = vqtbl1q_s8(entries, places);
  memcpy(&table, &entries, sizeof table);
  return table;
#else
  return __builtin_shufflevector(table, indices);
#endif
}

// Entries of 16 codes.
FK_INLINE fk_s8x16 fk_grid_of(fk_u8x16 codes) {
  const fk_s8x16 entries = {FK_GRID_ENTRIES};
  return fk_look_up(entries, codes);
}

// The same where nothing looks up a vector: from entry to entry.
FK_INLINE fk_s8x16 fk_grid_of_portable(fk_u8x16 codes) {
#if defined(__aarch64__)
  return fk_grid_of(codes);
#else
  fk_s8x16 entry = fk_grid_entry[0];
  FK_GRID_UNROLL for (int code = 1; code < FK_GRID_SIZE; code++) {
    const fk_s8x16 gap = (int8_t)(fk_grid_entry[code] - fk_grid_entry[code - 1]), zero = 0;
    entry += __builtin_convertvector(codes, fk_s8x16) >= (int8_t)code ? gap : zero;
  }
  return entry;
#endif
}

FK_INLINE fk_f32x16 fk_float_of_bytes(fk_s8x16 bytes) {
  return __builtin_convertvector(__builtin_convertvector(bytes, fk_s32x16), fk_f32x16);
}

// Entries of the codes in the low and in the high halves of bytes.
FK_INLINE void fk_grid_of_halves(fk_u8x16 bytes, const enum fk_tables tables, fk_f32x16 *low, fk_f32x16 *high) {
  if (tables == FK_TABLES_OF_16) {
    const fk_f32x16 entries = {FK_GRID_ENTRIES};
    const fk_s32x16 wide = __builtin_convertvector(bytes, fk_s32x16);
    *low = __builtin_shufflevector(entries, wide & 15);
    *high = __builtin_shufflevector(entries, wide >> 4);
  } else if (tables == FK_NO_TABLES) {
    *low = fk_float_of_bytes(fk_grid_of_portable(bytes & 15));
    *high = fk_float_of_bytes(fk_grid_of_portable(bytes >> 4));
  } else {
    *low = fk_float_of_bytes(fk_grid_of(bytes & 15));
    *high = fk_float_of_bytes(fk_grid_of(bytes >> 4));
  }
}

// The distance from each code's entry to the next one above or below, 0 where there is none.
FK_INLINE fk_f32x16 fk_grid_gap(fk_u8x16 codes, bool above) {
  fk_s8x16 gaps;
  FK_GRID_UNROLL for (int code = 0; code < FK_GRID_SIZE; code++) {
    const int next = above ? code + 1 : code - 1, is_there = next >= 0 && next < FK_GRID_SIZE;
    const int gap = is_there ? fk_grid_entry[next] - fk_grid_entry[code] : 0;
    gaps[code] = (int8_t)(gap < 0 ? -gap : gap);
  }
  return fk_float_of_bytes(fk_look_up(gaps, codes));
}

#endif
