// Prototypes of every kernel at every level, from the one list that the registry uses too.
#ifndef FK_DECLARE_H
#define FK_DECLARE_H

#include "fk_vector.h"

// field of struct fk_kernels, parameter list
#define FK_FOR_EACH_KERNEL(kernel, level)                                                                          \
  kernel(widen_bf16, level, (const void *, float *, size_t))                                                       \
  kernel(widen_f16, level, (const void *, float *, size_t))                                                        \
  kernel(narrow_bf16, level, (const float *, void *, size_t))                                                      \
  kernel(narrow_f16, level, (const float *, void *, size_t))                                                       \
  kernel(moments_f32, level, (const float *, size_t, struct fk_moments *))                                         \
  kernel(difference_f32, level, (const float *, const float *, size_t, struct fk_difference *))                    \
  kernel(balance_rows_f32, level, (const float *, size_t, size_t, const double *, double *))                       \
  kernel(tile_f32_x16, level, (const float *const *, const float *const *, const int32_t *, size_t, float *))      \
  kernel(search_symmetric_x16, level, (const float *, const float *, size_t, const struct fk_search *, float *))  \
  kernel(                                                                                                          \
      search_asymmetric_x16, level,                                                                                \
      (const float *, const float *, size_t, const struct fk_search *, float *, float *))                          \
  kernel(search_grid_x16, level, (const float *, const float *, size_t, const struct fk_search *, float *))       \
  kernel(encode_x16, level, (const float *, size_t, float, float, const float *, const float *, int8_t *))         \
  kernel(encode_grid_x16, level, (const float *, size_t, const float *, int8_t *))                                 \
  kernel(                                                                                                          \
      feedback_x16, level,                                                                                         \
      (const struct fk_feedback *, const float *, const float *, const float *, float *, int8_t *, float *))       \
  kernel(untile_s8_x16, level, (const int8_t *, const int32_t *, int8_t *const *))                                 \
  kernel(pack_nibbles, level, (const int8_t *, size_t, uint8_t *))                                                 \
  kernel(divide_rows_f32, level, (const float *, const float *, size_t, size_t, float *))                          \
  kernel(decode_rows, level, (const struct fk_matrix *, const float *, float *))                                   \
  kernel(                                                                                                          \
      check_rows, level,                                                                                           \
      (const struct fk_matrix *, const float *, const float *, float, float, float, struct fk_row_check *))        \
  kernel(rms_norm_f32, level, (const float *, const float *, size_t, float, float *))                              \
  kernel(layer_norm_f32, level, (const float *, const float *, const float *, size_t, float, float *))             \
  kernel(softmax_f32, level, (float *, size_t))                                                                    \
  kernel(silu_multiply_f32, level, (const float *, const float *, size_t, float *))                                \
  kernel(gelu_tanh_f32, level, (float *, size_t))                                                                  \
  kernel(gelu_erf_f32, level, (float *, size_t))                                                                   \
  kernel(exp_f32, level, (float *, size_t))                                                                        \
  kernel(add_f32, level, (const float *, size_t, float *))                                                         \
  kernel(multiply_f32, level, (const float *, size_t, float *))                                                    \
  kernel(rotate_halves_f32, level, (float *, const float *, const float *, size_t))                                \
  kernel(                                                                                                          \
      attend_scores, level,                                                                                        \
      (const struct fk_rows *, size_t, const float *, size_t, size_t, size_t, float, float *, size_t))             \
  kernel(attend_weights, level, (float *, size_t, struct fk_softmax *, float *, size_t))                           \
  kernel(                                                                                                          \
      attend_values, level,                                                                                        \
      (const struct fk_rows *, size_t, const float *, size_t, size_t, size_t, float *, size_t))                    \
  kernel(attend_combine, level, (const struct fk_softmax *, const float *, size_t, size_t, size_t, float *))       \
  kernel(attend_widen, level, (const struct fk_rows *, size_t, size_t, float *))                                   \
  kernel(attend_quantize, level, (const float *, size_t, int8_t *, float *))                                       \
  kernel(add_low_rank_f32, level, (const float *, const float *, size_t, double, size_t, size_t, float *))         \
  kernel(multiply_vector, level, (const struct fk_matrix *, size_t, size_t, const float *, float *))

// Kernels that a level of integer products has of its own.
#define FK_FOR_EACH_PRODUCT_KERNEL(kernel, level)                                                                  \
  kernel(                                                                                                          \
      quantize_activations, level,                                                                                 \
      (const float *, size_t, size_t, bool, int8_t *, float *, float *, int8_t *))                                 \
  kernel(                                                                                                          \
      unpack_panel, level,                                                                                         \
      (const struct fk_matrix *, size_t, size_t, size_t, size_t, size_t, void *, float *, void *))                 \
  kernel(                                                                                                          \
      multiply_rows, level,                                                                                        \
      (const struct fk_matrix *, size_t, size_t, const struct fk_activations *, size_t, float *))                  \
  kernel(                                                                                                          \
      multiply_panel, level,                                                                                       \
      (const struct fk_panel *, const struct fk_activations *, size_t, size_t, const struct fk_product *))

#define FK_DECLARE_KERNEL(name, level, parameters) void fk_##name##__##level parameters;
#define FK_DECLARE_LEVEL(level) FK_FOR_EACH_KERNEL(FK_DECLARE_KERNEL, level)
#define FK_DECLARE_PRODUCT_LEVEL(level) FK_FOR_EACH_PRODUCT_KERNEL(FK_DECLARE_KERNEL, level)

FK_FOR_EACH_LEVEL(FK_DECLARE_LEVEL)
FK_FOR_EACH_PRODUCT_LEVEL(FK_DECLARE_PRODUCT_LEVEL)

#endif
