// What a machine allows, for tools/bench: prints bytes/s that the threads of the argument read from memory together,
// float32 operations/s, and int8 multiply-adds/s ("-" without instructions for them). The best of several attempts
// counts. With a second argument, memory only. Where there are vectors of 512 bits, compile with
// -mprefer-vector-width=512: for many processors the compiler halves them.
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef __AVX2__
#include <immintrin.h>
#endif
#ifdef __ARM_FEATURE_DOTPROD
#include <arm_neon.h>
#endif

enum { MAXIMUM_THREADS = 1024 };
// Other machines on the same memory come and go: the best of all attempts within this time.
static const double SECONDS = 1.5;
static const size_t PART = (size_t)256 << 20;
static const long ROUNDS = 4000000;

// As wide as registers are, so that as many sums as they hold stay in them.
#if defined(__AVX512F__)
enum { FLOATS = 16, FLOAT_ACCUMULATORS = 24 };
#elif defined(__AVX2__)
enum { FLOATS = 8, FLOAT_ACCUMULATORS = 12 };
#else
enum { FLOATS = 4, FLOAT_ACCUMULATORS = 12 };
#endif
typedef float floats __attribute__((vector_size(4 * FLOATS)));
typedef uint64_t words __attribute__((vector_size(64)));

// Every accumulator in a register, also with gcc, which does not unroll this by itself.
#ifdef __clang__
#define UNROLLED _Pragma("clang loop unroll(full)")
#else
#define UNROLLED _Pragma("GCC unroll 24")
#endif

// Results go here, so that no loop is left out.
static volatile uint64_t sink;

static void *read_part(void *part) {
  const words *data = part;
  words sums[4] = {0};
  for (size_t i = 0; i < PART / sizeof(words); i += 4)
    for (int k = 0; k < 4; k++) sums[k] += data[i + k];
  words sum = sums[0] + sums[1] + sums[2] + sums[3];
  sink += sum[0] + sum[7];
  return NULL;
}

static void *multiply_floats(void *unused) {
  floats sums[FLOAT_ACCUMULATORS], a, b;
  for (int i = 0; i < FLOATS; i++) a[i] = 1.0f + 1e-7f * (float)(sink & 1), b[i] = 1e-7f;
  // Different ones, or the compiler computes one sum for all.
  for (int k = 0; k < FLOAT_ACCUMULATORS; k++) sums[k] = b * (float)k;
  for (long round = 0; round < ROUNDS; round++)
    UNROLLED
    for (int k = 0; k < FLOAT_ACCUMULATORS; k++) sums[k] = sums[k] * a + b;
  float total = 0;
  for (int k = 0; k < FLOAT_ACCUMULATORS; k++) total += sums[k][0];
  sink += (uint64_t)total;
  return unused;
}

// One vector of sums, one step of multiplying bytes and adding to 32 bits, and how many products that is.
#if defined(__AVX512VNNI__)
enum { PRODUCTS = 64, BYTE_ACCUMULATORS = 24 };
typedef __m512i bytes;
static inline bytes same(int value) { return _mm512_set1_epi8((char)value); }
static inline bytes step(bytes sum, bytes a, bytes b) { return _mm512_dpbusd_epi32(sum, a, b); }
static inline int first(bytes sum) { return _mm_cvtsi128_si32(_mm512_castsi512_si128(sum)); }
#elif defined(__AVXVNNI__)
enum { PRODUCTS = 32, BYTE_ACCUMULATORS = 12 };
typedef __m256i bytes;
static inline bytes same(int value) { return _mm256_set1_epi8((char)value); }
static inline bytes step(bytes sum, bytes a, bytes b) { return _mm256_dpbusd_avx_epi32(sum, a, b); }
static inline int first(bytes sum) { return _mm_cvtsi128_si32(_mm256_castsi256_si128(sum)); }
#elif defined(__AVX2__)
enum { PRODUCTS = 32, BYTE_ACCUMULATORS = 8 };
typedef __m256i bytes;
static inline bytes same(int value) { return _mm256_set1_epi8((char)value); }
static inline bytes step(bytes sum, bytes a, bytes b) {
  // The sum as an operand of the first step, or the compiler multiplies once for all rounds.
  __m256i pairs = _mm256_maddubs_epi16(_mm256_xor_si256(a, sum), b);
  return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}
static inline int first(bytes sum) { return _mm_cvtsi128_si32(_mm256_castsi256_si128(sum)); }
#elif defined(__ARM_FEATURE_DOTPROD)
enum { PRODUCTS = 16, BYTE_ACCUMULATORS = 24 };
typedef int32x4_t bytes;
static inline bytes same(int value) { return vreinterpretq_s32_s8(vdupq_n_s8((int8_t)value)); }
static inline bytes step(bytes sum, bytes a, bytes b) {
  return vdotq_s32(sum, vreinterpretq_s8_s32(a), vreinterpretq_s8_s32(b));
}
static inline int first(bytes sum) { return vgetq_lane_s32(sum, 0); }
#else
enum { PRODUCTS = 0 };
#endif

static void *multiply_bytes(void *unused) {
#if defined(__AVX2__) || defined(__ARM_FEATURE_DOTPROD)
  bytes sums[BYTE_ACCUMULATORS];
  bytes a = same(1 + (int)(sink & 1)), b = same(1);
  for (int k = 0; k < BYTE_ACCUMULATORS; k++) sums[k] = same(k);
  for (long round = 0; round < ROUNDS; round++)
    UNROLLED
    for (int k = 0; k < BYTE_ACCUMULATORS; k++) sums[k] = step(sums[k], a, b);
  for (int k = 0; k < BYTE_ACCUMULATORS; k++) sink += (uint64_t)first(sums[k]);
#endif
  return unused;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

// Least seconds in which all threads do a piece of work each.
static double least_seconds(int threads, void *(*work)(void *), char *memory) {
  pthread_t handles[MAXIMUM_THREADS];
  double least = 1e9, end = now() + SECONDS;
  while (now() < end) {
    double begin = now();
    for (int i = 0; i < threads; i++)
      if (pthread_create(&handles[i], NULL, work, memory ? memory + (size_t)i * PART : NULL) != 0) exit(1);
    for (int i = 0; i < threads; i++) pthread_join(handles[i], NULL);
    double seconds = now() - begin;
    if (seconds < least) least = seconds;
  }
  return least;
}

int main(int count, char **arguments) {
  int threads = count > 1 ? atoi(arguments[1]) : 1;
  if (threads < 1 || threads > MAXIMUM_THREADS) return 64;
  char *memory = aligned_alloc(64, (size_t)threads * PART);
  if (!memory) return 1;
  memset(memory, 1, (size_t)threads * PART);
  printf("%.0f", (double)threads * (double)PART / least_seconds(threads, read_part, memory));
  if (count > 2) return puts("") < 0;
  double rounds = (double)threads * (double)ROUNDS;
  printf(" %.0f", 2 * rounds * FLOAT_ACCUMULATORS * FLOATS / least_seconds(threads, multiply_floats, NULL));
#if defined(__AVX2__) || defined(__ARM_FEATURE_DOTPROD)
  printf(" %.0f\n", rounds * BYTE_ACCUMULATORS * PRODUCTS / least_seconds(threads, multiply_bytes, NULL));
#else
  (void)multiply_bytes;
  printf(" -\n");
#endif
  return 0;
}
