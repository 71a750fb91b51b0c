import ContainerFormat
import FusionCore
import NumericKernels
import Quantizers
import WeightGraph

/// Says how large a container will be without writing it.
///
/// Uncompressed containers are laid out by the writer's own rules, so the size is exact. Where compression decides, a
/// few rows of every tensor are encoded and their ratio is applied to the whole stream.
struct SizeForecaster {
  let converter: Converter
  let producer: String
  /// Codings that are known already; `nil` to work them out.
  var codings: TensorCodings?

  /// Weights that are encoded of each sampled place.
  private static let sampleWeightCount = 32_768
  /// Places that a tensor is sampled at, as parts of its rows.
  private static let samplePlaces = [0.25, 0.75]

  /// The report of a dry run.
  func report(output: String) throws -> ConversionReport {
    let clock = ContinuousClock()
    let start = clock.now
    let ratios = try storedRatios()
    var forecast = ContainerSizeForecast()
    let files = try converter.checkpoint.sideFiles.map { try self.file($0, &forecast) }
    let tensors = try zip(converter.plan.entries, ratios).map { try tensor($0, $1, &forecast) }
    let digest = [UInt8](repeating: 0, count: 32)
    let sources = converter.checkpoint.source.files.map {
      ProvenanceSource(name: $0.name, byteCount: $0.byteCount, sha256: digest)
    }
    let index = try converter.index(tensors: tensors, files: files, sources: sources, producer: producer)
    let byteCount = try forecast.finish(index: index)
    var report = converter.outline(output: output, outputBytes: byteCount, index: index)
    report.dryRun = true
    report.outputBytesExact = !converter.recipe.compresses
    report.plan = converter.planLines(storedByteCounts: tensors.map(\.storedByteCount), index: index)
    report.wallSeconds = (clock.now - start).seconds
    report.peakResidentBytes = ProcessMemory.peakResidentByteCount
    return report
  }

  /// For each tensor and stream, stored bytes over raw bytes.
  private func storedRatios() throws -> [[Double]] {
    let entries = converter.plan.entries
    guard converter.recipe.compresses else {
      return entries.map { entry in streams(of: entry).map { _ in 1 } }
    }
    let results = RatioCollector(count: entries.count)
    let codings = codings ?? TensorCodings(converter: converter, forecasts: true)
    let source = converter.checkpoint.source
    let execution = converter.execution
    try OrderedWorkers.run(
      count: entries.count, threads: execution.threads,
      makeContext: { BlockEncoder(source: source, policy: .zstd, kernels: execution.kernels) },
      produce: { encoder, index in try sampledRatios(of: entries[index], encoder, codings.coding(ofEntry: index)) },
      commit: { index, ratios in results.values[index] = ratios })
    return results.values
  }

  private func sampledRatios(of entry: PlannedTensor, _ encoder: BlockEncoder, _ coding: RowCoding?) throws -> [Double]
  {
    let shape = entry.tensor.description.shape
    let rows = min(shape.rowCount, max(1, Self.sampleWeightCount / max(shape.columnCount, 1)))
    var raw = streams(of: entry).map { _ in 0 }
    var stored = raw
    for place in Self.samplePlaces {
      let first = min(Int(Double(shape.rowCount) * place), shape.rowCount - rows)
      let block = RowBlock(entryIndex: 0, chunkIndex: 0, rows: first..<(first + rows))
      for (stream, chunk) in try encoder.encode(block, of: entry, coding: coding).chunks.enumerated() {
        raw[stream] += chunk.rawByteCount
        stored[stream] += chunk.stored.count
      }
    }
    let ratios = zip(stored, raw).map { $1 == 0 ? 1 : Double($0) / Double($1) }
    guard case .entropy(let bits) = entry.scheme else { return ratios }
    // The steps were chosen for this size: what the scales leave of it is for the codes.
    let layouts = streams(of: entry)
    let others = zip(layouts, ratios).dropFirst().reduce(0) { $0 + Double($1.0.byteCount(rows: shape.rowCount)) * $1.1 }
    let codes = Double(layouts[0].byteCount(rows: shape.rowCount))
    return [max(0, bits * codes / 8 - others) / codes] + ratios.dropFirst()
  }

  private func streams(of entry: PlannedTensor) -> [TensorEncoding.StreamLayout] {
    entry.encoding.streams(shape: entry.tensor.description.shape, dtype: entry.dtype) ?? []
  }

  /// Places a tensor's chunks in the order in which the conversion writes them: all streams of a block, then the next.
  private func tensor(
    _ entry: PlannedTensor, _ ratios: [Double], _ forecast: inout ContainerSizeForecast
  ) throws -> ContainerTensor {
    let rowCount = entry.tensor.description.shape.rowCount
    var record = TensorRecord(entry: entry)
    for block in RowBlock.blocks(ofEntry: 0, rowCount: rowCount, rowsPerChunk: entry.rowsPerChunk) {
      let chunks = try zip(streams(of: entry), ratios).filter { $0.0.span == .row || block.chunkIndex == 0 }.map {
        layout, ratio in
        let rawByteCount = layout.byteCount(rows: block.rows.count)
        let storedByteCount = max(1, Int((Double(rawByteCount) * ratio).rounded()))
        return try forecast.append(
          storedByteCount: storedByteCount, rawByteCount: rawByteCount,
          coding: storedByteCount < rawByteCount ? .zstd : .raw)
      }
      // Statistics take the same room whatever they say.
      record.add(chunks, entry.tensor.description.dtype.isQuantizable ? QuantizationStatistics() : nil)
    }
    return record.containerTensor
  }

  private func file(_ file: SideFile, _ forecast: inout ContainerSizeForecast) throws -> ContainerFile {
    guard converter.recipe.compresses else {
      return try forecast.append(fileNamed: file.name, byteCount: file.byteCount)
    }
    let bytes = try file.read()
    let encoder = ChunkEncoder()
    let chunks = try ContainerFile.chunkRanges(byteCount: bytes.count).map { range in
      let chunk = try bytes[range].withUnsafeBytes { try encoder.encodeText($0, policy: .zstd) }
      return try forecast.append(
        storedByteCount: chunk.stored.count, rawByteCount: chunk.rawByteCount, coding: chunk.coding)
    }
    return ContainerFile(
      name: file.name, byteCount: bytes.count, chunks: chunks, sha256: [UInt8](repeating: 0, count: 32))
  }
}

/// Results by position, filled by ordered steps only.
private final class RatioCollector {
  var values: [[Double]]
  init(count: Int) { values = Array(repeating: [], count: count) }
}

extension Converter {
  /// Plans and forecasts, without writing anything.
  ///
  /// - Throws: what reading the samples throws.
  public func forecast(output: String, producer: String) throws -> ConversionReport {
    try SizeForecaster(converter: self, producer: producer).report(output: output)
  }
}
