import Foundation
import TestSupport
import Testing

/// A container whose weights are unquantized is a source of `convert`; a quantized one is named.
@Suite struct ContainerAsSourceTests {
  @Test(arguments: ["fusion-phi-tiny", "fusion-x-llama-tiny"], ["zstd", "none"])
  func theResultIsThatOfTheCheckpoint(fixture: String, compression: String) throws {
    let folder = try TemporaryFolder()
    let source = Fixtures.path(fixture)
    for words in [
      [source, "keep.fusion", "--quant", "keep", "--compression", compression], [source, "direct.fusion"],
      ["keep.fusion", "through.fusion", "--threads", "2"], ["keep.fusion", "again.fusion", "--quant", "keep"],
      ["verify", "through.fusion", "--source", "keep.fusion"],
      ["verify", "through.fusion", "--source", source], ["verify", "direct.fusion", "--source", "keep.fusion"],
      ["verify", "again.fusion", "--source", source], ["export", "direct.fusion", "a"],
      ["export", "through.fusion", "b"],
    ] {
      let outcome = try CommandRunner.run(words, in: folder.path)
      #expect(outcome.status == 0, "\(words): \(outcome.error)")
    }
    let weights = try ["a", "b"].map { try RawSafetensors.folder(folder.file($0)).mapValues(\.bytes) }
    #expect(weights[0] == weights[1] && !weights[0].isEmpty)
  }

  @Test func aQuantizedOneIsNamed() throws {
    let folder = try TemporaryFolder()
    #expect(try CommandRunner.run([Fixtures.path("fusion-phi-tiny"), "q.fusion"], in: folder.path).status == 0)
    let outcome = try CommandRunner.run(["q.fusion", "x.fusion", "--quant", "int8"], in: folder.path)
    #expect(outcome.status == 65, "\(outcome.error)")
    for word in [".fusion container", "quantized already as", "int4-cs-g32", "export q.fusion"] {
      #expect(outcome.error.contains(word), "\(word): \(outcome.error)")
    }
    #expect(try folder.names() == ["q.fusion"])
  }

  @Test func optionsOfACheckpointAreRefused() throws {
    let folder = try TemporaryFolder()
    let source = Fixtures.path("fusion-phi-tiny")
    #expect(try CommandRunner.run([source, "k.fusion", "--quant", "keep"], in: folder.path).status == 0)
    let adapter = Fixtures.path("lora/patterns")
    #expect(try CommandRunner.run(["k.fusion", "x.fusion", "--adapter", adapter], in: folder.path).status == 64)
  }
}
