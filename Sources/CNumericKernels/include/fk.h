// Numeric kernels: pointers, counts and parameters in, numbers out. Nothing here allocates, knows a file or a name,
// or starts a thread.
//
// Names: fk_<operation>[_<input>][_<tile>]__<level>, for example fk_search_symmetric_x16__avx512. "x16" means a tile of
// 16 groups side by side: element i of group g is at tile[16 * i + g]. Kernels that take a struct fk_matrix choose by
// its encoding, so their names have no type. A level with integer products of its own (avx2vnni, avx512vnni, dotprod) has
// only those kernels under its name and the rest from the level below.
//
// Every level gives the same bits: the bodies are written once over 16-lane vectors, use only IEEE add, multiply,
// divide, compare and integer operations, and forbid contraction into fused multiply-add.
#ifndef FK_H
#define FK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Lanes of a tile: groups that one call works on.
#define FK_LANES 16

/// Instruction-set levels, least first; those of another kind of processor do not exist.
enum fk_level {
  FK_LEVEL_PORTABLE = 0,
  FK_LEVEL_AVX2 = 1,
  FK_LEVEL_AVX2VNNI = 2,
  FK_LEVEL_AVX512 = 3,
  FK_LEVEL_AVX512VNNI = 4,
  FK_LEVEL_DOTPROD = 5
};

/// How a scale is searched.
struct fk_search {
  /// Least and greatest code.
  int32_t code_min, code_max;
  /// Candidate k has the scale (range / step count) * (first_factor + k * factor_step).
  float first_factor, factor_step;
  int32_t candidate_count;
  /// Rounds of least-squares refinement after the candidates.
  int32_t refinement_count;
  /// Bits of a scale's mantissa behind the leading one, to which it is rounded before it is judged: 23 for all of
  /// float32, 7 for bfloat16, at least 1.
  int32_t scale_mantissa_bits;
  /// Where this is more, scales of so many bits are tried at the end, and taken where they make the squared error less
  /// than fine_share of what it was.
  int32_t fine_mantissa_bits;
  float fine_share;
};

/// Sums over values: lane l holds the values at positions l, l + 16, l + 32, ...
struct fk_moments {
  double sum[FK_LANES], square_sum[FK_LANES];
  float minimum[FK_LANES], maximum[FK_LANES];
  /// Values that are NaN or infinite; they are left out of the other fields.
  uint64_t nonfinite_count;
};

/// Sums over pairs of values; lanes as in fk_moments.
struct fk_difference {
  double signal[FK_LANES], error[FK_LANES];
  float maximum_error[FK_LANES];
};

/// What a comparison of rows with their codes found.
struct fk_row_check {
  /// Values further from their decoded value than the bound allows.
  uint64_t violation_count;
  /// Values outside of what the codes can express.
  uint64_t clipped_count;
  /// Scales that are not positive normal numbers.
  uint64_t bad_scale_count;
};

/// Entries of the grid.
#define FK_GRID_SIZE 16
/// How far, in steps, a weight may be beyond the middle between two entries and still have either: that much comes from
/// rounding in float32, where quotients are up to 127 steps.
#define FK_GRID_SLACK 0.0001f

/// What codes of N4 stand for, in units of the scale: ascending, one of them 0.
extern const int8_t fk_grid_entries[FK_GRID_SIZE];

/// How the weights of a matrix are held; S4, U4 and N4 are two codes to a byte, the even column in the low half. Codes
/// of N4 are indices into the grid.
enum fk_encoding {
  FK_ENCODING_F32,
  FK_ENCODING_F16,
  FK_ENCODING_BF16,
  FK_ENCODING_S8,
  FK_ENCODING_S4,
  FK_ENCODING_U4,
  FK_ENCODING_N4
};

/// A matrix of encoded rows without gaps: w = s q, w = s (q - z) for U4, or w = s times an entry of the grid for N4.
struct fk_matrix {
  /// Values or codes; a row begins at a byte.
  const void *codes;
  /// One float32 a row, or one bfloat16 a group; unused for floats.
  const void *scales;
  /// Two to a byte, a row begins at a byte; for U4 only.
  const void *zero_points;
  enum fk_encoding encoding;
  size_t row_count, columns;
  /// Columns that share a scale: 0 for a whole row, else a multiple of 16.
  size_t group_size;
};

/// Activations of several tokens as bytes, token after token, in blocks of 16 or 32 columns:
/// x = scale * (code + shift).
struct fk_activations {
  /// block_count * block_size a token, in the form that the level's products want: code, or code + 128 as an unsigned
  /// byte. For weights of four bits a block has its even columns first, then its odd ones. What fills up the last block
  /// is -shift, which stands for zero.
  const int8_t *codes;
  /// A scale and the sum of the codes (exact, a whole number) for each block, block_count a token.
  const float *scales, *sums;
  /// Multiples of FK_SHIFT_STEP for each block, block_count a token.
  const int8_t *shifts;
  size_t block_count, block_size;
};

/// A block's shift is one of FK_SHIFT_COUNT multiples of FK_SHIFT_STEP around zero: so few that a kernel can have what
/// follows from each of them at hand.
#define FK_SHIFT_STEP 32
#define FK_SHIFT_COUNT 7
/// Elements of the offsets of a block of a panel.
#define FK_OFFSETS (FK_SHIFT_COUNT * FK_LANES)

/// Some blocks of up to FK_PANELS panels of 16 rows of a matrix, unpacked: four columns of 16 rows side by side.
struct fk_panel {
  /// Byte 64 q + 4 r + j of a panel is the weight of row r in column 4 q + j of the activations' order, less its zero
  /// point or not, as the level's products want it. At an address that 64 divides.
  const void *codes;
  /// 16 a block.
  const float *scales;
  /// FK_OFFSETS a block, as the level wants it. Either float32: what is taken off the codes, then the sums of
  /// the codes less that; or int32: what a block's sum begins with, for each shift.
  const void *offsets;
  /// Bytes of codes, and elements of scales, from one panel of 16 rows to the next.
  size_t code_stride, factor_stride;
  size_t first_block, block_count, row_count;
  bool bytes;
};

/// Most panels that are multiplied together.
#define FK_PANELS 2

/// Where the product of panels and tokens goes.
struct fk_product {
  /// y[token * y_stride + r] for the tokens of the call, from 0 on, and the rows of the panels.
  float *y;
  size_t y_stride;
  /// What the product is added to, in the same order; NULL for nothing. May be y.
  const float *addend;
  size_t addend_stride;
};

/// How the codes of some columns follow from errors of columns before them.
struct fk_feedback {
  size_t count;
  /// factors[k * stride + l], l > k: what an error of column k adds to the target of column l.
  const float *factors;
  size_t stride;
  float code_min, code_max;
  /// No code is further than this from the nearest one, in steps.
  float reach;
  /// Whether codes are indices into the grid: then a step is from one entry to the next, and there are no zero points.
  bool grid;
};

/// What keys and values of an attention are held as: S8 is scale times code.
enum fk_number { FK_NUMBER_F32, FK_NUMBER_BF16, FK_NUMBER_S8 };

/// Rows of keys or values.
struct fk_rows {
  /// Row r, column c is number r * stride + c.
  const void *numbers;
  /// One a row; for S8 only.
  const float *scales;
  size_t stride;
  enum fk_number number;
};

/// A softmax that sees its scores block by block: the greatest of them, -inf before the first, and the sum of e^(score
/// - peak).
struct fk_softmax {
  float peak;
  double sum;
};

/// One level's kernels.
struct fk_kernels {
  enum fk_level level;

  /// count bfloat16 or float16 numbers to float32, exactly.
  void (*widen_bf16)(const void *source, float *target, size_t count);
  void (*widen_f16)(const void *source, float *target, size_t count);
  /// count float32 numbers to the nearest bfloat16 or float16, ties to even; NaN stays NaN.
  void (*narrow_bf16)(const float *source, void *target, size_t count);
  void (*narrow_f16)(const float *source, void *target, size_t count);

  /// Adds count values to the sums.
  void (*moments_f32)(const float *values, size_t count, struct fk_moments *sums);
  /// Adds count pairs to the sums.
  void (*difference_f32)(const float *reference, const float *other, size_t count, struct fk_difference *sums);

  /// For each row r, whose squares in units of the columns come to e = sum of x^2 * inverses[column]:
  /// sums[column] += x^2 * (columns / e), both in the order of columns and of rows. Rows with e = 0 are left out.
  void (*balance_rows_f32)(
      const float *rows, size_t row_count, size_t columns, const double *inverses, double *sums);

  /// Fills a tile: lane g takes lengths[g] values at sources[g], zeros up to count. With divisors the values are divided
  /// by those at divisors[g].
  void (*tile_f32_x16)(
      const float *const *sources, const float *const *divisors, const int32_t *lengths, size_t count, float *tile);

  /// Finds scales of w = s q with the least squared error, each square multiplied with its weight; weights is a tile
  /// too, or NULL for equal ones. A group of zeros gets the scale 1. Magnitudes must be finite and at most 1e8, weights
  /// not negative and at most 1e8, so that nothing overflows.
  void (*search_symmetric_x16)(
      const float *tile, const float *weights, size_t count, const struct fk_search *search, float *scales);
  /// Finds scales and zero points of w = s (q - z), 0 <= q, z <= 15, with the least squared error.
  void (*search_asymmetric_x16)(
      const float *tile, const float *weights, size_t count, const struct fk_search *search, float *scales,
      float *zero_points);
  /// Finds scales of w = s times an entry of the grid with the least squared error, as search_symmetric_x16 does.
  void (*search_grid_x16)(
      const float *tile, const float *weights, size_t count, const struct fk_search *search, float *scales);
  /// codes[16 i + g] = the code of tile[16 i + g]: round half to even, clamped.
  void (*encode_x16)(
      const float *tile, size_t count, float code_min, float code_max, const float *scales, const float *zero_points,
      int8_t *codes);
  /// codes[16 i + g] = the index of the entry that is nearest to tile[16 i + g] / scale, the lower one of two.
  void (*encode_grid_x16)(const float *tile, size_t count, const float *scales, int8_t *codes);
  /// Chooses the codes of 16 rows column by column, each one with the errors of those before it in its target. Tiles have
  /// row g of column k at 16 k + g. scales and zero_points are tiles too: one of a row's group for each column, in the
  /// units of the weights. targets holds what earlier columns add, and is used up; errors becomes weight minus decoded.
  void (*feedback_x16)(
      const struct fk_feedback *feedback, const float *weights, const float *scales, const float *zero_points,
      float *targets, int8_t *codes, float *errors);
  /// Takes lane g out of a tile of codes into lengths[g] bytes at targets[g].
  void (*untile_s8_x16)(const int8_t *tile, const int32_t *lengths, int8_t *const *targets);

  /// Codes of -8...7 or 0...15 two to a byte, the first in the low half; an odd last half is 0.
  void (*pack_nibbles)(const int8_t *codes, size_t count, uint8_t *packed);
  /// target[r][c] = values[r][c] / divisors[c], rows without gaps; target may be values.
  void (*divide_rows_f32)(
      const float *values, const float *divisors, size_t row_count, size_t columns, float *target);
  /// The weights of a matrix of codes: scale * (code - zero point), times factors[column] unless that is NULL.
  void (*decode_rows)(const struct fk_matrix *matrix, const float *factors, float *target);
  /// Compares rows with the codes of a matrix: |clamp(x, range of the codes) - decoded| <= scale * bound must hold, with
  /// x = values[r][c], divided by divisors[c] unless that is NULL. Entries of the grid have a bound for each side: half
  /// the distance to the next one and a little for rounding, or bound if that is more.
  void (*check_rows)(
      const struct fk_matrix *matrix, const float *values, const float *divisors, float code_min, float code_max,
      float bound_in_steps, struct fk_row_check *result);

  /// target = x / sqrt(mean of x^2 + epsilon) * weight; target may be x.
  void (*rms_norm_f32)(const float *x, const float *weight, size_t count, float epsilon, float *target);
  /// target = (x - mean) / sqrt(variance + epsilon) * weight + bias; target may be x.
  void (*layer_norm_f32)(
      const float *x, const float *weight, const float *bias, size_t count, float epsilon, float *target);
  /// e^x over the sum of all e^x, in place; -inf gives 0, and nothing but -inf gives zeros.
  void (*softmax_f32)(float *row, size_t count);
  /// target = gate / (1 + e^-gate) * up; target may be either.
  void (*silu_multiply_f32)(const float *gate, const float *up, size_t count, float *target);
  /// x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2 and x (1 + erf(x / sqrt 2)) / 2, in place.
  void (*gelu_tanh_f32)(float *values, size_t count);
  void (*gelu_erf_f32)(float *values, size_t count);
  /// e^x, in place.
  void (*exp_f32)(float *values, size_t count);

  /// target += addend; target *= factors.
  void (*add_f32)(const float *addend, size_t count, float *target);
  void (*multiply_f32)(const float *factors, size_t count, float *target);
  /// Turns (head[i], head[half + i]) by the angle whose cosines and sines are given, one for each of 2 half elements.
  void (*rotate_halves_f32)(float *head, const float *cosines, const float *sines, size_t half);

  /// scores[q * score_stride + k] = scale * sum over columns of query q times key k, in an order that only the number of
  /// columns decides.
  void (*attend_scores)(
      const struct fk_rows *keys, size_t key_count, const float *queries, size_t query_stride, size_t query_count,
      size_t columns, float scale, float *scores, size_t score_stride);
  /// Turns scores into e^(score - peak), where the peak is the greatest score so far, and adds them up; where they raise
  /// the peak, the softmax's sum and the columns sums of values become relative to the new one.
  void (*attend_weights)(
      float *row, size_t count, struct fk_softmax *softmax, float *sums, size_t columns);
  /// sums[q * sum_stride + c] += weights[q * weight_stride + r] * value (r, c), row after row.
  void (*attend_values)(
      const struct fk_rows *values, size_t value_count, const float *weights, size_t weight_stride,
      size_t query_count, size_t columns, float *sums, size_t sum_stride);
  /// The result of one query from those of parts of its keys: what all parts' values add up to, over what all weights
  /// do; zeros if no key counts.
  void (*attend_combine)(
      const struct fk_softmax *parts, const float *sums, size_t part_count, size_t part_stride, size_t columns,
      float *result);
  /// target[r * columns + c] = row r, column c as float32.
  void (*attend_widen)(const struct fk_rows *rows, size_t row_count, size_t columns, float *target);
  /// Nearest codes of -127...127 with one scale; NaN and infinity give the scale NaN.
  void (*attend_quantize)(const float *x, size_t count, int8_t *codes, float *scale);
  /// weights[r][c] += scale * sum over k < rank of left[r][k] * right[k][c], rows without gaps. The sum, in the order of
  /// k, the scaling and the addition are in float64; the result is rounded once. right is in panels of 16 columns: for
  /// each panel, rank runs of 16 values; what fills up the last panel must be finite.
  void (*add_low_rank_f32)(
      const float *left, const float *right, size_t rank, double scale, size_t row_count, size_t columns,
      float *weights);

  /// y[r] = sum over columns of weight (first_row + r, column) * x[column].
  void (*multiply_vector)(
      const struct fk_matrix *matrix, size_t first_row, size_t row_count, const float *x, float *y);

  /// Rounds one token's values to bytes, block by block, with the shift that makes the steps smallest. A block that holds
  /// a NaN or an infinity gets the scale NaN.
  void (*quantize_activations)(
      const float *x, size_t columns, size_t block_size, bool splits_pairs, int8_t *codes, float *scales, float *sums,
      int8_t *shifts);
  /// Fills one panel of 1 to 16 rows. The blocks begin at a multiple of 512 columns and are at most 512 columns.
  void (*unpack_panel)(
      const struct fk_matrix *matrix, size_t first_row, size_t row_count, size_t first_block, size_t block_count,
      size_t block_size, void *codes, float *scales, void *offsets);
  /// The panels' part of their rows times token_count tokens from first_token on.
  void (*multiply_panel)(
      const struct fk_panel *panel, const struct fk_activations *activations, size_t first_token, size_t token_count,
      const struct fk_product *product);
  /// y[r] = row first_row + r of a matrix of codes times one token, without unpacking: for blocks of 32 columns. The same
  /// bits as by panels.
  void (*multiply_rows)(
      const struct fk_matrix *matrix, size_t first_row, size_t row_count, const struct fk_activations *activations,
      size_t token, float *y);
};

/// Tells the processor that a loop waits for another thread.
static inline void fk_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// The kernels of a level, or NULL if this processor or build does not have it.
const struct fk_kernels *fk_kernels_for(enum fk_level level);

#endif
