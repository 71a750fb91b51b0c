#include "fk_declare.h"
#include "fk_grid.h"

// Codes of four bits of up to 16 columns of a row, as they are stored.
FK_INLINE fk_u8x16 nibbles_of_row(const uint8_t *row, size_t column, size_t count) {
  typedef uint8_t fk_u8x8 __attribute__((ext_vector_type(8)));
  fk_u8x8 pairs = 0;
  memcpy(&pairs, row + column / 2, count < FK_LANES ? (count + 1) / 2 : sizeof pairs);
  const fk_u8x8 even = pairs & 15, odd = pairs >> 4;
  return __builtin_shufflevector(even, odd, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
}

// What the codes of up to 16 columns of a row stand for, in steps, zero points not taken off.
FK_INLINE fk_f32x16 steps_of_row(const uint8_t *row, enum fk_encoding encoding, size_t column, size_t count) {
  if (encoding == FK_ENCODING_S8) {
    fk_s8x16 codes = 0;
    memcpy(&codes, row + column, count < FK_LANES ? count : FK_LANES);
    return fk_float_of_bytes(codes);
  }
  const fk_u8x16 codes = nibbles_of_row(row, column, count);
  if (encoding == FK_ENCODING_N4) {
    return fk_float_of_bytes(fk_grid_of(codes));
  }
  const int32_t sign = encoding == FK_ENCODING_S4 ? 8 : 0;
  return __builtin_convertvector((__builtin_convertvector(codes, fk_s32x16) ^ sign) - sign, fk_f32x16);
}

// What is taken off the codes of a group.
FK_INLINE float zero_point(
    const struct fk_matrix *matrix, enum fk_encoding encoding, size_t group_count, size_t row, size_t group) {
  return encoding == FK_ENCODING_U4 ? (float)fk_nibble_zero(matrix, group_count, row, group) : 0.0f;
}

FK_INLINE void decode_rows_as(
    const struct fk_matrix *matrix, enum fk_encoding encoding, const float *factors, float *target) {
  const size_t columns = matrix->columns, group_size = fk_group_size(matrix), group_count = fk_group_count(matrix);
  for (size_t row = 0; row < matrix->row_count; row++) {
    const uint8_t *codes = fk_row(matrix, row);
    float *decoded = target + row * columns;
    for (size_t group = 0; group < group_count; group++) {
      const float scale = fk_scale(matrix, group_count, row, group);
      const float zero = zero_point(matrix, encoding, group_count, row, group);
      const size_t first = group * group_size, end = columns - first < group_size ? columns : first + group_size;
      size_t i = first;
      for (; end - i >= FK_LANES; i += FK_LANES) {
        const fk_f32x16 value = scale * (steps_of_row(codes, encoding, i, FK_LANES) - zero);
        fk_store(decoded + i, factors ? value * fk_load(factors + i) : value);
      }
      if (i < end) {
        const size_t count = end - i;
        fk_f32x16 factor = 1.0f;
        if (factors) memcpy(&factor, factors + i, count * sizeof(float));
        const fk_f32x16 value = scale * (steps_of_row(codes, encoding, i, count) - zero) * factor;
        memcpy(decoded + i, &value, count * sizeof(float));
      }
    }
  }
}

FK_INLINE void decode_rows(const struct fk_matrix *matrix, const float *factors, float *target) {
  switch (matrix->encoding) {
  case FK_ENCODING_S8: decode_rows_as(matrix, FK_ENCODING_S8, factors, target); break;
  case FK_ENCODING_S4: decode_rows_as(matrix, FK_ENCODING_S4, factors, target); break;
  case FK_ENCODING_N4: decode_rows_as(matrix, FK_ENCODING_N4, factors, target); break;
  default: decode_rows_as(matrix, FK_ENCODING_U4, factors, target); break;
  }
}

// What the values of a group are compared with.
struct group_bounds {
  float scale, zero;
  fk_f32x16 low, high;
};

// What the codes of up to 16 columns stand for, zero points not taken off, and how far above and below that weights may
// be, all in steps.
struct lane_steps {
  fk_f32x16 steps, above, below;
};

FK_INLINE struct lane_steps bounded_steps(
    const uint8_t *row, enum fk_encoding encoding, float bound, size_t column, size_t count) {
  struct lane_steps lanes = {steps_of_row(row, encoding, column, count), bound, bound};
  if (encoding == FK_ENCODING_N4) {
    const fk_u8x16 codes = nibbles_of_row(row, column, count);
    lanes.above = fk_max(fk_grid_gap(codes, true) * 0.5f + FK_GRID_SLACK, lanes.above);
    lanes.below = fk_max(fk_grid_gap(codes, false) * 0.5f + FK_GRID_SLACK, lanes.below);
  }
  return lanes;
}

// Compares up to 16 values; violations and clipped are minus the counts.
FK_INLINE void check_lanes(
    const struct group_bounds *group, fk_f32x16 x, const struct lane_steps *codes, size_t count,
    fk_s32x16 *violations, fk_s32x16 *clipped) {
  const fk_s32x16 lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  const fk_f32x16 decoded = group->scale * (codes->steps - group->zero);
  const fk_f32x16 inside = x < group->low ? group->low : x > group->high ? group->high : x;
  const fk_f32x16 distance = inside - decoded;
  // Written so that a NaN counts as a violation.
  fk_s32x16 is_far = ~((distance <= group->scale * codes->above) & (-distance <= group->scale * codes->below));
  fk_s32x16 is_outside = x != inside;
  if (count < FK_LANES) {
    is_far &= lanes < (int32_t)count;
    is_outside &= lanes < (int32_t)count;
  }
  *violations += is_far;
  *clipped += is_outside;
}

FK_INLINE void check_rows_as(
    const struct fk_matrix *matrix, enum fk_encoding encoding, const float *values, const float *divisors,
    float code_min, float code_max, float bound_in_steps, struct fk_row_check *result) {
  const size_t columns = matrix->columns, group_size = fk_group_size(matrix), group_count = fk_group_count(matrix);
  uint64_t bad_scale_count = 0;
  for (size_t row = 0; row < matrix->row_count; row++) {
    const uint8_t *codes = fk_row(matrix, row);
    const float *reference = values + row * columns;
    fk_s32x16 violations = 0, clipped = 0;
    for (size_t index = 0; index < group_count; index++) {
      struct group_bounds group;
      const float scale = group.scale = fk_scale(matrix, group_count, row, index);
      const float zero = group.zero = zero_point(matrix, encoding, group_count, row, index);
      bad_scale_count += scale >= FK_LEAST_SCALE && scale < __builtin_inff() ? 0u : 1u;
      group.low = scale * (code_min - zero);
      group.high = scale * (code_max - zero);
      const size_t first = index * group_size, end = columns - first < group_size ? columns : first + group_size;
      size_t i = first;
      for (; end - i >= FK_LANES; i += FK_LANES) {
        const fk_f32x16 value = fk_load(reference + i);
        const fk_f32x16 x = divisors ? value / fk_load(divisors + i) : value;
        const struct lane_steps lanes = bounded_steps(codes, encoding, bound_in_steps, i, FK_LANES);
        check_lanes(&group, x, &lanes, FK_LANES, &violations, &clipped);
      }
      if (i < end) {
        const size_t count = end - i;
        fk_f32x16 x = 0.0f, divisor = 1.0f;
        memcpy(&x, reference + i, count * sizeof(float));
        if (divisors) memcpy(&divisor, divisors + i, count * sizeof(float));
        const struct lane_steps lanes = bounded_steps(codes, encoding, bound_in_steps, i, count);
        check_lanes(&group, x / divisor, &lanes, count, &violations, &clipped);
      }
    }
    result->violation_count += (uint32_t)-__builtin_reduce_add(violations);
    result->clipped_count += (uint32_t)-__builtin_reduce_add(clipped);
  }
  result->bad_scale_count += bad_scale_count;
}

FK_INLINE void check_rows(
    const struct fk_matrix *matrix, const float *values, const float *divisors, float code_min, float code_max,
    float bound_in_steps, struct fk_row_check *result) {
  switch (matrix->encoding) {
  case FK_ENCODING_S8:
    check_rows_as(matrix, FK_ENCODING_S8, values, divisors, code_min, code_max, bound_in_steps, result);
    break;
  case FK_ENCODING_S4:
    check_rows_as(matrix, FK_ENCODING_S4, values, divisors, code_min, code_max, bound_in_steps, result);
    break;
  case FK_ENCODING_N4:
    check_rows_as(matrix, FK_ENCODING_N4, values, divisors, code_min, code_max, bound_in_steps, result);
    break;
  default:
    check_rows_as(matrix, FK_ENCODING_U4, values, divisors, code_min, code_max, bound_in_steps, result);
    break;
  }
}

#define DEFINE(level)                                                                                              \
  FK_TARGET_##level void fk_decode_rows__##level(                                                                  \
      const struct fk_matrix *matrix, const float *factors, float *target) {                                       \
    decode_rows(matrix, factors, target);                                                                          \
  }                                                                                                                \
  FK_TARGET_##level void fk_check_rows__##level(                                                                   \
      const struct fk_matrix *matrix, const float *values, const float *divisors, float code_min, float code_max,  \
      float bound_in_steps, struct fk_row_check *result) {                                                         \
    if (divisors) {                                                                                                \
      check_rows(matrix, values, divisors, code_min, code_max, bound_in_steps, result);                            \
    } else {                                                                                                       \
      check_rows(matrix, values, NULL, code_min, code_max, bound_in_steps, result);                                \
    }                                                                                                              \
  }
FK_FOR_EACH_LEVEL(DEFINE)
