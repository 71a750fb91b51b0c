import Foundation

/// A safetensors file in the plainest form, written and read without the project's own reader, as an independent
/// second opinion.
public struct RawSafetensors {
  /// One tensor.
  public struct Tensor: Equatable {
    /// Type as the header names it.
    public var dtype: String
    /// Sizes.
    public var shape: [Int]
    /// Little-endian values.
    public var bytes: [UInt8]

    /// Collects the fields.
    public init(dtype: String, shape: [Int], bytes: [UInt8]) {
      self.dtype = dtype
      self.shape = shape
      self.bytes = bytes
    }
  }

  /// Tensors by name.
  public var tensors: [String: Tensor]

  /// Collects tensors.
  public init(_ tensors: [String: Tensor]) { self.tensors = tensors }

  /// Reads a file with Foundation's JSON.
  public init(path: String) throws {
    let data = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let length = data[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    let object = try JSONSerialization.jsonObject(with: Data(data[8..<(8 + length)]))
    var tensors: [String: Tensor] = [:]
    for (name, value) in object as? [String: Any] ?? [:] where name != "__metadata__" {
      let fields = value as? [String: Any] ?? [:]
      let offsets = fields["data_offsets"] as? [Int] ?? [0, 0]
      tensors[name] = Tensor(
        dtype: fields["dtype"] as? String ?? "?", shape: fields["shape"] as? [Int] ?? [],
        bytes: Array(data[(8 + length + offsets[0])..<(8 + length + offsets[1])]))
    }
    self.tensors = tensors
  }

  /// All tensors of a folder's safetensors files.
  public static func folder(_ path: String) throws -> [String: Tensor] {
    let names = try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".safetensors") }
    return try names.reduce(into: [:]) { result, name in
      result.merge(try RawSafetensors(path: "\(path)/\(name)").tensors) { a, _ in a }
    }
  }

  /// The file's bytes, tensors in the order of their names.
  public var fileBytes: [UInt8] {
    var offset = 0
    var entries: [String] = []
    var body: [UInt8] = []
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      let end = offset + tensor.bytes.count
      entries.append(
        "\"\(name)\":{\"dtype\":\"\(tensor.dtype)\",\"shape\":\(tensor.shape),\"data_offsets\":[\(offset),\(end)]}")
      offset = end
      body += tensor.bytes
    }
    let header = Array("{\(entries.joined(separator: ","))}".utf8)
    return withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header + body
  }
}
