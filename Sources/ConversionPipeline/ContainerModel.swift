import ContainerFormat
import Crypto
import FusionCore
import NumericKernels
import WeightGraph

/// An opened container: its index, and its weights on demand.
public struct ContainerModel: Sendable {
  /// The file.
  public let reader: ContainerReader
  /// Path as given.
  public let path: String

  /// Opens a container and proves its index.
  ///
  /// - Throws: every way in which the file can be damaged, or made by a newer version.
  public init(path: String) throws {
    reader = try ContainerReader(path: path)
    self.path = path
  }

  /// Weights, tied ones once.
  public var weightCount: Int { reader.index.tensors.reduce(0) { $0 + $1.shape.elementCount } }

  /// Bytes of the side files on disk.
  var sideFileByteCount: Int {
    reader.index.files.reduce(0) { $0 + $1.chunks.reduce(0) { $0 + $1.storedByteCount } }
  }

  /// The configuration inside.
  ///
  /// - Throws: `.missingConfiguration`, or what is wrong with it.
  public func configuration() throws -> ModelConfiguration {
    guard reader.index.files.contains(where: { $0.name == "config.json" }) else {
      throw FusionError(
        .missingConfiguration, "the container has no config.json", file: path, expected: "config.json among its files",
        found: reader.index.files.map(\.name).joined(separator: ", "), remedy: "convert the checkpoint again")
    }
    return try ModelConfiguration(json: try file("config.json"), file: "\(path): config.json")
  }

  /// Names that tensors have beside their own, each with the tensor's place in the index.
  var secondNames: [(name: String, position: Int)] {
    let positions = Dictionary(
      reader.index.tensors.enumerated().map { ($1.canonicalName, $0) }, uniquingKeysWith: { first, _ in first })
    return reader.index.aliases.compactMap { alias in
      alias.name.flatMap { name in positions[alias.targetCanonicalName].map { (name: name, position: $0) } }
    }
  }

  /// All names of all tensors, each with the tensor's place in the index.
  var names: [(name: String, position: Int)] {
    reader.index.tensors.enumerated().map { (name: $1.name, position: $0) } + secondNames
  }

  /// The tensors as a source states them, under all their names.
  var descriptions: [TensorDescription] {
    names.map { name, position in
      let tensor = reader.index.tensors[position]
      return TensorDescription(
        name: name, dtype: tensor.dtype, shape: tensor.shape, fileIndex: 0, offset: 0,
        byteCount: tensor.shape.byteCount(of: tensor.dtype) ?? 0)
    }
  }

  /// For each second name the tensor's own.
  var aliases: [String: String] {
    Dictionary(
      secondNames.map { ($0.name, reader.index.tensors[$0.position].name) }, uniquingKeysWith: { first, _ in first })
  }

  /// The model's graph, after proving that the tensors inside are those that the configuration inside asks for.
  ///
  /// - Throws: what is wrong with the configuration; `.graphMismatch`.
  func graph() throws -> CanonicalGraph {
    try CanonicalGraph.build(
      configuration: try configuration(), tensors: descriptions, shared: aliases, file: path)
  }

  /// The bytes of a side file, proven by their SHA-256.
  ///
  /// - Throws: `.fileDigestWrong`, or what is wrong with a chunk.
  public func file(_ name: String) throws -> [UInt8] {
    let bytes = try reader.readFile(name)
    let expected = reader.index.files.first { $0.name == name }?.sha256 ?? []
    guard Array(SHA256.hash(data: bytes)) == expected else {
      throw FusionError(
        .fileDigestWrong, "a file inside the container is damaged", file: path, place: name,
        expected: "SHA-256 \(expected.hexadecimal)", found: "SHA-256 \(SHA256.hash(data: bytes).hexadecimal)",
        remedy: "copy or convert the container again")
    }
    return bytes
  }

  /// Row blocks of every tensor, in the order of the index.
  var blocks: [RowBlock] {
    reader.index.tensors.enumerated().flatMap { index, tensor in
      RowBlock.blocks(ofEntry: index, rowCount: tensor.shape.rowCount, rowsPerChunk: tensor.rowsPerChunk)
    }
  }

  /// The decoded streams of a block, each chunk proven by its checksum.
  func streams(of block: RowBlock, decoder: ChunkDecoder) throws -> [[UInt8]] {
    let tensor = reader.index.tensors[block.entryIndex]
    return try tensor.streams.map { stream in
      // What all rows share is one chunk.
      let chunk = min(block.chunkIndex, stream.chunks.count - 1)
      defer { reader.discard(stream.chunks[chunk]) }
      return try reader.decode(tensor, stream.kind, chunk: chunk, using: decoder)
    }
  }
}

extension Sequence where Element == UInt8 {
  /// Two lower-case digits a byte.
  var hexadecimal: String {
    map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0" + text : text
    }.joined()
  }
}

extension FusionError.Code {
  /// A side file's bytes do not have the digest that the index states.
  public static let fileDigestWrong = Self("container.fileDigestWrong")
}
