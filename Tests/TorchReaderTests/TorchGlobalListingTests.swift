import Foundation
import FusionCore
import TestSupport
import Testing
import TorchReader

/// What files name is listed whatever else is wrong with them.
@Suite struct TorchGlobalListingTests {
  private static let hostile = Fixtures.path("torch/hostile")
  static let files = (try? FileManager.default.contentsOfDirectory(atPath: hostile).sorted()) ?? []

  @Test(arguments: files)
  func neverRefuses(_ name: String) throws {
    let listing = try TorchGlobalListing(path: "\(Self.hostile)/\(name)")
    // A file without pickles says why, unless it is a sound archive that has none.
    #expect(!listing.pickles.isEmpty || listing.defect != nil || name == "file-no-pickle.pt")
  }

  /// Calls are named in whole archives and in those that are refused, and under any name of a file.
  @Test(arguments: files.filter { $0.hasPrefix("call-os-") })
  func namesWhatIsForbidden(_ name: String) throws {
    let folder = try TemporaryFolder()
    let whole = try Data(contentsOf: URL(fileURLWithPath: "\(Self.hostile)/\(name)"))
    // Without its end records, and with the flag bit of encryption in its first header.
    let cut = [UInt8](whole.dropLast(40))
    var flagged = [UInt8](whole)
    flagged[6] |= 1
    for (index, bytes) in [[UInt8](whole), cut, flagged].enumerated() {
      let path = folder.file("\(index).txt")
      try folder.write("\(index).txt", bytes)
      let listing = try TorchGlobalListing(path: path)
      #expect((listing.defect == nil) == (index == 0))
      let forbidden = listing.pickles.flatMap(\.scan.findings).filter { $0.verdict == .forbidden }
      #expect(forbidden.contains { ["posix", "os", "nt"].contains($0.global.module) }, "\(forbidden)")
    }
  }

  @Test func listsEveryPickleOfAnOldFile() throws {
    let listing = try TorchGlobalListing(path: Fixtures.path("strided-bin/strided.legacy.bin"))
    #expect(listing.pickles.count == 5)
    #expect(listing.defect == nil)
    let names = Set(listing.pickles.flatMap(\.scan.findings).map(\.global.fullName))
    #expect(names.isSuperset(of: ["torch._utils._rebuild_tensor_v2", "collections.OrderedDict", "torch.FloatStorage"]))
    #expect(
      listing.pickles.flatMap(\.scan.findings).allSatisfy { if case .allowed = $0.verdict { true } else { false } })
  }

  @Test func saysWhatIsNoPyTorchFile() throws {
    let listing = try TorchGlobalListing(path: Fixtures.path("strided-bin/strided.safetensors"))
    #expect(listing.pickles.isEmpty)
    #expect(listing.defect?.code == .torchForeignFormat)
  }
}
