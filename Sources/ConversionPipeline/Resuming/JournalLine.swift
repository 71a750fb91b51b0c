import ContainerFormat
import FusionCore
import WeightGraph

/// A line of a journal: a tensor all of whose chunks are on the disk.
struct JournalLine: Equatable {
  /// Canonical name.
  let tensor: String
  /// The bytes of the source that it was made from.
  let sourceChecksum: SourceChecksum
  /// Values that are NaN or infinite.
  let nonfiniteCount: Int
  /// `nil` for types that do not widen to float32.
  let statistics: TensorStatistics?
  /// Where everything is.
  let streams: [ContainerStream]

  /// The line of a tensor that was written to its end.
  init(_ record: TensorRecord) {
    tensor = record.entry.tensor.canonicalName
    sourceChecksum = record.sourceChecksum
    nonfiniteCount = record.nonfiniteCount
    statistics = record.statistics
    streams = record.streams
  }

  init(
    tensor: String, sourceChecksum: SourceChecksum, nonfiniteCount: Int, statistics: TensorStatistics?,
    streams: [ContainerStream]
  ) {
    self.tensor = tensor
    self.sourceChecksum = sourceChecksum
    self.nonfiniteCount = nonfiniteCount
    self.statistics = statistics
    self.streams = streams
  }

  /// The line with its end.
  var bytes: [UInt8] {
    typealias Field = JournalSchema.LineField
    var bytes: [UInt8] = []
    JournalText.append("{", Field.tensor.rawValue, to: &bytes)
    StrictJSONText.appendQuoted(tensor, to: &bytes)
    JournalText.append(",", Field.source.rawValue, to: &bytes)
    bytes += "\"\(JournalText.hexadecimal(sourceChecksum.value))\"".utf8
    JournalText.append(",", Field.nonfinite.rawValue, to: &bytes)
    bytes += "\(nonfiniteCount)".utf8
    JournalText.append(",", Field.statistics.rawValue, to: &bytes)
    bytes += (statistics.map(Self.text) ?? "null").utf8
    JournalText.append(",", Field.streams.rawValue, to: &bytes)
    bytes += "[\(streams.map { "[\($0.chunks.map(Self.text).joined(separator: ","))]" }.joined(separator: ","))]".utf8
    let checksum = JournalText.hexadecimal(ContainerChecksum.of(bytes))
    JournalText.append(",", Field.checksum.rawValue, to: &bytes)
    return bytes + Array("\"\(checksum)\"}\n".utf8)
  }

  private static func text(_ chunk: ContainerChunk) -> String {
    "[\(chunk.offset),\(chunk.storedByteCount),\(chunk.rawByteCount),\"\(JournalText.hexadecimal(chunk.checksum))\","
      + "\(chunk.coding.rawValue)]"
  }

  private static func text(_ statistics: TensorStatistics) -> String {
    let members = JournalSchema.StatisticsField.allCases.map { field in
      let value = statistics[keyPath: field.keyPath]
      return "\"\(field.rawValue)\":\"\(value.map(JournalText.bits) ?? JournalSchema.StatisticsField.absent)\""
    }
    return "{\(members.joined(separator: ","))}"
  }
}

extension JournalSchema.StatisticsField {
  /// What stands for a number that there is not.
  static let absent = "none"

  /// The number, in the container's words.
  var keyPath: KeyPath<TensorStatistics, Double?> {
    switch self {
    case .minimum: \.minimum.optional
    case .maximum: \.maximum.optional
    case .mean: \.mean.optional
    case .standardDeviation: \.standardDeviation.optional
    case .signalEnergy: \.signalEnergy.optional
    case .errorEnergy: \.errorEnergy.optional
    case .largestDeviation: \.largestDeviation
    }
  }
}

extension Double {
  fileprivate var optional: Double? { self }
}
