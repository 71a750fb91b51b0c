import ContainerFormat
import FusionCore
import NumericKernels
import Quantizers

extension Inspector {
  /// Adds what the values of each tensor are like; this reads all weights, twice.
  ///
  /// - Parameters:
  ///   - report: what ``report()`` gave, or a part of its tensors.
  ///   - execution: threads and kernels.
  public func addStatistics(
    to report: inout InspectionReport, execution: ExecutionOptions, progress: ProgressHandler? = nil
  ) throws {
    let readers = try report.tensors.map { try reader(for: $0.name) }
    let total = readers.reduce(0) { $0 + 2 * ($1?.byteCount ?? 0) }
    var done = 0
    for (index, reader) in readers.enumerated() {
      guard let reader else { continue }
      let moments = try reader.scan(execution) { scanner, bytes in scanner.moments(of: bytes, type: reader.dtype) }
        .reduce(into: Moments()) { $0.merge($1) }
      let (mean, limit) = (moments.mean, 6 * moments.standardDeviation)
      let counts = try reader.scan(execution) { scanner, bytes in
        ValueCounts.count(scanner, bytes, reader.dtype, mean: mean, limit: limit)
      }.reduce(into: ValueCounts()) { $0.merge($1) }
      report.tensors[index].statistics = InspectionReport.Statistics(
        minimum: Double(moments.minimum), maximum: Double(moments.maximum), mean: mean,
        standardDeviation: moments.standardDeviation, nanCount: counts.nan, infinityCount: counts.infinity,
        outlierCount: counts.outliers, sqnrDecibels: reader.sqnrDecibels, codes: try reader.codes(execution))
      done += 2 * reader.byteCount
      progress?(ProgressUpdate(step: "reading weights", doneByteCount: done, totalByteCount: total))
    }
  }

  /// Reads one tensor's values; `nil` for types that do not widen to float32.
  private func reader(for name: String) throws -> ValueReader? {
    switch subject {
    case .weights(let source, _):
      guard let tensor = source.tensors.first(where: { $0.name == name }), tensor.dtype.isQuantizable else {
        return nil
      }
      return ValueReader(
        place: .source(source, tensor), dtype: tensor.dtype, byteCount: tensor.byteCount, sqnrDecibels: nil)
    case .container(let model):
      let index = model.reader.index
      guard let position = index.tensors.firstIndex(where: { $0.name == name }),
        index.tensors[position].dtype.isQuantizable
      else { return nil }
      let tensor = index.tensors[position]
      return ValueReader(
        place: .container(model, position), dtype: .f32, byteCount: tensor.shape.byteCount(of: .f32) ?? 0,
        sqnrDecibels: Converter.sqnr([tensor]))
    }
  }
}

/// Values of one tensor, wherever they are.
private struct ValueReader {
  enum Place {
    case source(any WeightSource, TensorDescription)
    case container(ContainerModel, Int)
  }

  let place: Place
  /// Type in which the values are handed out.
  let dtype: DType
  let byteCount: Int
  let sqnrDecibels: Double?

  /// How well codes are packed; `nil` for values that have none.
  func codes(_ execution: ExecutionOptions) throws -> InspectionReport.Codes? {
    guard case .container(let model, let position) = place else { return nil }
    let tensor = model.reader.index.tensors[position]
    guard tensor.encoding.isQuantized, let stream = tensor.streams.first else { return nil }
    let blocks = RowBlock.blocks(
      ofEntry: position, rowCount: tensor.shape.rowCount, rowsPerChunk: tensor.rowsPerChunk)
    let results = ResultList<CodeHistogram>()
    try OrderedWorkers.run(
      count: blocks.count, threads: execution.threads, makeContext: { BlockDecoder(kernels: execution.kernels) },
      produce: { decoder, index in try decoder.codes(of: blocks[index], in: model) },
      commit: { _, histogram in results.values.append(histogram) })
    let stored = stream.chunks.reduce(0) { $0 + $1.storedByteCount }
    return InspectionReport.Codes(
      storedBits: Double(stored) * 8 / Double(tensor.shape.elementCount),
      entropyBits: results.values.reduce(into: CodeHistogram()) { $0.merge($1) }.entropy)
  }

  /// Looks at all values, block by block on all threads; results come in the order of the rows.
  func scan<Result>(
    _ execution: ExecutionOptions, _ body: @escaping (ValueScanner, UnsafeRawBufferPointer) throws -> Result
  ) throws -> [Result] {
    let shape: Shape
    let rowsPerBlock: Int
    switch place {
    case .source(_, let tensor):
      shape = tensor.shape
      rowsPerBlock = max(1, 2_097_152 / max(shape.columnCount, 1))
    case .container(let model, let index):
      shape = model.reader.index.tensors[index].shape
      rowsPerBlock = model.reader.index.tensors[index].rowsPerChunk
    }
    let blocks = RowBlock.blocks(ofEntry: 0, rowCount: shape.rowCount, rowsPerChunk: rowsPerBlock)
    let results = ResultList<Result>()
    try OrderedWorkers.run(
      count: blocks.count, threads: execution.threads,
      makeContext: {
        (scanner: ValueScanner(kernels: execution.kernels), decoder: BlockDecoder(kernels: execution.kernels))
      },
      produce: { context, index -> Result in
        switch place {
        case .source(let source, let tensor):
          let range = blocks[index].byteRange(in: tensor)
          defer { source.discard(tensor, in: range) }
          return try source.withBytes(of: tensor, in: range) { try body(context.scanner, $0) }
        case .container(let model, let position):
          let block = RowBlock(
            entryIndex: position, chunkIndex: blocks[index].chunkIndex, rows: blocks[index].rows)
          let bytes = try context.decoder.bytes(of: block, in: model, as: .f32)
          return try bytes.withUnsafeBytes { try body(context.scanner, $0) }
        }
      },
      commit: { _, result in results.values.append(result) })
    return results.values
  }
}

private final class ResultList<Value> {
  var values: [Value] = []
}

/// Values of certain kinds.
private struct ValueCounts {
  var nan = 0
  var infinity = 0
  var outliers = 0

  mutating func merge(_ other: ValueCounts) {
    nan += other.nan
    infinity += other.infinity
    outliers += other.outliers
  }

  static func count(
    _ scanner: ValueScanner, _ bytes: UnsafeRawBufferPointer, _ type: DType, mean: Double, limit: Double
  ) -> ValueCounts {
    var counts = ValueCounts()
    let (low, high) = (Float(mean - limit), Float(mean + limit))
    scanner.forEachBatch(of: bytes, type: type) { values, _ in
      var (nan, infinity, outside) = (0, 0, 0)
      for value in values {
        nan += value.isNaN ? 1 : 0
        infinity += value.isInfinite ? 1 : 0
        outside += value < low || value > high ? 1 : 0
      }
      counts.nan += nan
      counts.infinity += infinity
      counts.outliers += outside - infinity
    }
    return counts
  }
}
