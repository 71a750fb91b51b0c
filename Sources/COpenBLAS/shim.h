#include <cblas.h>

// Cholesky factor of a column-major matrix, one triangle of it (LAPACK, which the OpenBLAS library includes).
void dpotrf_(const char *uplo, const blasint *n, double *a, const blasint *lda, blasint *info);
