import ContainerFormat
import FusionCore
import NumericKernels
import WeightGraph

/// Says how large a container will be without writing it.
///
/// Uncompressed containers are laid out by the writer's own rules, so the size is exact. Where compression decides, a
/// few rows of every tensor are encoded and their ratio is applied to the whole stream.
struct SizeForecaster {
  let converter: Converter
  let producer: String

  /// Weights that are encoded of each sampled place.
  private static let sampleWeightCount = 32_768
  /// Places that a tensor is sampled at, as parts of its rows.
  private static let samplePlaces = [0.25, 0.75]

  /// The report of a dry run.
  func report(output: String) throws -> ConversionReport {
    let clock = ContinuousClock()
    let start = clock.now
    let ratios = try storedRatios()
    let tensors = zip(converter.plan.entries, ratios).map(forecastTensor)
    let files = try forecastFiles()
    let digest = [UInt8](repeating: 0, count: 32)
    let sources = converter.checkpoint.source.files.map {
      ProvenanceSource(name: $0.name, byteCount: $0.byteCount, sha256: digest)
    }
    var index = try converter.index(tensors: tensors, files: files, sources: sources, producer: producer)
    let byteCount = try ContainerSizeForecast.place(&index)
    var report = converter.outline(output: output, outputBytes: byteCount, index: index)
    report.dryRun = true
    report.outputBytesExact = !converter.recipe.compresses
    let stored = index.tensors.map { $0.streams.reduce(0) { $0 + $1.chunks.reduce(0) { $0 + $1.storedByteCount } } }
    report.plan = converter.planLines(storedByteCounts: stored, index: index)
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
    let source = converter.checkpoint.source
    let execution = converter.execution
    try OrderedWorkers.run(
      count: entries.count, threads: execution.threads,
      makeContext: { try BlockEncoder(source: source, compresses: true, kernels: execution.kernels) },
      produce: { encoder, index in try sampledRatios(of: entries[index], encoder) },
      commit: { index, ratios in results.values[index] = ratios })
    return results.values
  }

  private func sampledRatios(of entry: PlannedTensor, _ encoder: BlockEncoder) throws -> [Double] {
    let shape = entry.tensor.description.shape
    let rows = min(shape.rowCount, max(1, Self.sampleWeightCount / max(shape.columnCount, 1)))
    var raw = streams(of: entry).map { _ in 0 }
    var stored = raw
    for place in Self.samplePlaces {
      let first = min(Int(Double(shape.rowCount) * place), shape.rowCount - rows)
      let block = RowBlock(entryIndex: 0, chunkIndex: 0, rows: first..<(first + rows))
      for (stream, chunk) in try encoder.encode(block, of: entry).chunks.enumerated() {
        raw[stream] += chunk.rawByteCount
        stored[stream] += chunk.stored.count
      }
    }
    return zip(stored, raw).map { $1 == 0 ? 1 : Double($0) / Double($1) }
  }

  private func streams(of entry: PlannedTensor) -> [TensorEncoding.StreamLayout] {
    entry.encoding.streams(shape: entry.tensor.description.shape, dtype: entry.dtype) ?? []
  }

  private func forecastTensor(_ entry: PlannedTensor, _ ratios: [Double]) -> ContainerTensor {
    let rowCount = entry.tensor.description.shape.rowCount
    let blocks = RowBlock.blocks(ofEntry: 0, rowCount: rowCount, rowsPerChunk: entry.rowsPerChunk)
    var record = TensorRecord(entry: entry)
    for block in blocks {
      let chunks = zip(streams(of: entry), ratios).map { layout, ratio in
        let rawByteCount = layout.bytesPerRow * block.rows.count
        return ContainerChunk(
          offset: 0, storedByteCount: Int((Double(rawByteCount) * ratio).rounded(.up)), rawByteCount: rawByteCount,
          checksum: 0, coding: ratio < 1 ? .zstd : .raw)
      }
      // Statistics take the same room whatever they are.
      record.add(chunks, entry.tensor.description.dtype.isQuantizable ? .init() : nil)
    }
    return record.containerTensor
  }

  private func forecastFiles() throws -> [ContainerFile] {
    let encoder = try ChunkEncoder()
    return try converter.checkpoint.sideFiles.map { file in
      let bytes = try file.read()
      let chunks = try stride(from: 0, to: bytes.count, by: ContainerFile.chunkByteCount).map { start in
        let part = bytes[start..<min(start + ContainerFile.chunkByteCount, bytes.count)]
        let chunk = try part.withUnsafeBytes {
          try encoder.encodeFile($0, policy: converter.recipe.compresses ? .zstd : .raw)
        }
        return ContainerChunk(
          offset: 0, storedByteCount: chunk.stored.count, rawByteCount: chunk.rawByteCount, checksum: 0,
          coding: chunk.coding)
      }
      return ContainerFile(
        name: file.name, byteCount: bytes.count, chunks: chunks, sha256: [UInt8](repeating: 0, count: 32))
    }
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
