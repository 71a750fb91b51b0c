#include "fk_declare.h"
#include "fk_transpose.h"

FK_INLINE fk_f64x16 widen_to_double(fk_f32x16 a) { return __builtin_convertvector(a, fk_f64x16); }

struct moment_sums {
  fk_f64x16 sum, square_sum;
  fk_f32x16 minimum, maximum;
  // Minus the count.
  fk_s32x16 nonfinite;
};

// Adds up to 16 values; lanes from count on are 0.
FK_INLINE void add_moments(struct moment_sums *sums, fk_f32x16 x, size_t count) {
  const fk_s32x16 lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  // False for NaN as well.
  const fk_s32x16 finite = fk_abs(x) < __builtin_inff();
  sums->nonfinite += ~finite;
  const fk_f32x16 kept = finite ? x : (fk_f32x16)0.0f;
  const fk_f64x16 wide = widen_to_double(kept);
  sums->sum += wide;
  sums->square_sum += wide * wide;
  // Lanes past the end must not count as zeros.
  const fk_s32x16 counted = count < FK_LANES ? finite & (lanes < (int32_t)count) : finite;
  sums->minimum = counted ? fk_min(x, sums->minimum) : sums->minimum;
  sums->maximum = counted ? fk_max(x, sums->maximum) : sums->maximum;
}

FK_INLINE void moments_f32(const float *values, size_t count, struct fk_moments *sums) {
  struct moment_sums local = {.nonfinite = 0};
  memcpy(&local.sum, sums->sum, sizeof local.sum);
  memcpy(&local.square_sum, sums->square_sum, sizeof local.square_sum);
  memcpy(&local.minimum, sums->minimum, sizeof local.minimum);
  memcpy(&local.maximum, sums->maximum, sizeof local.maximum);
  size_t i = 0;
  for (; count - i >= FK_LANES; i += FK_LANES) {
    add_moments(&local, fk_load(values + i), FK_LANES);
  }
  if (i < count) {
    fk_f32x16 x = 0.0f;
    memcpy(&x, values + i, (count - i) * sizeof(float));
    add_moments(&local, x, count - i);
  }
  memcpy(sums->sum, &local.sum, sizeof local.sum);
  memcpy(sums->square_sum, &local.square_sum, sizeof local.square_sum);
  memcpy(sums->minimum, &local.minimum, sizeof local.minimum);
  memcpy(sums->maximum, &local.maximum, sizeof local.maximum);
  for (size_t lane = 0; lane < FK_LANES; lane++) {
    sums->nonfinite_count += (uint32_t)-local.nonfinite[lane];
  }
}

struct difference_sums {
  fk_f64x16 signal, error;
  fk_f32x16 maximum;
};

FK_INLINE void add_difference(struct difference_sums *sums, fk_f32x16 x, fk_f32x16 y) {
  const fk_f64x16 wide = widen_to_double(x);
  const fk_f64x16 difference = wide - widen_to_double(y);
  sums->signal += wide * wide;
  sums->error += difference * difference;
  sums->maximum = fk_max(sums->maximum, fk_abs(x - y));
}

FK_INLINE void difference_f32(const float *reference, const float *other, size_t count, struct fk_difference *sums) {
  struct difference_sums local;
  memcpy(&local.signal, sums->signal, sizeof local.signal);
  memcpy(&local.error, sums->error, sizeof local.error);
  memcpy(&local.maximum, sums->maximum_error, sizeof local.maximum);
  size_t i = 0;
  for (; count - i >= FK_LANES; i += FK_LANES) {
    add_difference(&local, fk_load(reference + i), fk_load(other + i));
  }
  if (i < count) {
    fk_f32x16 x = 0.0f, y = 0.0f;
    memcpy(&x, reference + i, (count - i) * sizeof(float));
    memcpy(&y, other + i, (count - i) * sizeof(float));
    add_difference(&local, x, y);
  }
  memcpy(sums->signal, &local.signal, sizeof local.signal);
  memcpy(sums->error, &local.error, sizeof local.error);
  memcpy(sums->maximum_error, &local.maximum, sizeof local.maximum);
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
