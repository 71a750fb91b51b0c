import FusionCore

/// What an index such as `model.safetensors.index.json` says: which file holds which tensor.
public struct CheckpointIndex: Sendable, Equatable {
  /// File name of each tensor; every file name is a plain name in the index's own folder.
  public let weightMap: [String: String]
  /// Bytes of all tensors together as the index states them; `nil` if it does not.
  public let totalByteCount: Int?

  /// Collects the fields of an index that is to be written.
  public init(weightMap: [String: String], totalByteCount: Int?) {
    self.weightMap = weightMap
    self.totalByteCount = totalByteCount
  }

  /// Names of the files, in bytewise order.
  public var files: [String] { Set(weightMap.values).sorted(by: TensorName.precedes) }

  /// The index as JSON text, laid out as publishers do it: two spaces a level, sorted keys, a newline at the end.
  ///
  /// Equal indexes give equal bytes.
  public func serialized() -> [UInt8] {
    var output = Array("{\n  \"metadata\": {".utf8)
    if let totalByteCount { output.append(contentsOf: "\n    \"total_size\": \(totalByteCount)\n  ".utf8) }
    output.append(contentsOf: "},\n  \"weight_map\": {".utf8)
    var isFirst = true
    for (tensor, file) in weightMap.sorted(by: { TensorName.precedes($0.key, $1.key) }) {
      output.append(contentsOf: (isFirst ? "\n    " : ",\n    ").utf8)
      StrictJSONText.appendQuoted(tensor, to: &output)
      output.append(contentsOf: ": ".utf8)
      StrictJSONText.appendQuoted(file, to: &output)
      isFirst = false
    }
    output.append(contentsOf: (isFirst ? "}\n}\n" : "\n  }\n}\n").utf8)
    return output
  }
}
