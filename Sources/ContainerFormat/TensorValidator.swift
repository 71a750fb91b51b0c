import FusionCore

/// Proves that the fields of one tensor agree with each other.
struct TensorValidator {
  private let tensor: ContainerTensor
  private let sourceCount: Int
  private let place: String

  init(_ tensor: ContainerTensor, sourceCount: Int) {
    self.tensor = tensor
    self.sourceCount = sourceCount
    place = IndexPlace.tensor(tensor.canonicalName)
  }

  /// - Throws: `.containerInvalidShape`, `.containerInvalidEncoding`, `.containerInvalidRows`,
  ///   `.containerStreamsWrong`, `.containerSourceIndex`, `.containerInvalidStatistics`, and the errors of chunks.
  func check() throws {
    try ContainerText.label.check(tensor.role, place: "\(place), role")
    guard tensor.shape.elementCount > 0 else {
      throw refusal(.containerInvalidShape, "a shape has a size of 0", "sizes of at least 1", "\(tensor.shape)")
    }
    guard !tensor.encoding.isQuantized || tensor.dtype.isQuantizable else {
      throw refusal(
        .containerInvalidEncoding, "the encoding does not go with the element type", "F16, BF16 or F32",
        "\(tensor.encoding.name) of \(tensor.dtype.rawValue)")
    }
    guard let layouts = tensor.encoding.streams(shape: tensor.shape, dtype: tensor.dtype),
      tensor.encoding.residentByteCount(shape: tensor.shape, dtype: tensor.dtype) != nil,
      tensor.shape.byteCount(of: tensor.dtype) != nil
    else {
      throw refusal(
        .containerInvalidShape, "the size of a tensor overflows", "fewer than 2^63 bytes",
        "\(tensor.shape) of \(tensor.dtype.rawValue)")
    }
    guard let grid = tensor.grid else {
      throw refusal(
        .containerInvalidRows, "the rows of a chunk do not go with the shape", "1 to \(tensor.shape.rowCount) rows",
        "\(tensor.rowsPerChunk) rows")
    }
    guard (0..<sourceCount).contains(tensor.sourceFileIndex) else {
      throw refusal(
        .containerSourceIndex, "a tensor comes from a source that is not listed", "below \(sourceCount)",
        "\(tensor.sourceFileIndex)")
    }
    try checkStatistics()
    let kinds = layouts.map(\.kind)
    guard tensor.streams.map(\.kind) == kinds else {
      throw refusal(
        .containerStreamsWrong, "the streams are not those of the encoding \(tensor.encoding.name)", list(kinds),
        list(tensor.streams.map(\.kind)))
    }
    for (stream, layout) in zip(tensor.streams, grid.streams) { try check(stream, layout, grid) }
  }

  private func check(_ stream: ContainerStream, _ layout: TensorEncoding.StreamLayout, _ grid: ChunkGrid) throws {
    let place = IndexPlace.stream(tensor.canonicalName, stream.kind)
    let count = grid.chunkCount(layout)
    try ChunkValidator.checkCount(stream.chunks.count, expected: count, place)
    let mayHavePlanes = layout.elementByteCount > 1
    let full = ChunkValidator(mayHavePlanes: mayHavePlanes, rawByteCount: grid.rawByteCount(layout, chunk: 0))
    let last = count - 1
    for (number, chunk) in stream.chunks.enumerated() where number < last {
      try full.check(chunk, IndexPlace.chunk(place, number))
    }
    try ChunkValidator(mayHavePlanes: mayHavePlanes, rawByteCount: grid.rawByteCount(layout, chunk: last))
      .check(stream.chunks[last], IndexPlace.chunk(place, last))
  }

  private func checkStatistics() throws {
    guard let values = tensor.statistics else { return }
    let doubles = [
      values.minimum, values.maximum, values.mean, values.standardDeviation, values.signalEnergy, values.errorEnergy,
      values.largestDeviation ?? 0,
    ]
    guard doubles.allSatisfy(\.isFinite) else {
      throw refusal(.containerInvalidStatistics, "a statistic is not finite", "finite numbers", "\(doubles)")
    }
    guard values.minimum <= values.maximum else {
      throw refusal(
        .containerInvalidStatistics, "the minimum is above the maximum", "at most \(values.maximum)",
        "\(values.minimum)")
    }
    let positive = [
      values.standardDeviation, values.signalEnergy, values.errorEnergy, values.largestDeviation ?? 0,
    ]
    guard positive.allSatisfy({ $0 >= 0 }) else {
      throw refusal(.containerInvalidStatistics, "a statistic is negative", "at least 0", "\(positive)")
    }
  }

  private func list(_ kinds: [TensorEncoding.StreamKind]) -> String {
    kinds.isEmpty ? "no streams" : kinds.map(\.title).joined(separator: ", ")
  }

  private func refusal(
    _ code: FusionError.Code, _ summary: String, _ expected: String, _ found: String
  ) -> FusionError {
    FusionError.container(code, summary, place: place, expected: expected, found: found)
  }
}
