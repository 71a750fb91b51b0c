// Single kernels of one level on one core, for tools/bench kernels. Prints a line for each: name, what, figure, unit, and
// which limit it is compared with (integers, memory, or - for none). The best of several attempts counts.
//
// usage: bench-kernels LEVEL [--probe], LEVEL as for --isa. With --probe the exit status says whether this machine has
// the level.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fk.h"

enum { TOKENS = 512, PIECE = 512, ROWS = 1024, COLUMNS = 3072 };
// More than a cache holds.
static const size_t STREAMED_BYTES = (size_t)192 << 20;
static const double SECONDS = 0.6;

static const struct fk_kernels *kernels;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void *memory_of(size_t size) {
  void *memory = aligned_alloc(4096, (size + 8191) / 4096 * 4096);
  if (!memory) exit(1);
  memset(memory, 0, size);
  return memory;
}

static uint32_t random_bits(void) {
  static uint64_t state = 88172645463325252u;
  state ^= state << 13, state ^= state >> 7, state ^= state << 17;
  return (uint32_t)(state >> 16);
}

static float *random_floats(size_t count) {
  float *values = memory_of(4 * count);
  for (size_t i = 0; i < count; i++) values[i] = (float)(int32_t)random_bits() * 0x1p-31f;
  return values;
}

// Least seconds of one call, for at least SECONDS.
#define LEAST_SECONDS(result, call)                        \
  double result = 1e9;                                     \
  for (double begin = now(); now() - begin < SECONDS;) {   \
    double start = now();                                  \
    call;                                                  \
    double spent = now() - start;                          \
    if (spent < result) result = spent;                    \
  }

static void print(const char *name, const char *what, double figure, const char *unit, const char *limit) {
  printf("%s\t%s\t%.9g\t%s\t%s\n", name, what, figure, unit, limit);
  fflush(stdout);
}

struct sample {
  struct fk_matrix matrix;
  size_t byte_count;
};

static struct sample make_matrix(enum fk_encoding encoding, size_t group_size, size_t rows, size_t columns) {
  size_t width = encoding == FK_ENCODING_F32 ? 8 : encoding == FK_ENCODING_BF16 ? 4 : encoding == FK_ENCODING_S8 ? 2 : 1;
  size_t row_bytes = columns * width / 2, groups = group_size ? columns / group_size : 1;
  struct sample sample = {{.encoding = encoding, .row_count = rows, .columns = columns, .group_size = group_size}, 0};
  uint8_t *codes = memory_of(rows * row_bytes);
  if (encoding == FK_ENCODING_F32 || encoding == FK_ENCODING_BF16) {
    // One is the same bytes over and over in both types: 0x3F80 as bfloat16.
    for (size_t i = 1; i < rows * row_bytes; i += 2) codes[i] = 0x3F;
  } else {
    for (size_t i = 0; i < rows * row_bytes; i++) codes[i] = (uint8_t)random_bits();
  }
  sample.matrix.codes = codes;
  sample.byte_count = rows * row_bytes;
  if (encoding == FK_ENCODING_F32 || encoding == FK_ENCODING_BF16) return sample;
  if (group_size) {
    uint16_t *scales = memory_of(2 * rows * groups);
    for (size_t i = 0; i < rows * groups; i++) scales[i] = (uint16_t)(0x3C00 + random_bits() % 128);
    sample.matrix.scales = scales;
    sample.byte_count += 2 * rows * groups;
  } else {
    sample.matrix.scales = random_floats(rows);
    sample.byte_count += 4 * rows;
  }
  if (encoding == FK_ENCODING_U4) {
    uint8_t *zero_points = memory_of(rows * ((groups + 1) / 2));
    for (size_t i = 0; i < rows * ((groups + 1) / 2); i++) zero_points[i] = (uint8_t)random_bits();
    sample.matrix.zero_points = zero_points;
    sample.byte_count += rows * ((groups + 1) / 2);
  }
  return sample;
}

static void free_matrix(struct sample *sample) {
  free((void *)sample->matrix.codes);
  free((void *)sample->matrix.scales);
  free((void *)sample->matrix.zero_points);
}

static struct fk_activations quantize(const float *x, size_t tokens, const struct fk_matrix *matrix) {
  size_t size = matrix->group_size == 16 ? 16 : 32, blocks = (matrix->columns + size - 1) / size;
  int8_t *codes = memory_of(tokens * blocks * size);
  float *scales = memory_of(4 * tokens * blocks), *sums = memory_of(4 * tokens * blocks);
  int8_t *shifts = memory_of(tokens * blocks);
  for (size_t token = 0; token < tokens; token++) {
    kernels->quantize_activations(
        x + token * matrix->columns, matrix->columns, size, matrix->encoding != FK_ENCODING_S8,
        codes + token * blocks * size, scales + token * blocks, sums + token * blocks,
        shifts + token * blocks);
  }
  return (struct fk_activations){codes, scales, sums, shifts, blocks, size};
}

// All rows times all tokens, piece by piece as the runtime does it.
static void multiply_prompt(const struct fk_matrix *matrix, const struct fk_activations *x, float *y) {
  static _Alignas(64) int8_t codes[16 * FK_PANELS * PIECE];
  static _Alignas(64) float scales[FK_PANELS * PIECE], sums[TOKENS * 16 * FK_PANELS];
  static _Alignas(64) float offsets[FK_SHIFT_COUNT * FK_PANELS * PIECE];
  size_t step = PIECE / x->block_size, factors = 16 * step;
  for (size_t row = 0; row < matrix->row_count; row += 16 * FK_PANELS) {
    for (size_t first = 0; first < x->block_count; first += step) {
      size_t count = x->block_count - first < step ? x->block_count - first : step;
      for (size_t panel = 0; panel < FK_PANELS; panel++) {
        kernels->unpack_panel(
            matrix, row + 16 * panel, 16, first, count, x->block_size, codes + 16 * PIECE * panel,
            scales + factors * panel, offsets + FK_SHIFT_COUNT * factors * panel);
      }
      struct fk_panel panels = {codes, scales, offsets, 16 * PIECE, factors, first, count, 16 * FK_PANELS,
                                matrix->encoding == FK_ENCODING_S8 || matrix->encoding == FK_ENCODING_N4};
      bool is_last = first + count == x->block_count;
      struct fk_product product = {is_last ? y + row : sums, is_last ? matrix->row_count : 16 * FK_PANELS,
                                   first > 0 ? sums : NULL, 16 * FK_PANELS};
      kernels->multiply_panel(&panels, x, 0, TOKENS, &product);
    }
  }
}

static void bench_encoding(const char *label, enum fk_encoding encoding, size_t group_size) {
  char name[80], what[80];
  const float *x = random_floats((size_t)TOKENS * COLUMNS);
  float *y = memory_of((size_t)4 * TOKENS * ROWS);
  bool is_quantized = encoding != FK_ENCODING_F32 && encoding != FK_ENCODING_BF16;
  if (is_quantized) {
    struct sample sample = make_matrix(encoding, group_size, ROWS, COLUMNS);
    struct fk_activations prompt = quantize(x, TOKENS, &sample.matrix);
    LEAST_SECONDS(seconds, multiply_prompt(&sample.matrix, &prompt, y));
    snprintf(name, sizeof name, "prompt.%s", label);
    snprintf(what, sizeof what, "%s by %d tokens of bytes", label, TOKENS);
    print(name, what, (double)ROWS * COLUMNS * TOKENS / seconds, "multiply-adds/s", "integers");
    free_matrix(&sample);
    free((void *)prompt.codes), free((void *)prompt.scales), free((void *)prompt.sums);
    free((void *)prompt.shifts);
  }
  struct sample one_row = make_matrix(encoding, group_size, 16, COLUMNS);
  size_t rows = STREAMED_BYTES / (one_row.byte_count / 16) / 16 * 16;
  free_matrix(&one_row);
  struct sample large = make_matrix(encoding, group_size, rows, COLUMNS);
  float *results = memory_of(4 * rows);
  if (is_quantized && group_size != 16) {
    struct fk_activations token = quantize(x, 1, &large.matrix);
    LEAST_SECONDS(seconds, kernels->multiply_rows(&large.matrix, 0, rows, &token, 0, results));
    snprintf(name, sizeof name, "token.bytes.%s", label);
    snprintf(what, sizeof what, "%s by one token of bytes", label);
    print(name, what, (double)large.byte_count / seconds, "B/s", "memory");
    free((void *)token.codes), free((void *)token.scales), free((void *)token.sums);
    free((void *)token.shifts);
  }
  LEAST_SECONDS(seconds, kernels->multiply_vector(&large.matrix, 0, rows, x, results));
  snprintf(name, sizeof name, "token.floats.%s", label);
  snprintf(what, sizeof what, "%s by one token of floats", label);
  print(name, what, (double)large.byte_count / seconds, "B/s", "memory");
  free_matrix(&large);
  free(results), free(y), free((void *)x);
}

// Kernels over rows that stay in a cache: values a second.
static void bench_vectors(void) {
  enum { COUNT = 4096 };
  float *a = random_floats(COUNT), *b = random_floats(COUNT), *c = memory_of(4 * COUNT);
  static int8_t codes[COUNT];
  float scales[COUNT / 32], sums[COUNT / 32];
  int8_t shifts[COUNT / 32];
#define BENCH_VECTOR(name, what, call)                                       \
  {                                                                          \
    LEAST_SECONDS(seconds, for (int i = 0; i < 64; i++) { call; });          \
    print("vector." name, what, 64.0 * COUNT / seconds, "values/s", "-");    \
  }
  BENCH_VECTOR("quantize", "activations to bytes", kernels->quantize_activations(a, COUNT, 32, true, codes, scales, sums, shifts))
  BENCH_VECTOR("rms_norm", "root-mean-square norm", kernels->rms_norm_f32(a, b, COUNT, 1e-5f, c))
  BENCH_VECTOR("layer_norm", "layer norm", kernels->layer_norm_f32(a, b, b, COUNT, 1e-5f, c))
  BENCH_VECTOR("softmax", "softmax", (memcpy(c, a, 4 * COUNT), kernels->softmax_f32(c, COUNT)))
  BENCH_VECTOR("silu", "gated SiLU", kernels->silu_multiply_f32(a, b, COUNT, c))
  BENCH_VECTOR("gelu_tanh", "GELU by tanh", (memcpy(c, a, 4 * COUNT), kernels->gelu_tanh_f32(c, COUNT)))
  BENCH_VECTOR("gelu_erf", "GELU by erf", (memcpy(c, a, 4 * COUNT), kernels->gelu_erf_f32(c, COUNT)))
  free(a), free(b), free(c);
}

static const struct fk_kernels *kernels_named(const char *name) {
  static const struct { const char *name; enum fk_level level; } levels[] = {
      {"portable", FK_LEVEL_PORTABLE}, {"avx2", FK_LEVEL_AVX2},
      {"avx2vnni", FK_LEVEL_AVX2VNNI}, {"avx512", FK_LEVEL_AVX512},
      {"avx512vnni", FK_LEVEL_AVX512VNNI}, {"dotprod", FK_LEVEL_DOTPROD}};
  for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
    if (strcmp(levels[i].name, name) == 0) return fk_kernels_for(levels[i].level);
  }
  return NULL;
}

int main(int count, char **arguments) {
  kernels = kernels_named(count > 1 ? arguments[1] : "portable");
  if (!kernels) return 64;
  if (count > 2 && strcmp(arguments[2], "--probe") == 0) return 0;
  bench_encoding("int4-g32", FK_ENCODING_U4, 32);
  bench_encoding("int4-g128", FK_ENCODING_U4, 128);
  bench_encoding("int4-sym-g32", FK_ENCODING_S4, 32);
  bench_encoding("int4-nl-g32", FK_ENCODING_N4, 32);
  bench_encoding("int8", FK_ENCODING_S8, 0);
  bench_encoding("int8-g16", FK_ENCODING_S8, 16);
  bench_encoding("int8-g32", FK_ENCODING_S8, 32);
  bench_encoding("bf16", FK_ENCODING_BF16, 0);
  bench_encoding("f32", FK_ENCODING_F32, 0);
  bench_vectors();
  return 0;
}
