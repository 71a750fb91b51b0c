import ContainerFormat
import Foundation
import FusionCore
import TestSupport
import Testing

/// Row C14: no truncation and no flipped bit goes unnoticed, wherever it is.
@Suite struct DamageTests {
  private let folder: TemporaryFolder
  private let path: String
  private let bytes: [UInt8]
  private let handle: FileHandle

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("model.fusion")
    // Fewer tensors than the full sample, since each bit is a verification of its own.
    try SampleContainer.write(to: path, plans: Array(SampleContainer.plans.prefix(3)))
    bytes = try fileBytes(path)
    handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
  }

  @Test func everyTruncationIsFound() throws {
    let decoder = ChunkDecoder()
    try verifyCompletely(path, using: decoder)
    for count in (0..<bytes.count).reversed() {
      try handle.truncate(atOffset: UInt64(count))
      let error = #expect(throws: FusionError.self, "\(count) bytes") { try verifyCompletely(path, using: decoder) }
      let expected: Set<FusionError.Code> =
        count == 0 ? [.containerWrongMagic] : count < 128 ? [.containerTooShort] : [.containerFooterMissing]
      #expect(error.map { expected.contains($0.code) } == true, "\(count) bytes: \(error?.code.rawValue ?? "")")
      #expect(error?.file == path)
    }
  }

  @Test func everyFlippedBitIsFound() throws {
    let decoder = ChunkDecoder()
    var unnoticed: [Int] = []
    for (offset, byte) in bytes.enumerated() {
      for bit in 0..<8 {
        try write(byte ^ UInt8(1 << bit), at: offset)
        do {
          try verifyCompletely(path, using: decoder)
          unnoticed.append(offset * 8 + bit)
        } catch is FusionError {}
      }
      try write(byte, at: offset)
    }
    #expect(unnoticed == [])
    try verifyCompletely(path, using: decoder)
  }

  @Test func damageIsNamedByTensorStreamAndChunk() throws {
    let reader = try ContainerReader(path: path)
    let chunk = reader.index.tensors[1].streams[1].chunks[1]
    try write(bytes[chunk.offset] ^ 1, at: chunk.offset)
    let error = #expect(throws: FusionError.self) { try verifyCompletely(path) }
    #expect(error?.code == .containerChunkDamaged)
    #expect(error?.place == "tensor \"s.b\", scales, chunk 1")
    #expect(error?.expected?.hasPrefix("checksum ") == true)
    #expect(error?.file == path)
  }

  private func write(_ byte: UInt8, at offset: Int) throws {
    try handle.seek(toOffset: UInt64(offset))
    try handle.write(contentsOf: [byte])
  }
}
