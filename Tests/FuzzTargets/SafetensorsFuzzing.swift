import FusionCore
import Glibc
import SafetensorsReader

/// The header of a safetensors file: what is accepted fills the file, and comes back from a file written anew.
enum SafetensorsFuzzing {
  static func run(_ bytes: UnsafeRawBufferPointer) throws {
    let header: SafetensorsHeader
    do {
      header = try SafetensorsHeader(contents: bytes)
    } catch let error as FusionError {
      throw error.inFile("fuzz.safetensors")
    }
    try checkLayout(header, fileByteCount: bytes.count)
    try checkRewriting(header)
  }

  /// Header and tensors fill the file without holes and overlaps, each with the bytes of its shape.
  private static func checkLayout(_ header: SafetensorsHeader, fileByteCount: Int) throws {
    var end = header.dataOffset
    for entry in header.entries {
      try FuzzFinding.require(entry.byteRange.lowerBound == end, "\(entry.name) starts before or after byte \(end)")
      try FuzzFinding.require(
        entry.shape.byteCount(of: entry.dtype) == entry.byteRange.count,
        "\(entry.name) has \(entry.byteRange.count) bytes for \(entry.shape) \(entry.dtype)")
      end = entry.byteRange.upperBound
    }
    try FuzzFinding.require(end == fileByteCount, "the tensors end at \(end) of \(fileByteCount)")
    let names = Set(header.entries.map(\.name))
    try FuzzFinding.require(names.count == header.entries.count, "two tensors have one name")
  }

  /// Writes tensors of the same declarations and reads their header.
  private static func checkRewriting(_ header: SafetensorsHeader) throws {
    let path = ScratchFile.path("written.safetensors")
    defer { unlink(path) }
    let tensors = header.entries.map { (name: $0.name, dtype: $0.dtype, shape: $0.shape) }
    let dataByteCount = header.entries.reduce(0) { $0 + $1.byteRange.count }
    let written = try FuzzFinding.accepting("the writer") {
      let writer = try SafetensorsShardWriter(path: path, tensors: tensors, metadata: header.metadata, replacing: true)
      try [UInt8](repeating: 0, count: dataByteCount).withUnsafeBytes { try writer.append($0) }
      try writer.finish()
      let contents = try ScratchFile.contents(of: path)
      return try contents.withUnsafeBytes { try SafetensorsHeader(contents: $0) }
    }
    try FuzzFinding.require(written.metadata == header.metadata, "the metadata changed by being written")
    try FuzzFinding.require(
      written.entries.elementsEqual(header.entries) {
        $0.name == $1.name && $0.dtype == $1.dtype && $0.shape == $1.shape
      }, "the tensors changed by being written")
  }
}
