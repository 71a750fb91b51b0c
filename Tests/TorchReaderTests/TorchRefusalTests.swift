import FusionCore
import TestSupport
import Testing
import TorchReader

/// Files that PyTorch wrote and that hold no plain tensors, or cannot be understood without guessing.
@Suite struct TorchRefusalTests {
  /// Two files of names that the manifest has as readable are refused here: names with a path separator, which a report
  /// or an export could take for a path, and big-endian numbers, which no published checkpoint has.
  private static let stricter = ["edges.", "big-endian"]

  /// PyTorch 1.13.1 loses the sign of such a tensor when it saves it, so nothing in the file could tell.
  private static let unmarked = "1.13.1/negative-bit.zip.pt"

  @Test(arguments: TorchManifest.versions)
  func filesAreRefusedForWhatTheyHold(version: String) throws {
    for file in RefusedTorchFile.all where file.version == version {
      let path = Fixtures.path(file.path)
      let error = try #require(TorchReading.refusal(path), "\(file.path)")
      #expect(error.code.rawValue == file.code && error.place == file.place, "\(file.path): \(error)")
      TorchReading.expectComplete(error, file: path)
    }
  }

  @Test(arguments: TorchManifest.versions)
  func theTableIsThatOfTheManifest(version: String) throws {
    let refused = Set(RefusedTorchFile.all.filter { $0.version == version }.map(\.name))
    for file in try TorchManifest.load(version).files {
      let isStricter = Self.stricter.contains { file.file.hasPrefix($0) }
      let isRefused = (file.outcome == "refuse" || isStricter) && "\(version)/\(file.file)" != Self.unmarked
      #expect(refused.contains(file.file) == isRefused, "\(file.file)")
    }
  }

  /// A key makes several dictionaries readable, and a wrong one is an error of usage.
  @Test(arguments: ["two-candidates.zip.pt", "two-candidates.legacy.pt"])
  func aKeyChoosesADictionary(name: String) throws {
    let path = Fixtures.path("torch/2.15.0/\(name)")
    let error = try #require(TorchReading.refusal(path))
    #expect(error.remedy?.contains("--state-dict-key") == true)
    let chosen = try TorchReading.tensors(of: TorchCheckpoint(path: path, stateDictKey: "generator"))
    let all = try TorchReading.tensors(of: TorchCheckpoint(path: path, stateDictKey: "."))
    #expect(chosen.count == 1 && all.count == 2)
    for (key, tensor) in chosen { #expect(all["generator.\(key)"] == tensor) }
    let wrong = try #require(TorchReading.refusal(path, key: "critic"))
    #expect(wrong.code.rawValue == "torch.stateDictKey" && wrong.code.category == .usage)
    TorchReading.expectComplete(wrong, file: path)
  }
}
