import Foundation
import FusionCore
import TestSupport
import Testing

/// What a user gets wrong with `run`: exit status, message, and nothing printed as an answer.
///
/// One after the other: every run takes all cores, and other tests measure what processes cost.
@Suite(.serialized) struct RunRefusalTests {
  @Test(arguments: RunRefusal.all)
  func isRefusedByName(_ refusal: RunRefusal) throws {
    let folder = try TemporaryFolder()
    let arguments = ["run"] + (try refusal.make(folder))
    let before = try folder.names()
    let outcome = try CommandRunner.run(arguments, in: folder.path)
    #expect(outcome.status == refusal.status && outcome.output.isEmpty, "\(outcome.error)")
    var rest = outcome.error[...]
    for words in refusal.words {
      let range = rest.range(of: words)
      #expect(range != nil, "no \(words) in \(outcome.error)")
      rest = rest[(range?.upperBound ?? rest.startIndex)...]
    }
    #expect(try folder.names() == before)

    let json = try CommandRunner.run(arguments + ["--json"], in: folder.path)
    let document = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    #expect(json.status == refusal.status && document?["code"] as? String == refusal.code)
  }

  /// 60000 x 60000 pixels would be 10.8 GB; the header alone is reason enough.
  @Test func aHugePictureTakesNoMemory() throws {
    let folder = try TemporaryFolder()
    try folder.write("huge.png", PNGHeader.bytes(width: 60_000, height: 60_000))
    let arguments = ["run", Fixtures.path("fusion-phi-tiny"), "--prompt", "Hello", "--image", "huge.png"]
    let outcome = try CommandRunner.measure(arguments, in: folder.path)
    #expect(outcome.status == 65 && outcome.peakResidentByteCount < 256 << 20, "\(outcome.error)")
  }

  @Test func unknownValuesAreUsageErrors() throws {
    let folder = try TemporaryFolder()
    let source = Fixtures.path("fusion-phi-tiny")
    for (arguments, words) in [
      ([source], "--prompt"), ([source, "--prompt", "a", "--tokenizer", "medium"], "medium"),
      ([source, "--prompt", "a", "--activations", "int4"], "int4"),
      ([source, "--prompt", "a", "--template", "vicuna"], "vicuna"),
      ([source, "--prompt", "a", "--temperature", "-1"], "temperature"),
      ([source, "--prompt", "a", "--seed", "-1"], "seed"),
    ] {
      let outcome = try CommandRunner.run(["run"] + arguments, in: folder.path)
      #expect(outcome.status == 64 && outcome.output.isEmpty, "\(arguments): \(outcome.status)")
      #expect(outcome.error.contains(words), "\(arguments): \(outcome.error)")
    }
  }
}
