// Panels times tokens by AVX-512 VNNI: two panels of 16 rows and six tokens at a time, so that each activation that is
// loaded is used twice and each weight six times, and all sums stay in registers.
#include "fk_declare.h"
#include "fk_math.h"

#if FK_HAS_X86_LEVELS
#include <immintrin.h>

#define FK_TOKENS 6
#define FK_VNNI FK_TARGET_avx512vnni FK_INLINE
#define FK_UNROLL _Pragma("clang loop unroll(full)")

// Up to two panels and six tokens.
struct tile {
  const struct fk_panel *panel;
  const struct fk_activations *activations;
  // The first panel and the first token.
  size_t panel_index, first_token;
  struct fk_product product;
};

FK_VNNI __mmask16 lanes_of(const struct tile *tile, size_t r) {
  const size_t left = tile->panel->row_count - FK_LANES * (tile->panel_index + r);
  return left >= FK_LANES ? 0xFFFF : (__mmask16)((1u << left) - 1u);
}

// panels, tokens and quads are known where this is inlined. A block's sum is exact; it is scaled and added as at every
// other level.
FK_VNNI void multiply_tile(const struct tile *tile, const size_t panels, const size_t tokens, const size_t quads) {
  const struct fk_panel *panel = tile->panel;
  const struct fk_activations *a = tile->activations;
  const size_t token_codes = a->block_count * 4 * quads;
  const int8_t *x = a->codes + tile->first_token * token_codes + panel->first_block * 4 * quads;
  const float *x_scales = a->scales + tile->first_token * a->block_count + panel->first_block;
  const uint8_t *codes = (const uint8_t *)panel->codes + tile->panel_index * panel->code_stride;
  const float *scales = panel->scales + tile->panel_index * panel->factor_stride;
  const int8_t *shifts = a->shifts + tile->first_token * a->block_count + panel->first_block;
  // Those of the shift 0.
  const int32_t *starts = (const int32_t *)panel->offsets + tile->panel_index * panel->factor_stride * FK_SHIFT_COUNT +
                          FK_SHIFT_COUNT / 2 * FK_LANES;
  const size_t start_stride = sizeof(int32_t) * FK_SHIFT_COUNT * panel->factor_stride;
  __m512 sums[FK_PANELS][FK_TOKENS];
  FK_UNROLL for (size_t r = 0; r < panels; r++) {
    const __mmask16 lanes = lanes_of(tile, r);
    FK_UNROLL for (size_t t = 0; t < tokens; t++) {
      sums[r][t] = _mm512_setzero_ps();
      if (tile->product.addend != NULL) {
        const float *addend = tile->product.addend + t * tile->product.addend_stride + FK_LANES * r;
        sums[r][t] = _mm512_maskz_loadu_ps(lanes, addend);
      }
    }
  }
  for (size_t block = 0; block < panel->block_count; block++) {
    __m512i products[FK_PANELS][FK_TOKENS];
    FK_UNROLL for (size_t t = 0; t < tokens; t++) {
      const char *start = (const char *)starts + (ptrdiff_t)shifts[t * a->block_count + block] * (64 / FK_SHIFT_STEP);
      FK_UNROLL for (size_t r = 0; r < panels; r++) {
        products[r][t] = _mm512_load_si512(start + r * start_stride);
      }
    }
    FK_UNROLL for (size_t k = 0; k < quads; k++) {
      __m512i w[FK_PANELS];
      FK_UNROLL for (size_t r = 0; r < panels; r++) {
        w[r] = _mm512_load_si512(codes + r * panel->code_stride + 64 * k);
      }
      FK_UNROLL for (size_t t = 0; t < tokens; t++) {
        int32_t quad;
        memcpy(&quad, x + t * token_codes + 4 * k, sizeof quad);
        const __m512i both = _mm512_set1_epi32(quad);
        FK_UNROLL for (size_t r = 0; r < panels; r++) {
          products[r][t] = _mm512_dpbusd_epi32(products[r][t], both, w[r]);
        }
      }
    }
    FK_UNROLL for (size_t r = 0; r < panels; r++) {
      const __m512 scale = _mm512_load_ps(scales + r * panel->factor_stride + FK_LANES * block);
      FK_UNROLL for (size_t t = 0; t < tokens; t++) {
        const __m512 whole = _mm512_cvtepi32_ps(products[r][t]);
        const __m512 x_scale = _mm512_set1_ps(x_scales[t * a->block_count + block]);
        sums[r][t] = _mm512_add_ps(sums[r][t], _mm512_mul_ps(_mm512_mul_ps(whole, scale), x_scale));
      }
    }
    codes += 64 * quads;
    starts += FK_OFFSETS;
    x += 4 * quads;
  }
  FK_UNROLL for (size_t r = 0; r < panels; r++) {
    const __mmask16 lanes = lanes_of(tile, r);
    FK_UNROLL for (size_t t = 0; t < tokens; t++) {
      _mm512_mask_storeu_ps(tile->product.y + t * tile->product.y_stride + FK_LANES * r, lanes, sums[r][t]);
    }
  }
}

FK_VNNI void multiply_tokens(const struct tile *tile, const size_t panels, const size_t tokens) {
  if (tile->activations->block_size == 32) {
    multiply_tile(tile, panels, tokens, 8);
  } else {
    multiply_tile(tile, panels, tokens, 4);
  }
}

FK_VNNI void multiply_panels(struct tile tile, const size_t panels, size_t token_count) {
  for (size_t left = token_count; left > 0;) {
    size_t count = 1;
    if (left >= FK_TOKENS) {
      count = FK_TOKENS;
      multiply_tokens(&tile, panels, FK_TOKENS);
    } else if (left >= FK_TOKENS / 2) {
      count = FK_TOKENS / 2;
      multiply_tokens(&tile, panels, FK_TOKENS / 2);
    } else {
      multiply_tokens(&tile, panels, 1);
    }
    left -= count;
    tile.first_token += count;
    tile.product.y += count * tile.product.y_stride;
    if (tile.product.addend != NULL) {
      tile.product.addend += count * tile.product.addend_stride;
    }
  }
}

FK_TARGET_avx512vnni void fk_multiply_panel__avx512vnni(
    const struct fk_panel *panel, const struct fk_activations *activations, size_t first_token, size_t token_count,
    const struct fk_product *product) {
  const size_t panel_count = (panel->row_count + FK_LANES - 1) / FK_LANES;
  for (size_t index = 0; index < panel_count; index += FK_PANELS) {
    struct tile tile = {panel, activations, index, first_token, *product};
    tile.product.y += FK_LANES * index;
    if (tile.product.addend != NULL) {
      tile.product.addend += FK_LANES * index;
    }
    if (panel_count - index >= FK_PANELS) {
      multiply_panels(tile, FK_PANELS, token_count);
    } else {
      multiply_panels(tile, 1, token_count);
    }
  }
}

#endif
