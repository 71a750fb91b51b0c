#include "fk_declare.h"

#define FIELD(name, level, parameters) .name = fk_##name##__##level,

// A level with other products than its base takes everything else from the base.
#define KERNELS(value, base, products) \
  {.level = value, FK_FOR_EACH_KERNEL(FIELD, base) FK_FOR_EACH_PRODUCT_KERNEL(FIELD, products)}

static const struct fk_kernels portable_kernels = KERNELS(FK_LEVEL_PORTABLE, portable, portable);

#if FK_HAS_X86_LEVELS
static const struct fk_kernels avx2_kernels = KERNELS(FK_LEVEL_AVX2, avx2, avx2);
static const struct fk_kernels avx512_kernels = KERNELS(FK_LEVEL_AVX512, avx512, avx512);
static const struct fk_kernels avx512vnni_kernels = KERNELS(FK_LEVEL_AVX512VNNI, avx512, avx512vnni);
#endif

enum fk_level fk_best_level(void) {
#if FK_HAS_X86_LEVELS
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl")) {
    return __builtin_cpu_supports("avx512vnni") ? FK_LEVEL_AVX512VNNI : FK_LEVEL_AVX512;
  }
  if (__builtin_cpu_supports("avx2")) {
    return FK_LEVEL_AVX2;
  }
#endif
  return FK_LEVEL_PORTABLE;
}

const struct fk_kernels *fk_kernels_for(enum fk_level level) {
  if (level > fk_best_level()) {
    return NULL;
  }
  switch (level) {
  case FK_LEVEL_PORTABLE:
    return &portable_kernels;
#if FK_HAS_X86_LEVELS
  case FK_LEVEL_AVX2:
    return &avx2_kernels;
  case FK_LEVEL_AVX512:
    return &avx512_kernels;
  case FK_LEVEL_AVX512VNNI:
    return &avx512vnni_kernels;
#endif
  default:
    return NULL;
  }
}
