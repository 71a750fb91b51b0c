import FusionCore
import NumericKernels

/// Proves that encoded rows are well formed, and that they stand for the source they claim to.
public final class RowVerifier {
  /// Of the step: half a step is the bound, and the rest is for the float32 rounding of the quotient (at most 127
  /// steps, so 127 x 2^-23 of a step) and of the product.
  public static let boundInSteps: Float = 0.5001

  /// What is asked of a comparison with the source.
  public struct Options: Sendable {
    /// The largest distance in steps that codes may have from their weights where they are not the nearest ones, as
    /// the writer of the codes stated it; `nil` where they are.
    public var largestDeviation: Float?
    /// Whether to add up squares too, for those who do not have them already.
    public var measuresDifference: Bool

    /// Collects the fields.
    public init(largestDeviation: Float? = nil, measuresDifference: Bool = true) {
      self.largestDeviation = largestDeviation
      self.measuresDifference = measuresDifference
    }
  }

  /// For the rounding of a stated deviation, and of the arithmetic that proves it.
  private static let deviationSlack: Float = 1.0001

  /// Values that are compared at a time: so few that they stay in the first cache.
  private static let batchElementCount = 8_192

  private let kernels: KernelSet
  private var values: [Float] = []
  private var decoded: [Float] = []

  /// Makes a verifier for one thread.
  public init(kernels: KernelSet) { self.kernels = kernels }

  /// Checks scales, codes and padding of encoded rows, without a source.
  ///
  /// - Throws: `.badScale` for a scale that is not a positive normal number, `.badCode` for the int8 code -128, or for
  ///   an unused half byte that is not 0.
  public func validate(_ streams: [UnsafeRawBufferPointer], rows: Int, columns: Int, encoding: TensorEncoding) throws {
    let decoder = RowDecoder(kernels: kernels, encoding: encoding, columns: columns)
    if encoding.hasColumnScales { try checkColumnScales(decoder.columnScales(streams)) }
    if !decoder.isWellFormed(streams) { try refuse(streams, rows: rows, decoder) }
    if encoding.kind == .int4Asymmetric, decoder.groupsPerRow % 2 != 0 {
      let bytesPerRow = (decoder.groupsPerRow + 1) / 2
      for row in 0..<rows where streams[2][(row + 1) * bytesPerRow - 1] >> 4 != 0 {
        throw FusionError(
          .badCode, "padding after the zero points is not zero", place: "row \(row)", expected: "0",
          found: "\(streams[2][(row + 1) * bytesPerRow - 1] >> 4)", remedy: "convert the source again")
      }
    }
  }

  /// Names the first group that breaks a rule.
  private func refuse(_ streams: [UnsafeRawBufferPointer], rows: Int, _ decoder: RowDecoder) throws {
    let encoding = decoder.encoding
    try decoder.forEachGroup(streams, rows: rows) { group in
      try checkScale(of: group)
      if encoding.kind == .int8 {
        guard !group.codes.contains(0x80) else { throw badCode(group, "codes -127...127", "-128") }
      } else if group.values.count % 2 != 0, let last = group.codes.last {
        guard last >> 4 == 0 else { throw badCode(group, "0 in the unused half byte", "\(last >> 4)") }
      }
    }
  }

  /// Checks encoded rows against the source: each value must decode to its nearest code.
  ///
  /// With s the scale and [low, high] what the codes of the group can express, |clamp(w, low, high) - decoded| must be
  /// at most half a step, s / 2 (plus rounding, ``boundInSteps``); on a grid, half the way to the next entry.
  ///
  /// Where the encoding has column scales, all of this is in units of the column's scale.
  ///
  /// - Returns: how many values were clipped, and the sums of squared values and differences.
  /// - Throws: `.outsideOfBound` with the first row and group that breaks the bound; `.badScale` as ``validate``.
  public func verify(
    _ streams: [UnsafeRawBufferPointer], against source: UnsafeRawBufferPointer, type: DType, rows: Int, columns: Int,
    encoding: TensorEncoding, options: Options = Options()
  ) throws -> (clippedCount: Int, difference: DifferenceSums) {
    let decoder = RowDecoder(kernels: kernels, encoding: encoding, columns: columns)
    let layouts = encoding.streams(shape: .matrix(rows: rows, columns: columns), dtype: type) ?? []
    precondition(layouts.count == streams.count, "\(streams.count) streams for \(encoding.name)")
    let columnScales = encoding.hasColumnScales ? decoder.columnScales(streams) : []
    try checkColumnScales(columnScales)
    var sums = (clippedCount: 0, difference: DifferenceSums())
    // A few rows at a time, so that both sides stay in the cache of one core.
    let batchRows = max(1, Self.batchElementCount / columns)
    for first in stride(from: 0, to: rows, by: batchRows) {
      let batch = first..<min(first + batchRows, rows)
      let rowByteCount = columns * type.byteWidth
      let bytes = (batch.lowerBound * rowByteCount)..<(batch.upperBound * rowByteCount)
      try verify(
        zip(streams, layouts).map { UnsafeRawBufferPointer(rebasing: $0[$1.range(rows: batch)]) },
        against: UnsafeRawBufferPointer(rebasing: source[bytes]), type: type, rows: batch, decoder: decoder,
        columnScales, options, into: &sums)
    }
    return sums
  }

  private func verify(
    _ streams: [UnsafeRawBufferPointer], against source: UnsafeRawBufferPointer, type: DType, rows: Range<Int>,
    decoder: RowDecoder, _ columnScales: [Float], _ options: Options,
    into sums: inout (clippedCount: Int, difference: DifferenceSums)
  ) throws {
    let count = rows.count * decoder.columns
    if values.count < count {
      values = [Float](repeating: 0, count: count)
      decoded = values
    }
    let bound = options.largestDeviation.map { max(Self.boundInSteps, $0 * Self.deviationSlack) } ?? Self.boundInSteps
    let reach = ScaleSearch.standard(for: decoder.encoding).reach
    try values.withUnsafeMutableBufferPointer { allValues in
      let reference = UnsafeMutableBufferPointer(rebasing: allValues[..<count])
      kernels.widen(source, type: type, into: reference)
      if options.measuresDifference { try measure(streams, rows: rows, decoder, reference, into: &sums.difference) }
      let found = kernels.check(
        UnsafeBufferPointer(reference), dividedBy: columnScales, against: decoder.matrix(streams, rows: rows.count),
        reach: reach, boundInSteps: bound)
      if found.violations > 0 || found.badScales > 0 {
        if !columnScales.isEmpty { kernels.divide(reference, byColumns: columnScales) }
        try refuse(streams, rows: rows, decoder, UnsafeBufferPointer(reference), reach: reach, bound: bound)
      }
      sums.clippedCount += found.clipped
    }
  }

  /// Names the first group that breaks the bound, or has a scale that cannot be used.
  private func refuse(
    _ streams: [UnsafeRawBufferPointer], rows: Range<Int>, _ decoder: RowDecoder,
    _ reference: UnsafeBufferPointer<Float>, reach: ClosedRange<Int>, bound: Float
  ) throws {
    try decoded.withUnsafeMutableBufferPointer { allDecoded in
      let other = UnsafeMutableBufferPointer(rebasing: allDecoded[..<reference.count])
      decoder.decodeWithoutColumnScales(streams, rows: rows.count, into: other)
      try decoder.forEachGroup(streams, rows: rows.count) { group in
        try checkScale(of: group, firstRow: rows.lowerBound)
        let low = group.scale * (Float(reach.lowerBound) - group.zeroPoint)
        let high = group.scale * (Float(reach.upperBound) - group.zeroPoint)
        // Written so that a NaN counts as a violation.
        let violations = group.values.count { index in
          let distance = min(max(reference[index], low), high) - other[index]
          let bounds = decoder.bounds(of: index - group.values.lowerBound, in: group, leastBound: bound)
          return !(distance <= group.scale * bounds.above && -distance <= group.scale * bounds.below)
        }
        guard violations == 0 else {
          throw FusionError(
            .outsideOfBound, "decoded weights do not stand for the source",
            place: "row \(rows.lowerBound + group.row), group \(group.index)",
            expected: expectation(decoder.encoding, scale: group.scale, bound: bound),
            found: "\(violations) of \(group.values.count) weights further away",
            remedy: "make sure that the source is the one that was converted, then convert it again")
        }
      }
    }
  }

  private func expectation(_ encoding: TensorEncoding, scale: Float, bound: Float) -> String {
    "every weight within \(bound) steps of \(scale)"
      + (encoding.kind == .int4NonLinear ? ", or half the way to the next entry of the grid" : "")
  }

  private func measure(
    _ streams: [UnsafeRawBufferPointer], rows: Range<Int>, _ decoder: RowDecoder,
    _ reference: UnsafeMutableBufferPointer<Float>, into difference: inout DifferenceSums
  ) throws {
    decoded.withUnsafeMutableBufferPointer { all in
      let other = UnsafeMutableBufferPointer(rebasing: all[..<reference.count])
      decoder.decode(streams, rows: rows.count, into: other)
      kernels.accumulate(
        reference: UnsafeBufferPointer(reference), other: UnsafeBufferPointer(other), into: &difference)
    }
  }

  private func checkScale(of group: RowDecoder.Group, firstRow: Int = 0) throws {
    guard group.scale.isNormal, group.scale > 0 else {
      throw FusionError(
        .badScale, "a stored scale is not usable", place: "row \(firstRow + group.row), group \(group.index)",
        expected: "a positive normal number", found: "\(group.scale)", remedy: "convert the source again")
    }
  }

  private func checkColumnScales(_ scales: [Float]) throws {
    guard let column = scales.firstIndex(where: { !$0.isNormal || $0 < 0 }) else { return }
    throw FusionError(
      .badScale, "a stored scale of a column is not usable", place: "column \(column)",
      expected: "a positive normal number", found: "\(scales[column])", remedy: "convert the source again")
  }

  private func badCode(_ group: RowDecoder.Group, _ expected: String, _ found: String) -> FusionError {
    FusionError(
      .badCode, "a stored code is outside of its alphabet", place: "row \(group.row), group \(group.index)",
      expected: expected, found: found, remedy: "convert the source again")
  }
}
