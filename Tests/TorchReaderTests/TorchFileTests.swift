import Foundation
import FusionCore
import TestSupport
import Testing
import TorchReader

/// Files that PyTorch wrote are read as PyTorch reads them.
@Suite struct TorchFileTests {
  @Test(arguments: TorchManifest.versions)
  func readableFilesGiveTheirTensors(version: String) throws {
    let files = try TorchManifest.load(version).files.filter { $0.outcome == "read" && !$0.isRefusedHere }
    #expect(files.count >= 2)
    for file in files {
      let expected = try #require(file.expected)
      let tensors = try TorchReading.tensors(at: Fixtures.path("torch/\(version)/\(file.file)"))
      let values = try RawSafetensors(path: Fixtures.path("torch/\(version)/\(expected)")).tensors
      let reference = Dictionary(uniqueKeysWithValues: values.map { (file.shortened($0.key), $0.value) })
      #expect(tensors == reference, "\(file.file)")
    }
  }

  /// Offsets are those of a view's first element, and tensors that share a storage keep their distance.
  @Test(arguments: TorchManifest.versions)
  func viewsLieWhereTheManifestSays(version: String) throws {
    for file in try TorchManifest.load(version).files where file.outcome == "read" && !file.isRefusedHere {
      let checkpoint = try TorchCheckpoint(path: Fixtures.path("torch/\(version)/\(file.file)"))
      let described = Dictionary(uniqueKeysWithValues: checkpoint.tensors.map { ($0.name, $0) })
      for (_, group) in Dictionary(grouping: try #require(file.tensors), by: \.storage) {
        // An empty tensor lies nowhere.
        let starts = try group.filter { !$0.shape.contains(0) }.map { tensor in
          let found = try #require(described[file.shortened(tensor.name)], "\(file.file): \(tensor.name)")
          #expect(found.dtype.rawValue == tensor.dtype && found.shape.dimensions == tensor.shape)
          return found.offset - tensor.offset * found.dtype.byteWidth
        }
        #expect(Set(starts).count <= 1, "\(file.file): \(group.map(\.name))")
      }
    }
  }

  /// An alias is a tensor of the same storage with the same offset, sizes and strides, and there is no other.
  @Test(arguments: TorchManifest.versions)
  func tiedTensorsAreAliases(version: String) throws {
    var count = 0
    for file in try TorchManifest.load(version).files where file.outcome == "read" && !file.isRefusedHere {
      let checkpoint = try TorchCheckpoint(path: Fixtures.path("torch/\(version)/\(file.file)"))
      var expected: [String: String] = [:]
      let filled = try #require(file.tensors).filter { !$0.shape.contains(0) }.sorted { $0.name < $1.name }
      for group in Dictionary(grouping: filled, by: \.storage).values {
        var first: [[Int]: String] = [:]
        for tensor in group {
          let layout = [tensor.offset] + tensor.shape + [-1] + tensor.stride
          let key = Array(tensor.dtype.utf8).map { Int($0) } + layout
          if let other = first[key] {
            expected[file.shortened(tensor.name)] = file.shortened(other)
          } else {
            first[key] = tensor.name
          }
        }
      }
      #expect(checkpoint.aliases == expected, "\(file.file)")
      count += expected.count
    }
    #expect(version == "1.4.0" || count > 0)
  }

  @Test(arguments: TorchManifest.versions)
  func whatIsPassedOverIsSaid(version: String) throws {
    for file in try TorchManifest.load(version).files where file.outcome == "read" && !file.isRefusedHere {
      let path = Fixtures.path("torch/\(version)/\(file.file)")
      let notices = try TorchCheckpoint(path: path).notices
      let keyPath = try #require(file.keyPath).joined(separator: ".")
      #expect(notices.contains { $0.hasPrefix("the weights are the entry") } == !keyPath.isEmpty, "\(file.file)")
      #expect(keyPath.isEmpty || notices.contains { $0.hasSuffix(" entry \"\(keyPath)\"") }, "\(file.file): \(notices)")
      for name in file.ignored ?? [] {
        #expect(
          notices.contains { $0.hasPrefix("not tensors, not read:") && $0.contains("\"\(name)\"") },
          "\(file.file): \(notices)")
      }
      // The entry that was found can be asked for by its name.
      guard !keyPath.isEmpty else { continue }
      let asked = try TorchReading.tensors(of: TorchCheckpoint(path: path, stateDictKey: keyPath))
      #expect(try asked == TorchReading.tensors(at: path), "\(file.file)")
    }
  }

  @Test(arguments: ["parallel.zip.pt", "parallel.legacy.pt"])
  func aPrefixOfAllNamesIsLeftOutAndSaid(file: String) throws {
    let checkpoint = try TorchCheckpoint(path: Fixtures.path("torch/2.15.0/\(file)"))
    #expect(!checkpoint.tensors.contains { $0.name.hasPrefix("module.") })
    #expect(checkpoint.notices.contains("the prefix module. of all names was left out"))
  }

  @Test func missingChecksumsAreSaid() throws {
    let checkpoint = try TorchCheckpoint(path: Fixtures.path("torch/2.15.0/no-checksums.zip.pt"))
    #expect(checkpoint.notices.contains { $0.contains("without checksums") })
  }

  @Test(arguments: ["strided.bin", "strided.legacy.bin"])
  func scatteredTensorsAreLaidOutDensely(file: String) throws {
    let path = Fixtures.path("strided-bin/\(file)")
    let reference = try RawSafetensors(path: Fixtures.path("strided-bin/strided.safetensors")).tensors
    let checkpoint = try TorchCheckpoint(path: path)
    #expect(try TorchReading.tensors(of: checkpoint) == reference)
    for tensor in checkpoint.tensors {
      let bytes = try #require(reference[tensor.name]).bytes
      let borrowed = try checkpoint.borrow(tensor)
      withExtendedLifetime(borrowed) { #expect(Array(borrowed.bytes) == bytes, "\(tensor.name)") }
      // Pieces of any length, element borders or not.
      for length in [1, 3, 7, 64] {
        var joined: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: length) {
          try checkpoint.withBytes(of: tensor, in: start..<min(start + length, bytes.count)) { joined += $0 }
        }
        #expect(joined == bytes, "\(tensor.name) in pieces of \(length)")
      }
      checkpoint.discard(tensor, in: 0..<tensor.byteCount)
      #expect(try checkpoint.withBytes(of: tensor, in: 0..<tensor.byteCount) { Array($0) } == bytes)
    }
  }
}

extension TorchManifest.File {
  /// Read by PyTorch and refused by this reader: numbers of the other byte order, and a name with a path separator.
  var isRefusedHere: Bool { file.hasPrefix("big-endian") || file.hasPrefix("edges.") }

  /// The name that a tensor has after the prefix of all names was left out.
  func shortened(_ name: String) -> String {
    file.hasPrefix("parallel.") && name.hasPrefix("module.") ? String(name.dropFirst("module.".count)) : name
  }
}
