import ContainerFormat
import FusionCore
import NumericKernels
import Quantizers
import WeightGraph

/// What has been written of one tensor so far.
struct TensorRecord {
  let entry: PlannedTensor
  private(set) var streams: [ContainerStream]
  private(set) var statistics: QuantizationStatistics?

  init(entry: PlannedTensor) {
    self.entry = entry
    let layouts = entry.encoding.streams(shape: entry.tensor.description.shape, dtype: entry.dtype) ?? []
    streams = layouts.map { ContainerStream(kind: $0.kind, chunks: []) }
  }

  /// Adds the chunks of the next block, one a stream; of streams that all rows share only with the first block.
  mutating func add(_ chunks: [ContainerChunk], _ seen: QuantizationStatistics?) {
    for (index, chunk) in chunks.enumerated() { streams[index].chunks.append(chunk) }
    if let seen {
      var sum = statistics ?? QuantizationStatistics()
      sum.merge(seen)
      statistics = sum
    }
  }

  /// The chunks that decoding a block takes, one a stream.
  func chunks(ofBlock index: Int) -> [ContainerChunk] {
    streams.map { $0.chunks[min(index, $0.chunks.count - 1)] }
  }

  /// Bytes on disk.
  var storedByteCount: Int { containerTensor.storedByteCount }

  /// The tensor as the container's index states it.
  var containerTensor: ContainerTensor {
    let description = entry.tensor.description
    return ContainerTensor(
      name: description.name, canonicalName: entry.tensor.canonicalName, role: entry.tensor.role.rawValue,
      dtype: entry.dtype, shape: description.shape, encoding: entry.encoding, rowsPerChunk: entry.rowsPerChunk,
      streams: streams, sourceFileIndex: description.fileIndex,
      statistics: statistics.map {
        TensorStatistics(
          minimum: Double($0.moments.minimum), maximum: Double($0.moments.maximum), mean: $0.moments.mean,
          standardDeviation: $0.moments.standardDeviation, signalEnergy: $0.moments.squareSum,
          errorEnergy: $0.difference.errorEnergy, largestDeviation: $0.largestDeviation.map(Double.init))
      })
  }
}
