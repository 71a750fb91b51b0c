import Foundation
import FusionCore
import TestSupport
import Testing
import TorchReader

/// Files that were cut short or had a bit turned over.
@Suite struct TorchDamageTests {
  private static func bytes(_ file: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("strided-bin/\(file)"))))
  }

  @Test(arguments: ["strided.bin", "strided.legacy.bin"])
  func everyTruncationIsRefused(file: String) throws {
    let bytes = try Self.bytes(file)
    let folder = try TemporaryFolder()
    let path = try folder.write(file, bytes)
    for length in (0..<bytes.count).reversed() {
      try Self.truncate(path, to: length)
      let error = TorchReading.refusal(path)
      #expect(error?.code.rawValue.hasPrefix("torch.") == true, "cut to \(length) bytes: \(String(describing: error))")
    }
  }

  /// Checksums hold the contents and the structure holds the rest: what is read is what was written.
  @Test func aBitOfAnArchiveIsNoticedOrDoesNotMatter() throws {
    let bytes = try Self.bytes("strided.bin")
    let reference = try RawSafetensors(path: Fixtures.path("strided-bin/strided.safetensors")).tensors
    let folder = try TemporaryFolder()
    var refused = 0
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= 1 << UInt8(index % 8)
      // A new file each time: overwriting one can wait for the disk.
      let path = try folder.write("damaged-\(index).bin", damaged)
      defer { try? FileManager.default.removeItem(atPath: path) }
      do {
        #expect(try TorchReading.tensors(at: path) == reference, "byte \(index)")
      } catch let error as FusionError {
        #expect(error.file == path && !error.summary.isEmpty, "byte \(index)")
        refused += 1
      }
    }
    // Padding, times and versions may differ; names, sizes, contents and sums may not.
    #expect(refused > bytes.count / 4)
  }

  /// The older kind has no sums: values may change unseen, but their names, types and shapes are always proven.
  @Test func aBitOfALegacyFileNeverLeadsOutOfIt() throws {
    let bytes = try Self.bytes("strided.legacy.bin")
    let folder = try TemporaryFolder()
    var refused = 0
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= 1 << UInt8(index % 8)
      // A new file each time: overwriting one can wait for the disk.
      let path = try folder.write("damaged-\(index).bin", damaged)
      defer { try? FileManager.default.removeItem(atPath: path) }
      do {
        let tensors = try TorchReading.tensors(at: path)
        for (name, tensor) in tensors {
          let width = try #require(DType(rawValue: tensor.dtype)).byteWidth
          #expect(tensor.bytes.count == tensor.shape.reduce(1, *) * width, "byte \(index): \(name)")
        }
      } catch let error as FusionError {
        #expect(error.file == path && !error.summary.isEmpty, "byte \(index)")
        refused += 1
      }
    }
    #expect(refused > 0)
  }

  private static func truncate(_ path: String, to length: Int) throws {
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    defer { try? handle.close() }
    try handle.truncate(atOffset: UInt64(length))
  }
}
