#ifndef COPENBLAS_H
#define COPENBLAS_H

// The functions of OpenBLAS that are used, by pointers: the library is loaded when the first of them is needed. Its
// integers are int, as in every build of it that is named libopenblas.so.0.

// Values of its enumerations.
enum {
  fk_blas_row_major = 101,
  fk_blas_plain = 111,
  fk_blas_transposed = 112,
  fk_blas_lower = 122,
  fk_blas_not_unit = 131,
  fk_blas_right = 142,
};

struct fk_blas {
  void (*sgemm)(int order, int transpose_a, int transpose_b, int rows, int columns, int inner, float scale,
                const float *a, int stride_a, const float *b, int stride_b, float beta, float *target, int stride);
  void (*dgemm)(int order, int transpose_a, int transpose_b, int rows, int columns, int inner, double scale,
                const double *a, int stride_a, const double *b, int stride_b, double beta, double *target, int stride);
  void (*dtrsm)(int order, int side, int triangle, int transpose, int diagonal, int rows, int columns, double scale,
                const double *a, int stride_a, double *b, int stride_b);
  // Cholesky factor of a column-major matrix, one triangle of it (LAPACK, which the library includes).
  void (*dpotrf)(const char *triangle, const int *count, double *a, const int *stride, int *info);
  // Name of the processor whose kernels are used.
  const char *(*core_name)(void);
  // Scratch memory as the functions above take it; both 0 where the library does not show them. alloc does not return
  // before there is some.
  void *(*alloc)(int place);
  void (*release)(void *buffer);
};

// Loads the library, told to start no threads; 0 with *problem, which stays valid, if that fails.
//
// A library that is older than the processor takes kernels of a far older one. If it has taken others than good_cores
// (names with a space before and after each), it is loaded again, told to take those of core; 0 to leave it the choice.
// A choice in the environment stands. Not for several threads at once.
const struct fk_blas *fk_blas_load(const char *core, const char *good_cores, const char **problem);

#endif
