#include "fk_declare.h"
#include "fk_matrix.h"

// Attention of a few queries to many keys. A row of keys or values is read once for all queries that share it.
//
// What one query gets from one row is always computed by the same operations in the same order, however many queries
// and rows a call has: every score has one vector of sums over the columns, every result one sum over the rows.

// Rows that all queries go through before the next ones come: few enough for the innermost cache.
enum { ROWS_AT_ONCE = 32 };

// Up to 16 numbers of a row from one column on, zeros after them.
FK_INLINE fk_f32x16 load_numbers(
    const struct fk_rows *rows, const enum fk_number number, size_t row, size_t column, size_t count) {
  const size_t place = row * rows->stride + column;
  if (number == FK_NUMBER_F32) {
    return fk_load_up_to((const float *)rows->numbers + place, count);
  }
  if (number == FK_NUMBER_BF16) {
    const fk_u16x16 halves = fk_load_halves((const uint8_t *)rows->numbers + 2 * place, count);
    return fk_float_of_bits(__builtin_convertvector(halves, fk_u32x16) << 16);
  }
  const fk_u8x16 bytes = fk_load_bytes((const uint8_t *)rows->numbers + place, count);
  fk_s8x16 codes;
  memcpy(&codes, &bytes, sizeof codes);
  return __builtin_convertvector(__builtin_convertvector(codes, fk_s32x16), fk_f32x16);
}

// Scores of some keys and one or two queries; the counts are constants where this is inlined.
FK_INLINE void score_tile(
    const struct fk_rows *keys, const enum fk_number number, size_t first, const size_t key_count,
    const float *queries, size_t query_stride, const size_t query_count, size_t columns, float scale, float *scores,
    size_t score_stride) {
  fk_f32x16 sums[4][2] = {0};
  size_t i = 0;
  for (; columns - i >= FK_LANES; i += FK_LANES) {
    fk_f32x16 query[2] = {0};
    for (size_t q = 0; q < query_count; q++) {
      query[q] = fk_load(queries + q * query_stride + i);
    }
    for (size_t k = 0; k < key_count; k++) {
      const fk_f32x16 key = load_numbers(keys, number, first + k, i, FK_LANES);
      for (size_t q = 0; q < query_count; q++) {
        sums[k][q] += key * query[q];
      }
    }
  }
  if (i < columns) {
    for (size_t k = 0; k < key_count; k++) {
      const fk_f32x16 key = load_numbers(keys, number, first + k, i, columns - i);
      for (size_t q = 0; q < query_count; q++) {
        sums[k][q] += key * fk_load_part(queries + q * query_stride + i, columns - i);
      }
    }
  }
  for (size_t k = 0; k < key_count; k++) {
    const float factor = number == FK_NUMBER_S8 ? keys->scales[first + k] * scale : scale;
    for (size_t q = 0; q < query_count; q++) {
      scores[q * score_stride + first + k] = fk_add_lanes(sums[k][q]) * factor;
    }
  }
}

FK_INLINE void score_rows(
    const struct fk_rows *keys, const enum fk_number number, size_t first, size_t end, const float *queries,
    size_t query_stride, const size_t query_count, size_t columns, float scale, float *scores, size_t score_stride) {
  size_t k = first;
  for (; end - k >= 4; k += 4) {
    score_tile(
        keys, number, k, 4, queries, query_stride, query_count, columns, scale, scores, score_stride);
  }
  for (; k < end; k++) {
    score_tile(
        keys, number, k, 1, queries, query_stride, query_count, columns, scale, scores, score_stride);
  }
}

FK_INLINE void scores_of(
    const struct fk_rows *keys, const enum fk_number number, size_t key_count, const float *queries,
    size_t query_stride, size_t query_count, size_t columns, float scale, float *scores, size_t score_stride) {
  for (size_t first = 0; first < key_count; first += ROWS_AT_ONCE) {
    const size_t end = key_count - first < ROWS_AT_ONCE ? key_count : first + ROWS_AT_ONCE;
    size_t q = 0;
    for (; query_count - q >= 2; q += 2) {
      score_rows(
          keys, number, first, end, queries + q * query_stride, query_stride, 2, columns, scale,
          scores + q * score_stride, score_stride);
    }
    if (q < query_count) {
      score_rows(
          keys, number, first, end, queries + q * query_stride, query_stride, 1, columns, scale,
          scores + q * score_stride, score_stride);
    }
  }
}

FK_INLINE void attend_scores(
    const struct fk_rows *keys, size_t key_count, const float *queries, size_t query_stride, size_t query_count,
    size_t columns, float scale, float *scores, size_t score_stride) {
  switch (keys->number) {
  case FK_NUMBER_F32:
    scores_of(
        keys, FK_NUMBER_F32, key_count, queries, query_stride, query_count, columns, scale, scores, score_stride);
    break;
  case FK_NUMBER_BF16:
    scores_of(
        keys, FK_NUMBER_BF16, key_count, queries, query_stride, query_count, columns, scale, scores, score_stride);
    break;
  case FK_NUMBER_S8:
    scores_of(
        keys, FK_NUMBER_S8, key_count, queries, query_stride, query_count, columns, scale, scores, score_stride);
    break;
  }
}

FK_INLINE float power_of(float x) {
  const fk_f32x16 power = fk_exp((fk_f32x16)x);
  return power[0];
}

FK_INLINE void attend_weights(
    float *row, size_t count, struct fk_softmax *softmax, float *sums, size_t columns) {
  const float least = -__builtin_inff();
  fk_f32x16 peaks = least;
  size_t i = 0;
  for (; count - i >= FK_LANES; i += FK_LANES) {
    peaks = fk_max(fk_load(row + i), peaks);
  }
  float peak = softmax->peak;
  for (; i < count; i++) {
    peak = row[i] > peak ? row[i] : peak;
  }
  for (size_t lane = 0; lane < FK_LANES; lane++) {
    peak = peaks[lane] > peak ? peaks[lane] : peak;
  }
  // Nothing but -inf so far: subtracting it from itself would give NaN.
  const float base = peak == least ? 0.0f : peak;
  if (peak > softmax->peak) {
    const float correction = power_of(softmax->peak - base);
    softmax->sum *= (double)correction;
    for (size_t c = 0; c < columns; c++) {
      sums[c] *= correction;
    }
    softmax->peak = peak;
  }
  fk_f32x16 total = 0.0f;
  for (i = 0; count - i >= FK_LANES; i += FK_LANES) {
    const fk_f32x16 power = fk_exp(fk_load(row + i) - base);
    total += power;
    fk_store(row + i, power);
  }
  if (i < count) {
    fk_f32x16 power = fk_exp(fk_load_part(row + i, count - i) - base);
    for (size_t lane = count - i; lane < FK_LANES; lane++) {
      power[lane] = 0.0f;
    }
    total += power;
    fk_store_part(row + i, power, count - i);
  }
  softmax->sum += (double)fk_add_lanes(total);
}

// Some columns of the sums of one or two queries; the counts of vectors and queries are constants where this is inlined.
FK_INLINE void value_tile(
    const struct fk_rows *values, const enum fk_number number, size_t first, size_t end, const float *weights,
    size_t weight_stride, const size_t query_count, size_t column, const size_t vector_count, float *sums,
    size_t sum_stride) {
  fk_f32x16 totals[2][4];
  for (size_t q = 0; q < query_count; q++) {
    for (size_t v = 0; v < vector_count; v++) {
      totals[q][v] = fk_load(sums + q * sum_stride + column + v * FK_LANES);
    }
  }
  for (size_t k = first; k < end; k++) {
    const float scale = number == FK_NUMBER_S8 ? values->scales[k] : 1.0f;
    float weight[2] = {0};
    for (size_t q = 0; q < query_count; q++) {
      weight[q] = number == FK_NUMBER_S8 ? weights[q * weight_stride + k] * scale : weights[q * weight_stride + k];
    }
    for (size_t v = 0; v < vector_count; v++) {
      const fk_f32x16 value = load_numbers(values, number, k, column + v * FK_LANES, FK_LANES);
      for (size_t q = 0; q < query_count; q++) {
        totals[q][v] += weight[q] * value;
      }
    }
  }
  for (size_t q = 0; q < query_count; q++) {
    for (size_t v = 0; v < vector_count; v++) {
      fk_store(sums + q * sum_stride + column + v * FK_LANES, totals[q][v]);
    }
  }
}

FK_INLINE void value_tail(
    const struct fk_rows *values, const enum fk_number number, size_t first, size_t end, const float *weights,
    size_t column, size_t count, float *sums) {
  fk_f32x16 total = fk_load_part(sums + column, count);
  for (size_t k = first; k < end; k++) {
    const float weight = number == FK_NUMBER_S8 ? weights[k] * values->scales[k] : weights[k];
    total += weight * load_numbers(values, number, k, column, count);
  }
  fk_store_part(sums + column, total, count);
}

FK_INLINE void value_rows(
    const struct fk_rows *values, const enum fk_number number, size_t first, size_t end, const float *weights,
    size_t weight_stride, const size_t query_count, size_t columns, float *sums, size_t sum_stride) {
  size_t i = 0;
  for (; columns - i >= 4 * FK_LANES; i += 4 * FK_LANES) {
    value_tile(values, number, first, end, weights, weight_stride, query_count, i, 4, sums, sum_stride);
  }
  if (columns - i >= 2 * FK_LANES) {
    value_tile(values, number, first, end, weights, weight_stride, query_count, i, 2, sums, sum_stride);
    i += 2 * FK_LANES;
  }
  if (columns - i >= FK_LANES) {
    value_tile(values, number, first, end, weights, weight_stride, query_count, i, 1, sums, sum_stride);
    i += FK_LANES;
  }
  for (size_t q = 0; i < columns && q < query_count; q++) {
    value_tail(
        values, number, first, end, weights + q * weight_stride, i, columns - i, sums + q * sum_stride);
  }
}

FK_INLINE void values_of(
    const struct fk_rows *values, const enum fk_number number, size_t value_count, const float *weights,
    size_t weight_stride, size_t query_count, size_t columns, float *sums, size_t sum_stride) {
  for (size_t first = 0; first < value_count; first += ROWS_AT_ONCE) {
    const size_t end = value_count - first < ROWS_AT_ONCE ? value_count : first + ROWS_AT_ONCE;
    size_t q = 0;
    for (; query_count - q >= 2; q += 2) {
      value_rows(
          values, number, first, end, weights + q * weight_stride, weight_stride, 2, columns, sums + q * sum_stride,
          sum_stride);
    }
    if (q < query_count) {
      value_rows(
          values, number, first, end, weights + q * weight_stride, weight_stride, 1, columns, sums + q * sum_stride,
          sum_stride);
    }
  }
}

FK_INLINE void attend_values(
    const struct fk_rows *values, size_t value_count, const float *weights, size_t weight_stride, size_t query_count,
    size_t columns, float *sums, size_t sum_stride) {
  switch (values->number) {
  case FK_NUMBER_F32:
    values_of(values, FK_NUMBER_F32, value_count, weights, weight_stride, query_count, columns, sums, sum_stride);
    break;
  case FK_NUMBER_BF16:
    values_of(values, FK_NUMBER_BF16, value_count, weights, weight_stride, query_count, columns, sums, sum_stride);
    break;
  case FK_NUMBER_S8:
    values_of(values, FK_NUMBER_S8, value_count, weights, weight_stride, query_count, columns, sums, sum_stride);
    break;
  }
}

FK_INLINE void attend_combine(
    const struct fk_softmax *parts, const float *sums, size_t part_count, size_t part_stride, size_t columns,
    float *result) {
  const float least = -__builtin_inff();
  float peak = least;
  for (size_t p = 0; p < part_count; p++) {
    peak = parts[p].peak > peak ? parts[p].peak : peak;
  }
  const float base = peak == least ? 0.0f : peak;
  double sum = 0.0;
  for (size_t p = 0; p < part_count; p++) {
    const float factor = power_of(parts[p].peak - base);
    sum += parts[p].sum * (double)factor;
    for (size_t i = 0; i < columns; i++) {
      const float share = sums[p * part_stride + i] * factor;
      result[i] = p == 0 ? share : result[i] + share;
    }
  }
  const float divisor = sum == 0.0 ? 1.0f : (float)sum;
  for (size_t i = 0; i < columns; i++) {
    result[i] /= divisor;
  }
}

FK_INLINE void widen_rows(
    const struct fk_rows *rows, const enum fk_number number, size_t row_count, size_t columns, float *target) {
  for (size_t k = 0; k < row_count; k++) {
    const float scale = number == FK_NUMBER_S8 ? rows->scales[k] : 1.0f;
    for (size_t i = 0; i < columns; i += FK_LANES) {
      const fk_f32x16 value = load_numbers(rows, number, k, i, columns - i);
      fk_store_up_to(
          target + k * columns + i, number == FK_NUMBER_S8 ? value * scale : value, columns - i);
    }
  }
}

FK_INLINE void attend_widen(const struct fk_rows *rows, size_t row_count, size_t columns, float *target) {
  switch (rows->number) {
  case FK_NUMBER_F32: widen_rows(rows, FK_NUMBER_F32, row_count, columns, target); break;
  case FK_NUMBER_BF16: widen_rows(rows, FK_NUMBER_BF16, row_count, columns, target); break;
  case FK_NUMBER_S8: widen_rows(rows, FK_NUMBER_S8, row_count, columns, target); break;
  }
}

FK_INLINE void attend_quantize(const float *x, size_t count, int8_t *codes, float *scale) {
  fk_f32x16 peaks = 0.0f;
  fk_s32x16 finite = -1;
  for (size_t i = 0; i < count; i += FK_LANES) {
    const fk_f32x16 size = fk_abs(fk_load_up_to(x + i, count - i));
    finite &= size <= 3.40282347e38f;
    peaks = fk_max(size, peaks);
  }
  float peak = 0.0f;
  bool is_finite = true;
  for (size_t lane = 0; lane < FK_LANES; lane++) {
    peak = peaks[lane] > peak ? peaks[lane] : peak;
    is_finite = is_finite && finite[lane] != 0;
  }
  // Smaller numbers than this have no reciprocal in float32, and add nothing to anything.
  const bool is_nothing = !is_finite || peak < 1.0e-30f;
  *scale = is_finite ? (is_nothing ? 0.0f : peak / 127.0f) : __builtin_nanf("");
  const float inverse = is_nothing ? 0.0f : 127.0f / peak;
  for (size_t i = 0; i < count; i += FK_LANES) {
    const size_t left = count - i < FK_LANES ? count - i : FK_LANES;
    fk_f32x16 rounded = 0.0f;
    if (!is_nothing) {
      rounded = fk_min(fk_max(fk_round(fk_load_up_to(x + i, count - i) * inverse), -127.0f), 127.0f);
    }
    const fk_s8x16 bytes = __builtin_convertvector(__builtin_convertvector(rounded, fk_s32x16), fk_s8x16);
    memcpy(codes + i, &bytes, left);
  }
}

#define DEFINE(level)                                                                                              \
  FK_TARGET_##level void fk_attend_scores__##level(                                                                \
      const struct fk_rows *keys, size_t key_count, const float *queries, size_t query_stride, size_t query_count, \
      size_t columns, float scale, float *scores, size_t score_stride) {                                           \
    attend_scores(keys, key_count, queries, query_stride, query_count, columns, scale, scores, score_stride);      \
  }                                                                                                                \
  FK_TARGET_##level void fk_attend_weights__##level(                                                               \
      float *row, size_t count, struct fk_softmax *softmax, float *sums, size_t columns) {                         \
    attend_weights(row, count, softmax, sums, columns);                                                            \
  }                                                                                                                \
  FK_TARGET_##level void fk_attend_values__##level(                                                                \
      const struct fk_rows *values, size_t value_count, const float *weights, size_t weight_stride,                \
      size_t query_count, size_t columns, float *sums, size_t sum_stride) {                                        \
    attend_values(values, value_count, weights, weight_stride, query_count, columns, sums, sum_stride);            \
  }                                                                                                                \
  FK_TARGET_##level void fk_attend_combine__##level(                                                               \
      const struct fk_softmax *parts, const float *sums, size_t part_count, size_t part_stride, size_t columns,    \
      float *result) {                                                                                             \
    attend_combine(parts, sums, part_count, part_stride, columns, result);                                         \
  }                                                                                                                \
  FK_TARGET_##level void fk_attend_widen__##level(                                                                 \
      const struct fk_rows *rows, size_t row_count, size_t columns, float *target) {                               \
    attend_widen(rows, row_count, columns, target);                                                                \
  }                                                                                                                \
  FK_TARGET_##level void fk_attend_quantize__##level(const float *x, size_t count, int8_t *codes, float *scale) {   \
    attend_quantize(x, count, codes, scale);                                                                       \
  }
FK_FOR_EACH_LEVEL(DEFINE)
