#include "copenblas.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

static struct fk_blas functions;
static char problem_text[512];

static void note(const char *problem) {
  // What went wrong first says most.
  if (!problem_text[0]) strncpy(problem_text, problem, sizeof problem_text - 1);
}

static void *open_library(void) {
  static const char *const names[] = {"libopenblas.so.0", "libopenblas.so"};
  for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
    void *library = dlopen(names[i], RTLD_LAZY | RTLD_LOCAL);
    if (library) return library;
    const char *problem = dlerror();
    if (problem) note(problem);
  }
  return 0;
}

// Finds the functions; 0 if one is missing.
static int find_functions(void *library) {
  const struct {
    const char *name;
    void **target;
    int is_optional;
  } symbols[] = {
      {"cblas_sgemm", (void **)&functions.sgemm, 0},
      {"cblas_dgemm", (void **)&functions.dgemm, 0},
      {"cblas_dtrsm", (void **)&functions.dtrsm, 0},
      {"dpotrf_", (void **)&functions.dpotrf, 0},
      {"openblas_get_corename", (void **)&functions.core_name, 0},
      {"blas_memory_alloc", (void **)&functions.alloc, 1},
      {"blas_memory_free", (void **)&functions.release, 1},
  };
  for (unsigned i = 0; i < sizeof symbols / sizeof symbols[0]; i++) {
    *symbols[i].target = dlsym(library, symbols[i].name);
    if (*symbols[i].target || symbols[i].is_optional) continue;
    note("the library has not all functions");
    return 0;
  }
  return 1;
}

// Whether a name stands in a list of names with a space before and after each.
static int is_listed(const char *name, const char *list) {
  char padded[64] = " ";
  if (strlen(name) + 3 > sizeof padded) return 0;
  strcat(strcat(padded, name), " ");
  return strstr(list, padded) != 0;
}

const struct fk_blas *fk_blas_load(const char *core, const char *good_cores, const char **problem) {
  static const char core_variable[] = "OPENBLAS_CORETYPE";
  // It starts a thread for each core as soon as it is loaded, and interrupts the program if it gets none.
  setenv("OPENBLAS_NUM_THREADS", "1", 1);
  *problem = problem_text;
  void *library = open_library();
  if (!library || !find_functions(library)) return 0;
  if (!core || getenv(core_variable) || is_listed(functions.core_name(), good_cores)) return &functions;
  // It chooses once, when it is loaded.
  setenv(core_variable, core, 1);
  dlclose(library);
  library = open_library();
  return library && find_functions(library) ? &functions : 0;
}
