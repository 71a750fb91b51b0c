import FusionCore

/// The first bytes of a file that is to be written: the length and the padded JSON text.
struct SafetensorsHeaderText {
  let bytes: [UInt8]
  let dataByteCount: Int

  /// Tensors start at a multiple of this, so that a mapped file can be used in place.
  private static let alignment = 8
  private static let remedy = "write fewer tensors into one file, or rename the tensor"

  /// - Parameter room: bytes that the header is to take, length field included; `nil` for as few as it needs.
  init(
    tensors: [(name: String, dtype: DType, shape: Shape)], metadata: [String: String], room: Int? = nil
  ) throws {
    guard tensors.count <= SafetensorsLimits.tensorsPerFile, metadata.count <= SafetensorsLimits.metadataEntries else {
      throw FusionError(
        .safetensorsTooManyEntries, "the file would have too many entries", place: "header",
        expected:
          "at most \(SafetensorsLimits.tensorsPerFile) tensors and \(SafetensorsLimits.metadataEntries) metadata entries",
        found: "\(tensors.count) tensors and \(metadata.count) metadata entries", remedy: SafetensorsHeaderText.remedy)
    }
    var json = Array("{".utf8)
    SafetensorsHeaderText.append(metadata, to: &json)
    var names: Set<String> = []
    var offset = 0
    for (name, dtype, shape) in tensors {
      let place = "tensor " + TensorName.quoted(name)
      try TensorName.check(name, code: .safetensorsUnsafeName, place: place)
      guard name != SafetensorsHeader.metadataKey, names.insert(name).inserted else {
        throw FusionError(
          .safetensorsDuplicateName, "a name is used twice", place: place, expected: "every name once",
          found: name == SafetensorsHeader.metadataKey ? "a name that the format keeps for itself" : "a second tensor",
          remedy: SafetensorsHeaderText.remedy)
      }
      guard let byteCount = shape.byteCount(of: dtype), let end = CheckedArithmetic.sum(offset, byteCount) else {
        throw FusionError(
          .safetensorsShapeOverflow, "the tensors are too large for a file", place: place,
          expected: "fewer than 2^63 bytes together", found: "\(shape) of \(dtype.rawValue) after \(offset) bytes",
          remedy: SafetensorsHeaderText.remedy)
      }
      if json.count > 1 { json.append(UInt8(ascii: ",")) }
      StrictJSONText.appendQuoted(name, to: &json)
      let sizes = shape.dimensions.map(String.init).joined(separator: ",")
      json.append(
        contentsOf: ":{\"dtype\":\"\(dtype.rawValue)\",\"shape\":[\(sizes)],\"data_offsets\":[\(offset),\(end)]}".utf8)
      offset = end
    }
    json.append(UInt8(ascii: "}"))
    while json.count % SafetensorsHeaderText.alignment != 0 { json.append(UInt8(ascii: " ")) }
    let limit = min(room.map { $0 - SafetensorsHeader.prefixByteCount } ?? .max, SafetensorsLimits.headerByteCount)
    guard json.count <= limit, offset <= Int.max - json.count - 8 else {
      throw FusionError(
        .safetensorsHeaderTooLarge, "the header would be too long", place: "header",
        expected: "at most \(limit) bytes", found: "\(json.count) bytes",
        remedy: SafetensorsHeaderText.remedy)
    }
    if room != nil { json += [UInt8](repeating: UInt8(ascii: " "), count: limit - json.count) }
    bytes = withUnsafeBytes(of: UInt64(json.count).littleEndian, Array.init) + json
    dataByteCount = offset
  }

  private static func append(_ metadata: [String: String], to json: inout [UInt8]) {
    guard !metadata.isEmpty else { return }
    StrictJSONText.appendQuoted(SafetensorsHeader.metadataKey, to: &json)
    json.append(UInt8(ascii: ":"))
    var separator = UInt8(ascii: "{")
    for (key, value) in metadata.sorted(by: { TensorName.precedes($0.key, $1.key) }) {
      json.append(separator)
      StrictJSONText.appendQuoted(key, to: &json)
      json.append(UInt8(ascii: ":"))
      StrictJSONText.appendQuoted(value, to: &json)
      separator = UInt8(ascii: ",")
    }
    json.append(UInt8(ascii: "}"))
  }
}
