#include "fk_declare.h"

#define FIELD(name, level, parameters) .name = fk_##name##__##level,

// A level with other products than its base takes everything else from the base.
#define KERNELS(value, base, products) \
  {.level = value, FK_FOR_EACH_KERNEL(FIELD, base) FK_FOR_EACH_PRODUCT_KERNEL(FIELD, products)}

static const struct fk_kernels portable_kernels = KERNELS(FK_LEVEL_PORTABLE, portable, portable);

#if FK_HAS_X86_LEVELS
static const struct fk_kernels avx2_kernels = KERNELS(FK_LEVEL_AVX2, avx2, avx2);
static const struct fk_kernels avx2vnni_kernels = KERNELS(FK_LEVEL_AVX2VNNI, avx2, avx2vnni);
static const struct fk_kernels avx512_kernels = KERNELS(FK_LEVEL_AVX512, avx512, avx512);
static const struct fk_kernels avx512vnni_kernels = KERNELS(FK_LEVEL_AVX512VNNI, avx512, avx512vnni);
#elif FK_HAS_DOTPROD_LEVEL
#include <sys/auxv.h>

static const struct fk_kernels dotprod_kernels = KERNELS(FK_LEVEL_DOTPROD, portable, dotprod);
#endif

const struct fk_kernels *fk_kernels_for(enum fk_level level) {
#if FK_HAS_X86_LEVELS
  __builtin_cpu_init();
  const bool has_avx2 = __builtin_cpu_supports("avx2");
  const bool has_avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                          __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#endif
  switch (level) {
  case FK_LEVEL_PORTABLE:
    return &portable_kernels;
#if FK_HAS_X86_LEVELS
  case FK_LEVEL_AVX2:
    return has_avx2 ? &avx2_kernels : NULL;
  case FK_LEVEL_AVX2VNNI:
    return has_avx2 && __builtin_cpu_supports("avxvnni") ? &avx2vnni_kernels : NULL;
  case FK_LEVEL_AVX512:
    return has_avx512 ? &avx512_kernels : NULL;
  case FK_LEVEL_AVX512VNNI:
    return has_avx512 && __builtin_cpu_supports("avx512vnni") ? &avx512vnni_kernels : NULL;
#elif FK_HAS_DOTPROD_LEVEL
  case FK_LEVEL_DOTPROD:
    // The bit of integer dot products in what Linux says of a 64-bit Arm processor.
    return (getauxval(AT_HWCAP) & (1ul << 20)) != 0 ? &dotprod_kernels : NULL;
#endif
  default:
    return NULL;
  }
}
