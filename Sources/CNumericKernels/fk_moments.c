#include "fk_declare.h"
#include "fk_transpose.h"

FK_INLINE fk_f64x16 widen_to_double(fk_f32x16 a) { return __builtin_convertvector(a, fk_f64x16); }

FK_INLINE void moments_f32(const float *values, size_t count, struct fk_moments *sums) {
  fk_f64x16 sum, square_sum;
  fk_f32x16 minimum, maximum;
  memcpy(&sum, sums->sum, sizeof sum);
  memcpy(&square_sum, sums->square_sum, sizeof square_sum);
  memcpy(&minimum, sums->minimum, sizeof minimum);
  memcpy(&maximum, sums->maximum, sizeof maximum);
  const fk_f32x16 infinity = __builtin_inff();
  fk_s32x16 nonfinite = 0;
  for (size_t i = 0; i < count; i += FK_LANES) {
    fk_f32x16 x = 0.0f;
    const bool whole = count - i >= FK_LANES;
    if (whole) {
      x = fk_load(values + i);
    } else {
      memcpy(&x, values + i, (count - i) * sizeof(float));
    }
    // False for NaN as well.
    const fk_s32x16 finite = fk_abs(x) < infinity;
    nonfinite -= ~finite;
    const fk_f32x16 kept = finite ? x : (fk_f32x16)0.0f;
    const fk_f64x16 wide = widen_to_double(kept);
    sum += wide;
    square_sum += wide * wide;
    // Lanes past the end must not count as zeros.
    fk_s32x16 counted = finite;
    if (!whole) {
      for (size_t lane = count - i; lane < FK_LANES; lane++) {
        counted[lane] = 0;
      }
    }
    minimum = counted ? fk_min(x, minimum) : minimum;
    maximum = counted ? fk_max(x, maximum) : maximum;
  }
  memcpy(sums->sum, &sum, sizeof sum);
  memcpy(sums->square_sum, &square_sum, sizeof square_sum);
  memcpy(sums->minimum, &minimum, sizeof minimum);
  memcpy(sums->maximum, &maximum, sizeof maximum);
  for (size_t lane = 0; lane < FK_LANES; lane++) {
    sums->nonfinite_count += (uint32_t)nonfinite[lane];
  }
}

FK_INLINE void difference_f32(const float *reference, const float *other, size_t count, struct fk_difference *sums) {
  fk_f64x16 signal, error;
  fk_f32x16 maximum;
  memcpy(&signal, sums->signal, sizeof signal);
  memcpy(&error, sums->error, sizeof error);
  memcpy(&maximum, sums->maximum_error, sizeof maximum);
  for (size_t i = 0; i < count; i += FK_LANES) {
    fk_f32x16 x = 0.0f, y = 0.0f;
    if (count - i >= FK_LANES) {
      x = fk_load(reference + i);
      y = fk_load(other + i);
    } else {
      memcpy(&x, reference + i, (count - i) * sizeof(float));
      memcpy(&y, other + i, (count - i) * sizeof(float));
    }
    const fk_f64x16 wide = widen_to_double(x);
    const fk_f64x16 difference = wide - widen_to_double(y);
    signal += wide * wide;
    error += difference * difference;
    maximum = fk_max(maximum, fk_abs(x - y));
  }
  memcpy(sums->signal, &signal, sizeof signal);
  memcpy(sums->error, &error, sizeof error);
  memcpy(sums->maximum_error, &maximum, sizeof maximum);
}

// Up to 16 rows: what each one's squares come to in units of the columns, in the order of the columns.
FK_INLINE fk_f64x16 row_energies(const float *rows, size_t row_count, size_t columns, const double *inverses) {
  fk_f64x16 energies = 0.0;
  for (size_t column = 0; column < columns; column += 16) {
    const size_t count = columns - column < 16 ? columns - column : 16;
    fk_f32x16 lanes[16];
    for (size_t row = 0; row < 16; row++) {
      lanes[row] = 0.0f;
      if (row < row_count && count == 16) {
        lanes[row] = fk_load(rows + row * columns + column);
      } else if (row < row_count) {
        memcpy(&lanes[row], rows + row * columns + column, count * sizeof(float));
      }
    }
    fk_transpose_floats(lanes);
    for (size_t i = 0; i < count; i++) {
      const fk_f64x16 wide = widen_to_double(lanes[i]);
      energies += wide * wide * inverses[column + i];
    }
  }
  return energies;
}

FK_INLINE void balance_rows_f32(
    const float *rows, size_t row_count, size_t columns, const double *inverses, double *sums) {
  for (size_t first = 0; first < row_count; first += 16) {
    const float *some = rows + first * columns;
    const size_t count = row_count - first < 16 ? row_count - first : 16;
    const fk_f64x16 energies = row_energies(some, count, columns, inverses);
    double factors[16];
    for (size_t row = 0; row < 16; row++) {
      factors[row] = energies[row] > 0.0 ? (double)columns / energies[row] : 0.0;
    }
    for (size_t column = 0; column < columns; column += 16) {
      const size_t width = columns - column < 16 ? columns - column : 16;
      fk_f64x16 sum = 0.0;
      memcpy(&sum, sums + column, width * sizeof(double));
      for (size_t row = 0; row < count; row++) {
        fk_f32x16 values = 0.0f;
        memcpy(&values, some + row * columns + column, width * sizeof(float));
        const fk_f64x16 wide = widen_to_double(values);
        sum += wide * wide * factors[row];
      }
      memcpy(sums + column, &sum, width * sizeof(double));
    }
  }
}

#define DEFINE(level)                                                                                            \
  FK_TARGET_##level void fk_moments_f32__##level(const float *values, size_t count, struct fk_moments *sums) {   \
    moments_f32(values, count, sums);                                                                            \
  }                                                                                                              \
  FK_TARGET_##level void fk_difference_f32__##level(                                                             \
      const float *reference, const float *other, size_t count, struct fk_difference *sums) {                    \
    difference_f32(reference, other, count, sums);                                                               \
  }                                                                                                              \
  FK_TARGET_##level void fk_balance_rows_f32__##level(                                                           \
      const float *rows, size_t row_count, size_t columns, const double *inverses, double *sums) {               \
    balance_rows_f32(rows, row_count, columns, inverses, sums);                                                  \
  }
FK_FOR_EACH_LEVEL(DEFINE)
