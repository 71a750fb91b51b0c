import FusionCore

/// The entries of an archive that is to be written, all with their places, and the pickle that names the tensors.
struct TorchArchiveLayout {
  /// What an entry holds.
  enum Content {
    case bytes([UInt8])
    /// The bytes of the next of the declared tensors.
    case tensor
    /// A number that depends on the contents of all entries before; of ``serializationByteCount`` bytes.
    case serialization
  }

  let entries: [(layout: ZipEntryLayout, content: Content)]
  let dataByteCount: Int
  let fileByteCount: Int
  private let zip64Threshold: Int

  static let serializationByteCount = 40
  private static let remedy = "write fewer tensors into one file, or rename the tensor"

  /// - Throws: `.torchUnsafeName`, `.torchDuplicateTensor`, `.torchShapeOverflow`, `.torchTooManyTensors`.
  init(
    fileName: String, tensors: [(name: String, dtype: DType, shape: Shape)], zip64Threshold: Int
  ) throws {
    guard tensors.count <= TorchArchiveWriter.maximumTensorCount else {
      throw FusionError(
        .torchTooManyTensors, "the file would have too many tensors", place: "data.pkl",
        expected: "at most \(TorchArchiveWriter.maximumTensorCount) tensors", found: "\(tensors.count)",
        remedy: Self.remedy)
    }
    var names: Set<String> = []
    var dataByteCount = 0
    var contents: [(name: String, byteCount: Int, Content)] = []
    for (index, (name, dtype, shape)) in tensors.enumerated() {
      let place = "tensor " + TensorName.quoted(name)
      try TensorName.check(name, code: .torchUnsafeName, place: place)
      guard names.insert(name).inserted else {
        throw FusionError(
          .torchDuplicateTensor, "a name is used twice", place: place, expected: "every name once",
          found: "a second tensor", remedy: Self.remedy)
      }
      guard let byteCount = shape.byteCount(of: dtype), let sum = CheckedArithmetic.sum(dataByteCount, byteCount) else {
        throw Self.tooLarge(place, "\(shape) of \(dtype.rawValue) after \(dataByteCount) bytes")
      }
      contents.append(("data/\(index)", byteCount, .tensor))
      dataByteCount = sum
    }
    func text(_ name: String, _ text: String) -> (String, Int, Content) {
      (name, text.utf8.count, .bytes(Array(text.utf8)))
    }
    let pickle = StateDictPickle(tensors).bytes
    contents =
      [
        ("data.pkl", pickle.count, .bytes(pickle)), text(".format_version", "1"),
        text(".storage_alignment", "\(ZipEntryLayout.alignment)"), text("byteorder", "little"),
      ] + contents
      + [text("version", "3\n"), (".data/serialization_id", Self.serializationByteCount, .serialization)]
    let root = Self.root(of: fileName)
    var entries: [(layout: ZipEntryLayout, content: Content)] = []
    var offset = 0
    for (name, byteCount, content) in contents {
      let layout = ZipEntryLayout(
        name: "\(root)/\(name)", byteCount: byteCount, headerOffset: offset, zip64Threshold: zip64Threshold)
      guard let layout else { throw Self.tooLarge("entry \(root)/\(name)", "\(byteCount) bytes at offset \(offset)") }
      entries.append((layout, content))
      offset = layout.end
    }
    let directoryByteCount = entries.reduce(0) { $0 + $1.layout.centralRecord(crc32: 0).count }
    let end = ZipEndLayout(entryCount: entries.count, directory: offset..<offset, zip64Threshold: zip64Threshold)
    guard let fileByteCount = CheckedArithmetic.sum(offset, directoryByteCount + end.bytes.count) else {
      throw Self.tooLarge("central directory", "\(directoryByteCount) bytes at offset \(offset)")
    }
    self.entries = entries
    self.dataByteCount = dataByteCount
    self.fileByteCount = fileByteCount
    self.zip64Threshold = zip64Threshold
  }

  /// Central directory and end records.
  ///
  /// - Parameter checksums: of the contents of all entries, in their order.
  func directory(checksums: [UInt32]) -> [UInt8] {
    let start = entries.last?.layout.end ?? 0
    let records = zip(entries, checksums).flatMap { $0.layout.centralRecord(crc32: $1) }
    let end = ZipEndLayout(
      entryCount: entries.count, directory: start..<(start + records.count), zip64Threshold: zip64Threshold)
    return records + end.bytes
  }

  /// Two numbers of 20 digits, of the names and of the checksums, in the form of PyTorch's own.
  ///
  /// PyTorch does not read them. Its first number comes from its library's own hash function, so it is another one here.
  func serialization(checksums: [UInt32]) -> [UInt8] {
    var nameHash: UInt64 = 0xCBF2_9CE4_8422_2325
    for entry in entries {
      for byte in entry.layout.name.utf8 { nameHash = (nameHash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }
    let contentHash = checksums.reduce(0 as UInt64) { ($0 &* 0x100_0000_01B3) ^ UInt64($1) }
    return [nameHash, contentHash].flatMap { number -> [UInt8] in
      let digits = String(number)
      return Array((String(repeating: "0", count: Self.serializationByteCount / 2 - digits.count) + digits).utf8)
    }
  }

  /// The folder in the archive: the file's name up to its last dot, as PyTorch has it, where that is plain.
  private static func root(of fileName: String) -> String {
    let stem = fileName.lastIndex(of: ".").map { String(fileName[..<$0]) } ?? fileName
    let isPlain = stem.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || [0x2D, 0x2E, 0x5F].contains(byte)
    }
    return isPlain && stem.utf8.contains { $0 != UInt8(ascii: ".") } ? stem : "archive"
  }

  private static func tooLarge(_ place: String, _ found: String) -> FusionError {
    FusionError(
      .torchShapeOverflow, "the tensors are too large for a file", place: place,
      expected: "fewer than 2^63 bytes together", found: found, remedy: remedy)
  }
}
