#include "csha256.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

bool csha256_is_available(void) {
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || (c & bit_SSSE3) == 0 || (c & bit_SSE4_1) == 0) {
    return false;
  }
  // Leaf 7: bit 29 of the second register is for SHA.
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & (1u << 29)) != 0;
}

#define TARGET __attribute__((target("sha,sse4.1,ssse3")))
#define INLINE static inline __attribute__((always_inline)) TARGET

static const uint32_t constants[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

// The state in the order that the instructions want, and the last 16 words of the message's schedule.
struct lane {
  __m128i abef, cdgh, words[4];
};

INLINE struct lane loaded(const uint32_t *state) {
  const __m128i badc = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(const void *)state), 0xB1);
  const __m128i hgfe = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(const void *)(state + 4)), 0x1B);
  struct lane lane;
  lane.abef = _mm_alignr_epi8(badc, hgfe, 8);
  lane.cdgh = _mm_blend_epi16(hgfe, badc, 0xF0);
  return lane;
}

INLINE void store(struct lane lane, uint32_t *state) {
  const __m128i feba = _mm_shuffle_epi32(lane.abef, 0x1B), dchg = _mm_shuffle_epi32(lane.cdgh, 0xB1);
  _mm_storeu_si128((__m128i *)(void *)state, _mm_blend_epi16(feba, dchg, 0xF0));
  _mm_storeu_si128((__m128i *)(void *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

// Rounds 4 i to 4 i + 3 of a block.
INLINE void four_rounds(struct lane *lane, int i, const uint8_t *block) {
  const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  __m128i *words = lane->words;
  if (i < 4) {
    const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(block + 16 * i));
    words[i] = _mm_shuffle_epi8(bytes, big_endian);
  } else {
    const __m128i first = _mm_sha256msg1_epu32(words[i & 3], words[(i + 1) & 3]);
    const __m128i sum = _mm_add_epi32(first, _mm_alignr_epi8(words[(i + 3) & 3], words[(i + 2) & 3], 4));
    words[i & 3] = _mm_sha256msg2_epu32(sum, words[(i + 3) & 3]);
  }
  const __m128i constant = _mm_load_si128((const __m128i *)(const void *)(constants + 4 * i));
  const __m128i sum = _mm_add_epi32(words[i & 3], constant);
  lane->cdgh = _mm_sha256rnds2_epu32(lane->cdgh, lane->abef, sum);
  lane->abef = _mm_sha256rnds2_epu32(lane->abef, lane->cdgh, _mm_shuffle_epi32(sum, 0x0E));
}

// The steps of the lanes alternate, so that each is carried out while the other's last one is under way.
INLINE void add_blocks(struct lane *lanes, int lane_count, const uint8_t *const *blocks, size_t count) {
  for (size_t position = 0; position < CSHA256_BLOCK * count; position += CSHA256_BLOCK) {
    struct lane before[2];
    for (int k = 0; k < lane_count; k++) {
      before[k] = lanes[k];
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i++) {
#pragma clang loop unroll(full)
      for (int k = 0; k < lane_count; k++) {
        four_rounds(&lanes[k], i, blocks[k] + position);
      }
    }
    for (int k = 0; k < lane_count; k++) {
      lanes[k].abef = _mm_add_epi32(lanes[k].abef, before[k].abef);
      lanes[k].cdgh = _mm_add_epi32(lanes[k].cdgh, before[k].cdgh);
    }
  }
}

TARGET void csha256_add(uint32_t state[8], const uint8_t *blocks, size_t count) {
  struct lane lane = loaded(state);
  add_blocks(&lane, 1, &blocks, count);
  store(lane, state);
}

TARGET void csha256_add_pair(
    uint32_t state[8], const uint8_t *blocks, uint32_t other_state[8], const uint8_t *other_blocks, size_t count) {
  struct lane lanes[2] = {loaded(state), loaded(other_state)};
  const uint8_t *const both[2] = {blocks, other_blocks};
  add_blocks(lanes, 2, both, count);
  store(lanes[0], state);
  store(lanes[1], other_state);
}

#else

bool csha256_is_available(void) { return false; }

void csha256_add(uint32_t state[8], const uint8_t *blocks, size_t count) { __builtin_trap(); }

void csha256_add_pair(
    uint32_t state[8], const uint8_t *blocks, uint32_t other_state[8], const uint8_t *other_blocks, size_t count) {
  __builtin_trap();
}

#endif
