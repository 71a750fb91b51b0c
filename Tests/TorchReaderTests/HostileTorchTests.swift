import Foundation
import FusionCore
import TestSupport
import Testing
import TorchReader

/// Files that lie: each is refused for what it does, at the place where it does it, and nothing in it is run.
///
/// Rows P8 and P15 have their tests where files are chosen: what is refused is never tried again in another way.
@Suite struct HostileTorchTests {
  private struct Manifest: Decodable {
    struct File: Decodable {
      let file: String
      let row: String
      let harmless: Bool?
    }

    let marker: String
    let readable: [String]
    let files: [File]

    static func load() throws -> Manifest {
      let url = URL(fileURLWithPath: Fixtures.path("torch/hostile/manifest.json"))
      return try JSONDecoder().decode(Manifest.self, from: Data(contentsOf: url))
    }
  }

  @Test(arguments: HostileTorchFile.all)
  func isRefused(file: HostileTorchFile) throws {
    let error = try #require(TorchReading.refusal(file.path))
    #expect(error.code.rawValue == file.code && error.place == file.place, "\(error)")
    #expect(error.code.category == .malformedInput)
    TorchReading.expectComplete(error, file: file.path)
    let unsafe = error.description.unicodeScalars.filter { $0 != "\n" && $0.isUnsafeInNames }
    #expect(unsafe.isEmpty, "\(unsafe)")
    try expectNothingWasRun()
  }

  @Test(arguments: HostileTorchFile.harmless)
  func isReadAsItIs(name: String) throws {
    let tensors = try TorchReading.tensors(at: Fixtures.path("torch/hostile/\(name)"))
    let values: [Float] = [1, 2, 3, 4, 5, 6]
    let bytes = values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } }
    #expect(tensors["weight"] == .init(dtype: "F32", shape: [2, 3], bytes: bytes))
    #expect(tensors.count == (name == "state-two-types-agreeing.pt" ? 2 : 1))
    try expectNothingWasRun()
  }

  /// Every file of the folder is in the table above, under its row, or among the harmless ones.
  @Test func everyFileIsTested() throws {
    let manifest = try Manifest.load()
    let rows = Dictionary(uniqueKeysWithValues: manifest.files.map { ($0.file, $0.row) })
    for file in HostileTorchFile.all { #expect(rows[file.name] == file.row, "\(file.name)") }
    let harmless = Set(HostileTorchFile.harmless)
    #expect(Set(HostileTorchFile.all.map(\.name)).union(harmless) == Set(rows.keys).union(manifest.readable))
    let permitted = Set(manifest.files.filter { $0.harmless == true }.map(\.file)).union(manifest.readable)
    #expect(harmless.isSubset(of: permitted))
    let missing = Set((1...23).map { "P\($0)" }).subtracting(HostileTorchFile.all.map(\.row))
    #expect(missing == ["P8"])
  }

  /// Only the first refusal is told: a payload is named as one even where the file is damaged as well.
  @Test(arguments: ["pickle-payload-then-broken.pt", "file-wrong-pickle-checksum.pt"])
  func aPayloadComesBeforeDamage(name: String) throws {
    let error = try #require(TorchReading.refusal(Fixtures.path("torch/hostile/\(name)")))
    #expect(error.found == "\"posix.system\"")
  }

  private func expectNothingWasRun() throws {
    let marker = try Manifest.load().marker
    for folder in [FileManager.default.currentDirectoryPath, Fixtures.path("torch/hostile")] {
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/\(marker)"))
    }
  }
}
