import Foundation
import TestSupport
import Testing

/// `verify --source` holds all that decides the answers against the source, and what is recorded of the source's files.
@Suite struct VerifySourceTests {
  private let folder: TemporaryFolder
  private static let fixture = "fusion-phi-tiny"

  init() throws {
    folder = try TemporaryFolder()
    try CheckpointCopies.make(of: Self.fixture, at: folder.file("ckpt"))
    let outcome = try CommandRunner.run(["ckpt", "m.fusion", "--quant", "int8"], in: folder.path)
    #expect(outcome.status == 0, "\(outcome.error)")
  }

  private func verify(_ options: String..., source: String = "ckpt") throws -> CommandRunner.Outcome {
    try CommandRunner.run(["verify", "m.fusion", "--source", source] + options, in: folder.path)
  }

  private func edit(_ name: String, _ change: (inout [String: Any]) -> Void) throws {
    let url = URL(fileURLWithPath: folder.file("ckpt/\(name)"))
    var object = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
    change(&object)
    try JSONSerialization.data(withJSONObject: object, options: [.prettyPrinted]).write(to: url)
  }

  @Test func theSourceItselfFits() throws {
    for option in [[], ["--exact-files"], ["--weights-only"]] {
      let outcome = try CommandRunner.run(["verify", "m.fusion", "--source", "ckpt"] + option, in: folder.path)
      #expect(outcome.status == 0 && !outcome.output.contains("note:"), "\(outcome.output)\(outcome.error)")
    }
  }

  @Test(arguments: ["tokenizer_config.json", "generation_config.json", "config.json", "special_tokens_map.json"])
  func aFileWithOtherValuesIsNamed(name: String) throws {
    try edit(name) { $0["a_field_of_this_test"] = 7 }
    for options in [[], ["--exact-files"]] {
      let outcome = try CommandRunner.run(["verify", "m.fusion", "--source", "ckpt"] + options, in: folder.path)
      #expect(outcome.status == 65 && outcome.error.contains(name), "\(outcome.error)")
      #expect(outcome.error.contains("a_field_of_this_test"), "\(outcome.error)")
    }
    #expect(try verify("--weights-only").status == 0)
  }

  @Test(arguments: ["tokenizer.model", "generation_config.json"])
  func aMissingFileIsNamed(name: String) throws {
    try folder.remove("ckpt/\(name)")
    let outcome = try verify()
    #expect(outcome.status == 65 && outcome.error.contains(name), "\(outcome.error)")
    #expect(try verify("--weights-only").status == 0)
  }

  @Test func aFileThatWasAddedIsNamed() throws {
    try folder.write("ckpt/chat_template.jinja", text: "{{ messages }}")
    let outcome = try verify()
    #expect(outcome.status == 65 && outcome.error.contains("chat_template.jinja"), "\(outcome.error)")
  }

  @Test func otherBytesOfTheSameValuesAreTold() throws {
    try edit("config.json") { _ in }
    try folder.write("ckpt/notes.txt", text: "read me")
    let outcome = try verify()
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.output.contains("config.json says the same as the source's in other bytes"), "\(outcome.output)")
    #expect(outcome.output.contains("notes.txt is beside the source"), "\(outcome.output)")
    #expect(try verify("--exact-files").status == 65)
  }

  @Test func theSameWeightsInOtherFilesAreTold() throws {
    let outcome = try verify(source: Fixtures.path(Self.fixture))
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.output.contains("same weights, other files than recorded"), "\(outcome.output)")
    let exact = try verify("--exact-files", source: Fixtures.path(Self.fixture))
    #expect(exact.status == 65 && exact.error.contains("model.safetensors"), "\(exact.error)")
  }

  /// The same tensors in a file of the recorded name whose hash is another one.
  @Test func aHashThatTheFileContradictsIsRefused() throws {
    let path = folder.file("ckpt/model.safetensors")
    var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    let count = bytes[..<8].enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
    // White space at the end of the header says nothing.
    bytes.insert(contentsOf: [UInt8](repeating: 0x20, count: 8), at: 8 + count)
    for index in 0..<8 { bytes[index] = UInt8((count + 8) >> (8 * index) & 0xFF) }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let outcome = try verify()
    #expect(outcome.status == 65 && outcome.error.contains("SHA-256"), "\(outcome.error)")
    #expect(try verify("--weights-only").status == 0)
  }

  @Test func scopesNeedASource() throws {
    for options in [["--weights-only"], ["--exact-files"]] {
      #expect(try CommandRunner.run(["verify", "m.fusion"] + options, in: folder.path).status == 64)
    }
    #expect(try verify("--weights-only", "--exact-files").status == 64)
  }
}
