import Foundation
import FusionCore
import TestSupport
import Testing
import TorchReader

/// Files are told by their content, and those that are not read are refused with words that help (P15, P23).
@Suite struct TorchContentKindTests {
  static let magic: [UInt8] = [0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]

  static let prefixes: [(TorchContentKind, [UInt8])] = [
    (.zipArchive, ZipBuilder.sample().bytes), (.zipArchive, Array("PK\u{5}\u{6}".utf8)),
    (.legacyPickle, [0x80, 2] + magic), (.legacyPickle, [0x80, 4, 0x95, 13, 0, 0, 0, 0, 0, 0, 0] + magic),
    (.pickle, [0x80, 2, 0x7D, 0x2E]), (.torchTar, tar("sys_info")), (.torchTar, tar("storages")),
    (.tar, tar("checkpoint/model.bin")), (.sevenZip, [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0, 4]),
    (.gzip, [0x1F, 0x8B, 8]), (.zstd, [0x28, 0xB5, 0x2F, 0xFD, 4]),
    (.hdf5, [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]), (.gguf, Array("GGUF".utf8) + [3, 0, 0, 0]),
    (.onnx, [0x08, 0x08, 0x12, 0x07] + Array("pytorch".utf8) + [0x1A]),
    (.safetensors, [2, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8)),
  ]

  @Test(arguments: prefixes)
  func tells(kind: TorchContentKind, prefix: [UInt8]) {
    #expect(prefix.withUnsafeBytes { TorchContentKind(prefix: $0) } == kind)
  }

  /// The length of a header may begin as a pickle does.
  @Test(arguments: 2...5)
  func tellsSafetensorsFromPickles(second: UInt8) {
    let prefix = [0x80, second, 0, 0, 0, 0, 0, 0] + Array("{\"a\":{".utf8)
    #expect(prefix.withUnsafeBytes { TorchContentKind(prefix: $0) } == .safetensors)
  }

  @Test(arguments: ["", "P", "PK", "PK\u{1}\u{2}", "version https://git-lfs", "{}", "\u{2}\u{80}"])
  func doesNotGuess(_ text: String) {
    #expect(Array(text.utf8).withUnsafeBytes { TorchContentKind(prefix: $0) } == nil)
  }

  @Test func tellsTheFixtures() throws {
    let kinds = try ["strided.bin", "strided.legacy.bin", "strided.safetensors"].map { name in
      let data = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("strided-bin/\(name)")))
      return data.withUnsafeBytes { TorchContentKind(prefix: $0) }
    }
    #expect(kinds == [.zipArchive, .legacyPickle, .safetensors])
  }

  @Test(arguments: TorchContentKind.allCases)
  func refusesWhatIsNotRead(_ kind: TorchContentKind) {
    let isRead = [.zipArchive, .legacyPickle, .pickle].contains(kind)
    #expect((kind.refusal == nil) == isRead)
    if let refusal = kind.refusal {
      #expect(refusal.code.rawValue.hasPrefix("torch."))
      #expect(refusal.found?.isEmpty == false)
      #expect(refusal.remedy?.isEmpty == false)
    }
  }

  /// Archives with programs are told by their names, before anything else is wrong with them for this reader.
  @Test(arguments: [
    (["a/data.pkl", "a/code/__torch__.py", "a/constants.pkl"], FusionError.Code.torchScriptArchive),
    (["a/data.pkl", "a/constants.pkl"], .torchScriptArchive), (["a/model.json", "a/tensors/0"], .torchScriptArchive),
    (["m/models/model.json", "m/archive_format"], .torchExportedProgram),
    (["version", "serialized_exported_program.json"], .torchExportedProgram),
    (["p/.data/extern_modules", "p/m.py"], .torchPackage),
  ])
  func refusesPrograms(names: [String], code: FusionError.Code) throws {
    var builder = ZipBuilder(names.map { ZipBuilder.Entry($0, [1, 2, 3]) })
    builder.entries[0].editCentral = { $0.method = 8 }
    builder.entries[0].editLocal = { $0.method = 8 }
    let files = try ZipFiles()
    let error = #expect(throws: FusionError.self) { try files.archive(builder.bytes) }
    #expect(error?.code == code)
    #expect(error?.remedy?.contains("torch.save(") == true)
  }

  private static func tar(_ name: String) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: 512)
    header.replaceSubrange(0..<name.utf8.count, with: name.utf8)
    header.replaceSubrange(257..<262, with: "ustar".utf8)
    return header
  }
}
