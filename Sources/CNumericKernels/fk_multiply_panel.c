#include "fk_declare.h"
#include "fk_panel_steps.h"

FK_INLINE int32_t load_quad(const int8_t *codes) {
  int32_t quad;
  memcpy(&quad, codes, sizeof quad);
  return quad;
}

// What a tile of tokens and 16 rows needs of its arguments; block counts and strides are those of the activations.
struct tile {
  const struct fk_panel *panel;
  const fk_s32x16 *codes;
  const float *scales, *offsets;
  size_t row_count;
  const struct fk_activations *activations;
  size_t first_token;
  struct fk_product product;
};

// What a block's integer sums are corrected with: the zero points, and the sums of the weights' codes less these.
struct corrections {
  fk_f32x16 zeros, weight_sums;
};

// The integer sum of a block, less the zero points, with the shift, times both scales; added block after block, in
// float32, at every level in this order. All but the scales is exact: the numbers stay below 2^24. Vectors come by
// pointer: a function of a level cannot pass them by value to one without a level.
FK_INLINE void add_block(
    fk_f32x16 *sums, const fk_s32x16 *products, const struct corrections *by, const fk_f32x16 *scales,
    const struct fk_activations *a, size_t index) {
  const fk_f32x16 codes = __builtin_convertvector(*products, fk_f32x16) - by->zeros * a->sums[index];
  const fk_f32x16 whole = codes + by->weight_sums * (float)a->shifts[index];
  *sums += whole * *scales * a->scales[index];
}

FK_INLINE void load_sums(const struct tile *tile, size_t count, fk_f32x16 *sums) {
  const struct fk_product *product = &tile->product;
  for (size_t t = 0; t < count; t++) {
    sums[t] = 0.0f;
    if (product->addend != NULL) {
      sums[t] = fk_load_up_to(product->addend + t * product->addend_stride, tile->row_count);
    }
  }
}

FK_INLINE void store_sums(const struct tile *tile, size_t count, const fk_f32x16 *sums) {
  for (size_t t = 0; t < count; t++) {
    fk_store_up_to(tile->product.y + t * tile->product.y_stride, sums[t], tile->row_count);
  }
}

// To the next tokens.
FK_INLINE void advance_tile(struct tile *tile, size_t count) {
  tile->first_token += count;
  tile->product.y += count * tile->product.y_stride;
  if (tile->product.addend != NULL) {
    tile->product.addend += count * tile->product.addend_stride;
  }
}

#define FK_MOST_TOKENS 8

// The loops are the same for both kinds of codes and for all levels but for the type of the running sums and the
// step, which C can only take as text.
#define DEFINE_TILE(level, kind, sums_type, step, total, correct)                                                  \
  FK_TARGET_##level FK_INLINE void kind##_tile__##level(                                                           \
      const struct tile *tile, const size_t count, const size_t quads) {                                           \
    const struct fk_panel *panel = tile->panel;                                                                    \
    const struct fk_activations *a = tile->activations;                                                            \
    const size_t token_codes = a->block_count * 4 * quads;                                                         \
    const size_t first = panel->first_block;                                                                       \
    const int8_t *codes = a->codes + tile->first_token * token_codes + first * 4 * quads;                          \
    const size_t first_index = tile->first_token * a->block_count + first;                                         \
    const fk_s32x16 *weights = tile->codes;                                                                        \
    fk_f32x16 sums[FK_MOST_TOKENS];                                                                                \
    load_sums(tile, count, sums);                                                                                  \
    for (size_t block = 0; block < panel->block_count; block++) {                                                  \
      sums_type products[FK_MOST_TOKENS];                                                                          \
      memset(products, 0, sizeof products);                                                                        \
      for (size_t k = 0; k < quads; k++) {                                                                         \
        const fk_s32x16 w = weights[block * quads + k];                                                            \
        for (size_t t = 0; t < count; t++) {                                                                       \
          const int32_t quad = load_quad(codes + t * token_codes + 4 * (block * quads + k));                       \
          products[t] = step(products[t], w, (fk_s32x16)quad);                                                     \
        }                                                                                                          \
      }                                                                                                            \
      struct corrections by;                                                                                       \
      const float *offsets = tile->offsets + FK_OFFSETS * block;                                                   \
      memcpy(&by, offsets, sizeof by);                                                                             \
      correct;                                                                                                     \
      fk_f32x16 scales;                                                                                            \
      memcpy(&scales, tile->scales + FK_LANES * block, sizeof scales);                                             \
      for (size_t t = 0; t < count; t++) {                                                                         \
        const fk_s32x16 whole = total(products[t]);                                                                \
        add_block(&sums[t], &whole, &by, &scales, a, first_index + t * a->block_count + block);                    \
      }                                                                                                            \
    }                                                                                                              \
    store_sums(tile, count, sums);                                                                                 \
  }

#define FK_ALREADY_TOTAL(sums) (sums)

// most: tokens whose sums fit into the level's registers.
#define DEFINE_LEVEL(level, most)                                                                                  \
  DEFINE_TILE(                                                                                                     \
      level, nibble, fk_nibble_sums_##level, fk_nibble_step_##level, fk_nibble_total_##level, (void)0)             \
  /* Bytes have no zero points but that of the step. */                                                            \
  DEFINE_TILE(level, byte, fk_s32x16, fk_byte_step_##level, FK_ALREADY_TOTAL, by.zeros = FK_BYTE_ZERO_##level)     \
  FK_TARGET_##level FK_INLINE void any_tile__##level(const struct tile *tile, const size_t count) {                \
    if (tile->panel->bytes) {                                                                                      \
      tile->activations->block_size == 32 ? byte_tile__##level(tile, count, 8)                                     \
                                          : byte_tile__##level(tile, count, 4);                                    \
    } else {                                                                                                       \
      tile->activations->block_size == 32 ? nibble_tile__##level(tile, count, 8)                                   \
                                          : nibble_tile__##level(tile, count, 4);                                  \
    }                                                                                                              \
  }                                                                                                                \
  FK_TARGET_##level FK_INLINE void multiply_tokens__##level(struct tile tile, size_t token_count) {                \
    size_t left = token_count;                                                                                     \
    for (; left >= (most); left -= (most)) {                                                                       \
      any_tile__##level(&tile, most);                                                                              \
      advance_tile(&tile, most);                                                                                   \
    }                                                                                                              \
    for (; left >= 2; left -= 2) {                                                                                 \
      any_tile__##level(&tile, 2);                                                                                 \
      advance_tile(&tile, 2);                                                                                      \
    }                                                                                                              \
    if (left > 0) {                                                                                                \
      any_tile__##level(&tile, 1);                                                                                 \
    }                                                                                                              \
  }                                                                                                                \
  FK_TARGET_##level void fk_multiply_panel__##level(                                                               \
      const struct fk_panel *panel, const struct fk_activations *activations, size_t first_token,                  \
      size_t token_count, const struct fk_product *product) {                                                      \
    for (size_t row = 0; row < panel->row_count; row += FK_LANES) {                                                \
      const size_t index = row / FK_LANES, left = panel->row_count - row;                                          \
      struct tile tile = {                                                                                         \
          .panel = panel,                                                                                          \
          .codes = (const fk_s32x16 *)((const uint8_t *)panel->codes + index * panel->code_stride),                \
          .scales = panel->scales + index * panel->factor_stride,                                                  \
          .offsets = (const float *)panel->offsets + index * panel->factor_stride * FK_SHIFT_COUNT,                \
          .row_count = left < FK_LANES ? left : FK_LANES,                                                          \
          .activations = activations,                                                                              \
          .first_token = first_token,                                                                              \
          .product = *product};                                                                                    \
      tile.product.y += row;                                                                                       \
      if (product->addend != NULL) {                                                                               \
        tile.product.addend += row;                                                                                \
      }                                                                                                            \
      multiply_tokens__##level(tile, token_count);                                                                 \
    }                                                                                                              \
  }

DEFINE_LEVEL(portable, 2)
#if FK_HAS_X86_LEVELS
DEFINE_LEVEL(avx2, 4)
DEFINE_LEVEL(avx2vnni, 4)
DEFINE_LEVEL(avx512, 8)
#elif FK_HAS_DOTPROD_LEVEL
DEFINE_LEVEL(dotprod, 4)
#endif
