/// Takes a checkpoint with a vision tower apart: a language model, a tower, and the weights between.
enum ModelParts {
  private static let tower = "model.vision_tower.vision_tower."

  static func write(of checkpoint: String, to folder: String) throws {
    var parts: [String: [(entry: String, bytes: ArraySlice<UInt8>)]] = [:]
    for name in File.names(in: checkpoint) where name.hasSuffix(".safetensors") {
      let bytes = try File.read("\(checkpoint)/\(name)")
      for tensor in tensors(in: bytes) {
        if tensor.name.hasPrefix(tower) {
          parts["tower/model", default: []].append(
            (tensor.entry(as: String(tensor.name.dropFirst(tower.count))), tensor.bytes))
        } else if ["mm_projector", "aux_projector", "vision_sampler"].contains(where: tensor.name.contains) {
          parts["stage1/projector", default: []].append((tensor.entry(as: tensor.name), tensor.bytes))
        } else {
          parts["base/model", default: []].append((tensor.entry(as: tensor.name), tensor.bytes))
        }
      }
    }
    for (name, tensors) in parts {
      try File.makeFolder("\(folder)/\(name.split(separator: "/")[0])")
      try File.write(file(of: tensors), to: "\(folder)/\(name).safetensors")
    }
    for name in File.names(in: checkpoint) where !name.hasSuffix(".safetensors") && !name.hasSuffix(".index.json") {
      try File.link("\(checkpoint)/\(name)", to: "\(folder)/\(name == "config.json" ? "stage1" : "base")/\(name)")
    }
    try File.write("{\"model_type\":\"phi3\"}", to: "\(folder)/base/config.json")
  }

  private struct Tensor {
    let name: String
    let dtype: String
    let shape: String
    let bytes: ArraySlice<UInt8>

    func entry(as name: String) -> String { "\"\(name)\":{\"dtype\":\"\(dtype)\",\"shape\":[\(shape)]" }
  }

  /// The tensors of a file that the program wrote, whose header has no spaces and no escapes.
  private static func tensors(in bytes: [UInt8]) -> [Tensor] {
    let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = String(decoding: bytes[8..<(8 + length)], as: UTF8.self)
    return header.matches(
      of: #/"([^"]+)":\{"dtype":"([A-Z0-9]+)","shape":\[([0-9,]*)\],"data_offsets":\[([0-9]+),([0-9]+)\]\}/#
    ).compactMap { match in
      guard let start = Int(match.4), let end = Int(match.5) else { return nil }
      return Tensor(
        name: String(match.1), dtype: String(match.2), shape: String(match.3),
        bytes: bytes[(8 + length + start)..<(8 + length + end)])
    }
  }

  private static func file(of tensors: [(entry: String, bytes: ArraySlice<UInt8>)]) -> [UInt8] {
    var (entries, data): ([String], [UInt8]) = ([], [])
    for tensor in tensors {
      entries.append("\(tensor.entry),\"data_offsets\":[\(data.count),\(data.count + tensor.bytes.count)]}")
      data += tensor.bytes
    }
    var header = "{\(entries.joined(separator: ","))}"
    header += String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    return (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) } + header.utf8 + data
  }

}
