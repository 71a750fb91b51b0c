#include "fk_declare.h"
#include "fk_transpose.h"

// Whether all groups have so many values.
FK_INLINE bool are_whole(const int32_t *lengths, size_t count) {
  bool whole = count % 16 == 0;
  for (size_t lane = 0; lane < FK_LANES; lane++) {
    whole &= (size_t)lengths[lane] == count;
  }
  return whole;
}

// A group's values at position block, zeros behind its end.
FK_INLINE fk_f32x16 values_of_group(const float *source, const float *divisor, size_t length, size_t block) {
  fk_f32x16 values = 0.0f;
  if (length >= block + 16) {
    values = fk_load(source + block);
    if (divisor) values /= fk_load(divisor + block);
  } else if (length > block) {
    memcpy(&values, source + block, (length - block) * sizeof(float));
    if (divisor) {
      fk_f32x16 some = 1.0f;
      memcpy(&some, divisor + block, (length - block) * sizeof(float));
      values /= some;
    }
  }
  return values;
}

FK_INLINE void tile_f32_x16(
    const float *const *sources, const float *const *divisors, const int32_t *lengths, size_t count, float *tile) {
  const bool whole = are_whole(lengths, count);
  for (size_t block = 0; block < count; block += 16) {
    const size_t block_count = count - block < 16 ? count - block : 16;
    fk_f32x16 rows[16];
    if (whole) {
      for (size_t lane = 0; lane < FK_LANES; lane++) {
        rows[lane] = values_of_group(sources[lane], divisors ? divisors[lane] : NULL, block + 16, block);
      }
    } else {
      for (size_t lane = 0; lane < FK_LANES; lane++) {
        rows[lane] = values_of_group(sources[lane], divisors ? divisors[lane] : NULL, (size_t)lengths[lane], block);
      }
    }
    fk_transpose_floats(rows);
    if (block_count == 16) {
      for (size_t i = 0; i < 16; i++) {
        fk_store(tile + FK_LANES * (block + i), rows[i]);
      }
    } else {
      for (size_t i = 0; i < block_count; i++) {
        fk_store(tile + FK_LANES * (block + i), rows[i]);
      }
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
    fk_transpose_bytes(rows);
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
      const float *const *sources, const float *const *divisors, const int32_t *lengths, size_t count,             \
      float *tile) {                                                                                               \
    if (divisors) {                                                                                                \
      tile_f32_x16(sources, divisors, lengths, count, tile);                                                       \
    } else {                                                                                                       \
      tile_f32_x16(sources, NULL, lengths, count, tile);                                                           \
    }                                                                                                              \
  }                                                                                                                \
  FK_TARGET_##level void fk_untile_s8_x16__##level(                                                                \
      const int8_t *tile, const int32_t *lengths, int8_t *const *targets) {                                        \
    untile_s8_x16(tile, lengths, targets);                                                                         \
  }                                                                                                                \
  FK_TARGET_##level void fk_pack_nibbles__##level(const int8_t *codes, size_t count, uint8_t *packed) {            \
    pack_nibbles(codes, count, packed);                                                                            \
  }
FK_FOR_EACH_LEVEL(DEFINE)
