#include "fk_declare.h"
#include "fk_search_scale.h"

const int8_t fk_grid_entries[FK_GRID_SIZE] = {FK_GRID_ENTRIES};

// Without weights there is nothing to multiply: two copies of the body.
#define DEFINE(level)                                                                                              \
  FK_TARGET_##level void fk_search_grid_x16__##level(                                                              \
      const float *tile, const float *weights, size_t count, const struct fk_search *search, float *scales) {      \
    if (weights) {                                                                                                 \
      fk_search_scale(tile, weights, count, search, true, FK_TABLES_##level, scales);                              \
    } else {                                                                                                       \
      fk_search_scale(tile, NULL, count, search, true, FK_TABLES_##level, scales);                                 \
    }                                                                                                              \
  }
FK_FOR_EACH_LEVEL(DEFINE)
