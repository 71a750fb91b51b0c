#include "fk_declare.h"

// Two rows interleaved: the lower or the upper halves.
#define FK_LOW(a, b) \
  __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define FK_HIGH(a, b) \
  __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)

// Interleaving row r with row r + 8 four times over transposes 16 x 16 elements.
FK_INLINE void transpose_bytes(fk_s8x16 rows[16]) {
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

FK_INLINE void transpose_floats(fk_f32x16 rows[16]) {
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

FK_INLINE void tile_f32_x16(const float *const *sources, const int32_t *lengths, size_t count, float *tile) {
  for (size_t block = 0; block < count; block += 16) {
    const size_t block_count = count - block < 16 ? count - block : 16;
    fk_f32x16 rows[16];
    for (size_t lane = 0; lane < FK_LANES; lane++) {
      const size_t length = (size_t)lengths[lane];
      rows[lane] = 0.0f;
      if (length >= block + 16) {
        rows[lane] = fk_load(sources[lane] + block);
      } else if (length > block) {
        memcpy(&rows[lane], sources[lane] + block, (length - block) * sizeof(float));
      }
    }
    transpose_floats(rows);
    for (size_t i = 0; i < block_count; i++) {
      fk_store(tile + FK_LANES * (block + i), rows[i]);
    }
  }
}

FK_INLINE void untile_s8_x16(const int8_t *tile, const int32_t *lengths, int8_t *const *targets) {
  size_t count = 0;
  for (size_t lane = 0; lane < FK_LANES; lane++) {
    count = (size_t)lengths[lane] > count ? (size_t)lengths[lane] : count;
  }
  for (size_t block = 0; block < count; block += 16) {
    const size_t block_count = count - block < 16 ? count - block : 16;
    fk_s8x16 rows[16];
    for (size_t i = 0; i < 16; i++) {
      rows[i] = 0;
      if (i < block_count) {
        memcpy(&rows[i], tile + FK_LANES * (block + i), sizeof rows[i]);
      }
    }
    transpose_bytes(rows);
    for (size_t lane = 0; lane < FK_LANES; lane++) {
      const size_t length = (size_t)lengths[lane];
      if (length >= block + 16) {
        memcpy(targets[lane] + block, &rows[lane], 16);
      } else if (length > block) {
        memcpy(targets[lane] + block, &rows[lane], length - block);
      }
    }
  }
}

FK_INLINE void pack_nibbles(const int8_t *codes, size_t count, uint8_t *packed) {
  const size_t pairs = count / 2;
  for (size_t i = 0; i < pairs; i++) {
    packed[i] = (uint8_t)(((uint8_t)codes[2 * i] & 15u) | ((uint8_t)codes[2 * i + 1] << 4));
  }
  if (count % 2 != 0) {
    packed[pairs] = (uint8_t)codes[count - 1] & 15u;
  }
}

#define DEFINE(level)                                                                                              \
  FK_TARGET_##level void fk_tile_f32_x16__##level(                                                                 \
      const float *const *sources, const int32_t *lengths, size_t count, float *tile) {                            \
    tile_f32_x16(sources, lengths, count, tile);                                                                   \
  }                                                                                                                \
  FK_TARGET_##level void fk_untile_s8_x16__##level(                                                                \
      const int8_t *tile, const int32_t *lengths, int8_t *const *targets) {                                        \
    untile_s8_x16(tile, lengths, targets);                                                                         \
  }                                                                                                                \
  FK_TARGET_##level void fk_pack_nibbles__##level(const int8_t *codes, size_t count, uint8_t *packed) {            \
    pack_nibbles(codes, count, packed);                                                                            \
  }
FK_FOR_EACH_LEVEL(DEFINE)
