import Foundation
import FusionCore
import TestSupport
import Testing

@Suite struct AdapterCommandTests {
  private static let base = Fixtures.path("fusion-phi-tiny")
  private static let adapter = Fixtures.path("lora/patterns")

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func anAdapterIsMergedReportedAndProven() throws {
    let folder = try TemporaryFolder()
    let converted = try CommandRunner.run(
      ["convert", Self.base, "m.fusion", "--quant", "keep", "--threads", "2", "--adapter", Self.adapter],
      in: folder.path,
      environment: ["FUSION_ISA": "portable"])
    #expect(converted.status == 0, "\(converted.error)")
    try Snapshot.expect(Snapshot.normalized(converted.output, folder: folder.path), matches: "convert-adapter")
    // The command that is proposed next holds as it stands.
    let words = try #require(converted.output.split(separator: "or   ").last).split(whereSeparator: \.isWhitespace)
    #expect(words.first == "fusion-convert")
    let verified = try CommandRunner.run(words.dropFirst().map(String.init), in: folder.path)
    #expect(verified.status == 0 && verified.output.contains("every weight equal, bit for bit"), "\(verified.error)")
    let without = try CommandRunner.run(["verify", "m.fusion", "--source", Self.base], in: folder.path)
    #expect(without.status == 65)
  }

  @Test func theReportIsPartOfTheDocument() throws {
    let folder = try TemporaryFolder()
    let outcome = try CommandRunner.run(
      ["convert", Self.base, "m.fusion", "--json", "--adapter", Self.adapter], in: folder.path)
    let report = try #require(try object(outcome.output)["adapter"] as? [String: Any])
    let tensors = try #require(report["tensors"] as? [[String: Any]])
    #expect(tensors.count == 6)
    for tensor in tensors {
      #expect(
        Set(tensor.keys) == [
          "name", "rank", "alpha", "scaling", "deltaNorm", "weightNorm", "relativeDelta", "maxDelta",
        ])
    }
    #expect(report["path"] as? String == Self.adapter && (report["replaced"] as? [String])?.isEmpty == true)
  }

  @Test func inspectionShowsMergedTensors() throws {
    let folder = try TemporaryFolder()
    let outcome = try CommandRunner.run(
      ["inspect", Self.base, "--adapter", Self.adapter, "--json"], in: folder.path)
    let tensors = try #require(try object(outcome.output)["tensors"] as? [[String: Any]])
    let merged = tensors.filter { $0["dtype"] as? String == "F32" }.compactMap { $0["name"] as? String }
    #expect(merged.count == 6 && merged.contains("model.layers.0.mlp.down_proj.weight") && tensors.count == 500)
  }

  /// A merged model answers as the container made from it.
  @Test func anAdapterChangesTheAnswer() throws {
    let folder = try TemporaryFolder()
    let options = ["--prompt", "What is this?", "--max-tokens", "6", "--ignore-end", "--json"]
    func tokens(_ arguments: [String]) throws -> [Int] {
      let outcome = try CommandRunner.run(["run"] + arguments + options, in: folder.path)
      return try #require(try object(outcome.output)["tokens"] as? [Int], "\(outcome.error)")
    }
    _ = try CommandRunner.run(
      ["convert", Self.base, "m.fusion", "--quant", "keep", "--adapter", Self.adapter], in: folder.path)
    let merged = try tokens([Self.base, "--adapter", Self.adapter])
    let (ofContainer, ofBase) = (try tokens(["m.fusion"]), try tokens([Self.base]))
    #expect(merged.count == 6 && merged == ofContainer)
    #expect(merged != ofBase)
  }

  @Test(arguments: [
    ["inspect", "m.fusion"], ["run", "m.fusion", "--prompt", "x"],
    ["trace", "m.fusion", "--prompt", "x", "--output", "t.safetensors"],
  ])
  func containersTakeNothingIn(command: [String]) throws {
    let folder = try TemporaryFolder()
    let made = try CommandRunner.run(["convert", Self.base, "m.fusion", "--quant", "int8"], in: folder.path)
    #expect(made.status == 0)
    let outcome = try CommandRunner.run(command + ["--adapter", Self.adapter], in: folder.path)
    #expect(outcome.status == 64 && outcome.error.contains("a container takes nothing more in"), "\(outcome.error)")
    #expect(outcome.error.contains("--adapter"))
  }

  @Test func optionsOfASourceNeedOne() throws {
    let folder = try TemporaryFolder()
    let outcome = try CommandRunner.run(["verify", "m.fusion", "--adapter", Self.adapter], in: folder.path)
    #expect(outcome.status == 64 && outcome.error.contains("need --source"))
  }

  @Test func anotherBaseIsAnErrorThatHelps() throws {
    let folder = try TemporaryFolder()
    let outcome = try CommandRunner.run(
      ["convert", Fixtures.path("fusion-x-llama-tiny"), "m.fusion", "--adapter", Self.adapter], in: folder.path)
    #expect(outcome.status == 65 && outcome.output.isEmpty)
    try Snapshot.expect(Snapshot.normalized(outcome.error, folder: folder.path), matches: "error-adapter-base")
    #expect(try folder.names().isEmpty)
  }
}
