import FusionCore

/// Builds files, right or wrong, from a header's text.
enum SafetensorsBytes {
  /// Entries of a correct file with 22 bytes of data.
  static let entryA = #""a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}"#
  static let entryB = #""b":{"dtype":"BF16","shape":[3],"data_offsets":[16,22]}"#

  /// Length, header and counting bytes as data.
  static func file(_ header: String, data: Int = 22, length: UInt64? = nil) -> [UInt8] {
    file(Array(header.utf8), data: data, length: length)
  }

  static func file(_ header: [UInt8], data: Int = 22, length: UInt64? = nil) -> [UInt8] {
    let size = length ?? UInt64(header.count)
    return withUnsafeBytes(of: size.littleEndian, Array.init) + header
      + (0..<data).map { UInt8(truncatingIfNeeded: $0) }
  }

  /// A correct file with tensors a and b.
  static func correct() -> [UInt8] { file("{\(entryA),\(entryB)}") }

  /// A file with a, and one more entry.
  static func with(_ entry: String, data: Int = 22) -> [UInt8] { file("{\(entryA),\(entry)}", data: data) }

  /// A file with a, and a tensor `b` of given fields.
  static func withB(dtype: String = #""BF16""#, shape: String = "[3]", offsets: String = "[16,22]") -> [UInt8] {
    with("\"b\":{\"dtype\":\(dtype),\"shape\":\(shape),\"data_offsets\":\(offsets)}")
  }

  /// A file with one tensor of no bytes under a name, as JSON text without its quotes.
  static func named(_ name: String) -> [UInt8] {
    file("{\"\(name)\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}", data: 0)
  }

  /// A file of tensors whose headers are given, in order, with their bytes' sizes added up.
  static func tensors(_ tensors: [(name: String, count: Int)], metadata: String? = nil) -> [UInt8] {
    var entries = metadata.map { ["\"__metadata__\":\($0)"] } ?? []
    var offset = 0
    for tensor in tensors {
      let end = offset + tensor.count
      entries.append(
        "\"\(tensor.name)\":{\"dtype\":\"U8\",\"shape\":[\(tensor.count)],\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    return file("{" + entries.joined(separator: ",") + "}", data: offset)
  }
}
