// What a machine allows, for tools/bench run: prints bytes/s that all threads read from memory together, float32
// operations/s, and int8 multiply-adds/s ("-" without VNNI instructions). The best of several attempts counts.
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef __AVX512VNNI__
#include <immintrin.h>
#endif

enum { ATTEMPTS = 7, MAXIMUM_THREADS = 1024, ACCUMULATORS = 24 };
static const size_t PART = (size_t)256 << 20;
static const long ROUNDS = 4000000;

typedef float floats __attribute__((vector_size(64)));
typedef uint64_t words __attribute__((vector_size(64)));

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
  floats sums[ACCUMULATORS] = {0};
  floats a, b;
  for (int i = 0; i < 16; i++) a[i] = 1.0f + 1e-7f * (float)(sink & 1), b[i] = 1e-7f;
  for (long round = 0; round < ROUNDS; round++)
    for (int k = 0; k < ACCUMULATORS; k++) sums[k] = sums[k] * a + b;
  float sum = 0;
  for (int k = 0; k < ACCUMULATORS; k++) sum += sums[k][0];
  sink += (uint64_t)sum;
  return unused;
}

static void *multiply_bytes(void *unused) {
#ifdef __AVX512VNNI__
  __m512i sums[ACCUMULATORS];
  for (int k = 0; k < ACCUMULATORS; k++) sums[k] = _mm512_setzero_si512();
  __m512i a = _mm512_set1_epi8((char)(1 + (sink & 1))), b = _mm512_set1_epi8(1);
  for (long round = 0; round < ROUNDS; round++)
    for (int k = 0; k < ACCUMULATORS; k++) sums[k] = _mm512_dpbusd_epi32(sums[k], a, b);
  for (int k = 0; k < ACCUMULATORS; k++) sink += (uint64_t)_mm512_reduce_add_epi32(sums[k]);
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
  double least = 1e9;
  for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
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
  double products = (double)threads * (double)ROUNDS * ACCUMULATORS;
  printf(" %.0f", products * 32 / least_seconds(threads, multiply_floats, NULL));
#ifdef __AVX512VNNI__
  printf(" %.0f\n", products * 64 / least_seconds(threads, multiply_bytes, NULL));
#else
  (void)multiply_bytes;
  printf(" -\n");
#endif
  return 0;
}
