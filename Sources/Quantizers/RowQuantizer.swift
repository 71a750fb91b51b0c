import FusionCore
import NumericKernels

/// Turns rows of float weights into codes and scales; one object for each thread, its buffers are reused.
///
/// For every group of a row the quantizer looks for the scale s (and zero point z) with the least squared error
/// sum((w - s (q - z))^2), where q is the nearest code. Groups are independent of each other, so how rows are cut into
/// blocks does not change a byte. Groups of zeros get s = 1 and codes that decode to 0.
///
/// With ``RowCoding/feedback`` rows are independent too, but errors are passed on by matrix products whose rounding may
/// depend on how many rows are in a block: there the cut, and the processor, may change codes.
public final class RowQuantizer {
  /// Weights above this magnitude are damage, not training: one flipped exponent bit of a bfloat16 multiplies by 2^16
  /// or more, while trained weights stay below about a thousand.
  public static let absurdMagnitude: Float = 1e8

  /// Values that are widened at a time: small enough to stay in the cache of one core.
  private static let batchElementCount = 65_536

  private let kernels: KernelSet
  private let tile: GroupTile
  private lazy var feedbackEncoder = FeedbackEncoder(kernels: kernels)
  private var values: [Float] = []
  private var scaled: [Float] = []
  private var decoded: [Float] = []
  private var codes: [Int8] = []
  /// Of the groups of a batch.
  private var scales: [Float] = []
  private var zeroPoints: [Int8] = []

  /// Makes a quantizer for one thread.
  public init(kernels: KernelSet) {
    self.kernels = kernels
    tile = GroupTile(kernels: kernels)
  }

  /// Encodes whole rows with the search for the least squared error.
  ///
  /// - Parameters:
  ///   - source: the rows' values, little-endian, row after row.
  ///   - type: `.bf16`, `.f16` or `.f32`.
  ///   - columns: values in a row, at least 1.
  ///   - encoding: a quantized encoding without column scales.
  /// - Returns: the encoded rows, and what was seen on the way.
  /// - Throws: `.nonfiniteWeight` or `.absurdWeight`, with the place as row and column of `source`.
  public func encode(
    _ source: UnsafeRawBufferPointer, type: DType, columns: Int, encoding: TensorEncoding
  ) throws -> (rows: EncodedRows, statistics: QuantizationStatistics) {
    try encode(source, type: type, columns: columns, coding: RowCoding(encoding: encoding))
  }

  /// Encodes whole rows.
  ///
  /// - Parameters:
  ///   - source: the rows' values, little-endian, row after row.
  ///   - type: `.bf16`, `.f16` or `.f32`.
  ///   - columns: values in a row, at least 1.
  ///   - coding: how scales and codes are chosen; what it has for each column fits `columns`.
  /// - Returns: the encoded rows, and what was seen on the way.
  /// - Throws: `.nonfiniteWeight` or `.absurdWeight`, with the place as row and column of `source`.
  public func encode(
    _ source: UnsafeRawBufferPointer, type: DType, columns: Int, coding: RowCoding
  ) throws -> (rows: EncodedRows, statistics: QuantizationStatistics) {
    let encoding = coding.encoding
    precondition(columns > 0, "\(columns) columns as \(encoding.name)")
    for perColumn in [coding.columnScales, coding.errorWeights] where !perColumn.isEmpty {
      precondition(perColumn.count == columns, "\(perColumn.count) numbers for \(columns) columns")
    }
    let rowByteCount = columns * type.byteWidth
    precondition(source.count % rowByteCount == 0, "\(source.count) bytes are not whole rows of \(rowByteCount)")
    let rowCount = source.count / rowByteCount
    let layouts = encoding.streams(shape: .matrix(rows: rowCount, columns: columns), dtype: type) ?? []
    var streams = layouts.map { [UInt8](repeating: 0, count: $0.byteCount(rows: rowCount)) }
    if encoding.hasColumnScales { store(columnScales: coding.columnScales, into: &streams[streams.count - 1]) }
    var statistics = QuantizationStatistics()
    let batchRows = max(
      KernelSet.laneCount / encoding.groupCount(columns: columns), Self.batchElementCount / columns, 1)
    for first in stride(from: 0, to: rowCount, by: batchRows) {
      let rows = first..<min(first + batchRows, rowCount)
      let bytes = UnsafeRawBufferPointer(
        rebasing: source[(rows.lowerBound * rowByteCount)..<(rows.upperBound * rowByteCount)])
      try load(bytes, type: type, count: rows.count * columns, columns: columns, firstRow: first, &statistics.moments)
      if coding.step != nil { divideByColumnScales(coding, rows: rows.count, columns: columns) }
      encodeBatch(rows: rows, columns: columns, coding: coding, layouts: layouts, streams: &streams)
      if let feedback = coding.feedback {
        let deviation = applyFeedback(
          feedback, rows: rows, columns: columns, coding: coding, layouts: layouts, streams: &streams)
        statistics.largestDeviation = max(statistics.largestDeviation ?? 0, deviation)
      }
      measure(
        rows: rows, columns: columns, encoding: encoding, layouts: layouts, streams: streams, &statistics.difference)
    }
    return (
      EncodedRows(encoding: encoding, rowCount: rowCount, columnCount: columns, dtype: type, streams: streams),
      statistics
    )
  }

  private func load(
    _ bytes: UnsafeRawBufferPointer, type: DType, count: Int, columns: Int, firstRow: Int, _ moments: inout Moments
  ) throws {
    if values.count < count {
      values = [Float](repeating: 0, count: count)
      decoded = values
      codes = [Int8](repeating: 0, count: count)
    }
    var seen = Moments()
    values.withUnsafeMutableBufferPointer { buffer in
      let used = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
      kernels.widen(bytes, type: type, into: used)
      kernels.accumulate(UnsafeBufferPointer(used), into: &seen)
    }
    moments.merge(seen)
    let peak = max(abs(seen.minimum), abs(seen.maximum))
    guard seen.nonfiniteCount == 0, peak <= Self.absurdMagnitude else {
      throw refusal(count: count, columns: columns, firstRow: firstRow)
    }
  }

  private func refusal(count: Int, columns: Int, firstRow: Int) -> FusionError {
    let index =
      values[..<count].firstIndex { !$0.isFinite } ?? values[..<count].firstIndex { abs($0) > Self.absurdMagnitude }
    let position = index ?? 0
    let value = values[position]
    let damage = "download the checkpoint again; to store this tensor as it is, add --keep with its name"
    return FusionError(
      value.isFinite ? .absurdWeight : .nonfiniteWeight,
      value.isFinite ? "a weight is absurdly large" : "a weight is not a finite number",
      place: "row \(firstRow + position / columns), column \(position % columns)",
      expected: "finite values of at most \(Self.absurdMagnitude)", found: "\(value)", remedy: damage)
  }

  /// Brings the loaded values into the units that codes and scales of groups are chosen in.
  private func divideByColumnScales(_ coding: RowCoding, rows: Int, columns: Int) {
    guard !coding.columnScales.isEmpty else { return }
    let count = rows * columns
    if scaled.count < count { scaled = [Float](repeating: 0, count: count) }
    scaled.withUnsafeMutableBufferPointer { all in
      values.withUnsafeBufferPointer {
        kernels.divide(
          UnsafeBufferPointer(rebasing: $0[..<count]), byColumns: coding.columnScales,
          into: UnsafeMutableBufferPointer(rebasing: all[..<count]))
      }
    }
  }

  private func store(columnScales: [Float], into stream: inout [UInt8]) {
    stream.withUnsafeMutableBytes { bytes in
      columnScales.withUnsafeBufferPointer { kernels.narrow($0, type: .bf16, into: bytes) }
    }
  }

  private func encodeBatch(
    rows: Range<Int>, columns: Int, coding: RowCoding, layouts: [TensorEncoding.StreamLayout],
    streams: inout [[UInt8]]
  ) {
    let encoding = coding.encoding
    let groupsPerRow = encoding.groupCount(columns: columns)
    let groupSize = encoding.groupSize == 0 ? columns : encoding.groupSize
    let groupCount = rows.count * groupsPerRow
    let valueCount = rows.count * columns
    if scales.count < groupCount {
      scales = [Float](repeating: 1, count: groupCount)
      zeroPoints = [Int8](repeating: 0, count: groupCount)
    }
    // With a step all values are divided beforehand, since it follows from whole rows.
    let isDivided = coding.step != nil && !coding.columnScales.isEmpty
    let divisors = isDivided ? [] : coding.columnScales
    (isDivided ? scaled : values).withUnsafeBufferPointer { allValues in
      let used = UnsafeBufferPointer(rebasing: allValues[..<valueCount])
      codes.withUnsafeMutableBufferPointer { allCodes in
        let usedCodes = UnsafeMutableBufferPointer(rebasing: allCodes[..<valueCount])
        scales.withUnsafeMutableBufferPointer { scales in
          zeroPoints.withUnsafeMutableBufferPointer { zeroPoints in
            for first in stride(from: 0, to: groupCount, by: KernelSet.laneCount) {
              let tileGroups = first..<min(first + KernelSet.laneCount, groupCount)
              divisors.withUnsafeBufferPointer {
                tile.load(
                  rows: used, columns: columns, groupSize: groupSize, first: first, count: tileGroups.count,
                  columnDivisors: $0)
              }
              chooseScales(ofGroups: tileGroups, of: used, columns: columns, groupSize: groupSize, coding)
              tile.encode(codes: coding.search.codes, spacing: coding.search.spacing, into: usedCodes)
              tile.withLanes { chosenScales, chosenZeroPoints in
                for (lane, group) in tileGroups.enumerated() {
                  scales[group] = chosenScales[lane]
                  zeroPoints[group] = Int8(truncatingIfNeeded: Int32(chosenZeroPoints[lane]))
                }
              }
            }
            storeScales(UnsafeBufferPointer(rebasing: scales[..<groupCount]), rows, encoding, layouts[1], &streams[1])
            if encoding.kind == .int4Asymmetric {
              store(
                codes: UnsafeBufferPointer(rebasing: zeroPoints[..<groupCount]), rows: rows, columns: groupsPerRow,
                isPacked: true, layouts[2], into: &streams[2])
            }
          }
        }
        store(
          codes: UnsafeBufferPointer(usedCodes), rows: rows, columns: columns, isPacked: encoding.codeBits == 4,
          layouts[0], into: &streams[0])
      }
    }
  }

  private func storeScales(
    _ scales: UnsafeBufferPointer<Float>, _ rows: Range<Int>, _ encoding: TensorEncoding,
    _ layout: TensorEncoding.StreamLayout, _ stream: inout [UInt8]
  ) {
    stream.withUnsafeMutableBytes {
      kernels.narrow(
        scales, type: encoding.scaleType, into: UnsafeMutableRawBufferPointer(rebasing: $0[layout.range(rows: rows)]))
    }
  }

  /// Scales and zero points of the groups in the tile.
  private func chooseScales(
    ofGroups groups: Range<Int>, of used: UnsafeBufferPointer<Float>, columns: Int, groupSize: Int, _ coding: RowCoding
  ) {
    if let step = coding.step {
      tile.setScales(scales(ofGroups: groups, of: used, columns: columns, groupSize: groupSize, step))
      return
    }
    if !coding.errorWeights.isEmpty {
      coding.errorWeights.withUnsafeBufferPointer { tile.loadWeights(ofColumns: $0) }
    }
    tile.search(coding.search, asymmetric: coding.encoding.kind == .int4Asymmetric)
  }

  private func scales(
    ofGroups groups: Range<Int>, of used: UnsafeBufferPointer<Float>, columns: Int, groupSize: Int, _ step: RowStep
  ) -> [Float] {
    let groupsPerRow = CheckedArithmetic.ceilingDivision(columns, groupSize)
    var last = (row: -1, step: Float(0))
    return groups.map { group in
      let row = group / groupsPerRow
      let values = UnsafeBufferPointer(rebasing: used[(row * columns)..<((row + 1) * columns)])
      if row != last.row { last = (row: row, step: step.step(of: values)) }
      let first = group % groupsPerRow * groupSize
      return RowStep.scale(
        step: last.step, of: UnsafeBufferPointer(rebasing: values[first..<min(first + groupSize, columns)]))
    }
  }

  /// Chooses the codes of a batch again, now with feedback between the columns; scales and zero points stay.
  private func applyFeedback(
    _ feedback: ErrorFeedback, rows: Range<Int>, columns: Int, coding: RowCoding,
    layouts: [TensorEncoding.StreamLayout], streams: inout [[UInt8]]
  ) -> Float {
    let encoding = coding.encoding
    let decoder = RowDecoder(kernels: kernels, encoding: encoding, columns: columns)
    var scales: [Float] = []
    var zeroPoints: [Float] = []
    let views = zip(streams, layouts).map { stream, layout in stream[layout.range(rows: rows)] }
    StreamBytes.withBytes(of: views) { bytes in
      decoder.forEachGroup(bytes, rows: rows.count) { group in
        scales.append(group.scale)
        zeroPoints.append(group.zeroPoint)
      }
    }
    let count = rows.count * columns
    return values.withUnsafeBufferPointer { weights in
      codes.withUnsafeMutableBufferPointer { allCodes in
        let used = UnsafeMutableBufferPointer(rebasing: allCodes[..<count])
        let deviation = feedbackEncoder.encode(
          FeedbackEncoder.Rows(
            weights: UnsafeBufferPointer(rebasing: weights[..<count]), scales: scales, zeroPoints: zeroPoints,
            rowCount: rows.count, columnCount: columns,
            groupSize: encoding.groupSize == 0 ? columns : encoding.groupSize, columnScales: coding.columnScales,
            search: .standard(for: encoding)),
          feedback: feedback, into: used)
        store(
          codes: UnsafeBufferPointer(used), rows: rows, columns: columns, isPacked: encoding.codeBits == 4, layouts[0],
          into: &streams[0])
        return deviation
      }
    }
  }

  private func store(
    codes: UnsafeBufferPointer<Int8>, rows: Range<Int>, columns: Int, isPacked: Bool,
    _ layout: TensorEncoding.StreamLayout, into stream: inout [UInt8]
  ) {
    stream.withUnsafeMutableBytes { bytes in
      for row in 0..<rows.count {
        let source = UnsafeBufferPointer(rebasing: codes[(row * columns)..<((row + 1) * columns)])
        let first = rows.lowerBound + row
        let target = UnsafeMutableRawBufferPointer(rebasing: bytes[layout.range(rows: first..<(first + 1))])
        if isPacked {
          kernels.packNibbles(source, into: target.bindMemory(to: UInt8.self))
        } else {
          target.copyMemory(from: UnsafeRawBufferPointer(source))
        }
      }
    }
  }

  private func measure(
    rows: Range<Int>, columns: Int, encoding: TensorEncoding, layouts: [TensorEncoding.StreamLayout],
    streams: [[UInt8]], _ difference: inout DifferenceSums
  ) {
    let count = rows.count * columns
    let decoder = RowDecoder(kernels: kernels, encoding: encoding, columns: columns)
    decoded.withUnsafeMutableBufferPointer { buffer in
      let target = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
      let views = zip(streams, layouts).map { stream, layout in stream[layout.range(rows: rows)] }
      StreamBytes.withBytes(of: views) { decoder.decode($0, rows: rows.count, into: target) }
      values.withUnsafeBufferPointer { source in
        kernels.accumulate(
          reference: UnsafeBufferPointer(rebasing: source[..<count]), other: UnsafeBufferPointer(target),
          into: &difference)
      }
    }
  }
}
