import ContainerFormat
import FusionCore
import NumericKernels
import Quantizers
import WeightGraph

/// What has been written of one tensor so far.
struct TensorRecord {
  let entry: PlannedTensor
  private(set) var streams: [ContainerStream]
  /// Which bytes of the source the tensor was made from, if its blocks say.
  private(set) var sourceChecksum = SourceChecksum()
  private var seen: QuantizationStatistics?
  /// What an earlier process wrote, if it did.
  private let taken: JournalLine?

  init(entry: PlannedTensor) {
    self.entry = entry
    taken = nil
    let layouts = entry.encoding.streams(shape: entry.tensor.description.shape, dtype: entry.dtype) ?? []
    streams = layouts.map { ContainerStream(kind: $0.kind, chunks: []) }
  }

  /// A tensor that an earlier process has written.
  init(entry: PlannedTensor, taken: JournalLine) {
    self.entry = entry
    self.taken = taken
    streams = taken.streams
    sourceChecksum = taken.sourceChecksum
  }

  /// Adds the chunks of the next block, one a stream; of streams that all rows share only with the first block.
  mutating func add(_ chunks: [ContainerChunk], _ seen: QuantizationStatistics?, sourceChecksum: UInt64 = 0) {
    for (index, chunk) in chunks.enumerated() { streams[index].chunks.append(chunk) }
    self.sourceChecksum.add(sourceChecksum)
    if let seen {
      var sum = self.seen ?? QuantizationStatistics()
      sum.merge(seen)
      self.seen = sum
    }
  }

  /// Values that are NaN or infinite.
  var nonfiniteCount: Int { taken?.nonfiniteCount ?? seen?.moments.nonfiniteCount ?? 0 }

  /// What was seen of the values; `nil` for types that do not widen to float32.
  var statistics: TensorStatistics? {
    taken.map(\.statistics)
      ?? seen.map {
        TensorStatistics(
          minimum: Double($0.moments.minimum), maximum: Double($0.moments.maximum), mean: $0.moments.mean,
          standardDeviation: $0.moments.standardDeviation, signalEnergy: $0.moments.squareSum,
          errorEnergy: $0.difference.errorEnergy, largestDeviation: $0.largestDeviation.map(Double.init))
      }
  }

  /// The chunks that decoding a block takes, one a stream.
  func chunks(ofBlock index: Int) -> [ContainerChunk] {
    streams.map { $0.chunks[min(index, $0.chunks.count - 1)] }
  }

  /// All chunks in the order in which they were written: block by block.
  var chunksAsWritten: [ContainerChunk] {
    let blockCount = streams.map(\.chunks.count).max() ?? 0
    return (0..<blockCount).flatMap { block in streams.filter { block < $0.chunks.count }.map { $0.chunks[block] } }
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
      statistics: statistics)
  }
}
