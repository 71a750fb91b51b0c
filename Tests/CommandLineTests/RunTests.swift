import Foundation
import TestSupport
import Testing

/// `run` prints the reference's words, however the weights are held.
///
/// One after the other: every run takes all cores, and other tests measure what processes cost.
@Suite(.serialized) struct RunTests {
  /// The model of a fixture in one of the forms that can be run.
  enum Form: String, Sendable, CaseIterable {
    case checkpoint, streamedCheckpoint, container, streamedContainer

    var options: [String] { rawValue.hasPrefix("streamed") ? ["--stream-weights"] : [] }

    func model(_ fixture: String, _ folder: TemporaryFolder) throws -> String {
      guard rawValue.lowercased().hasSuffix("container") else { return Fixtures.path(fixture) }
      let convert = try CommandRunner.run(
        [Fixtures.path(fixture), "model.fusion", "--quant", "keep"], in: folder.path)
      #expect(convert.status == 0, "\(convert.error)")
      return "model.fusion"
    }
  }

  @Test(arguments: GoldenAnswer.fixtures, Form.allCases)
  func theAnswerIsTheReferences(fixture: String, form: Form) throws {
    let folder = try TemporaryFolder()
    let model = try form.model(fixture, folder)
    for name in ["case1", "case2"] {
      let golden = try GoldenAnswer.load(fixture, name)
      let outcome = try CommandRunner.run(["run", model] + golden.options + form.options, in: folder.path)
      #expect(outcome.status == 0 && outcome.output == golden.generated.text + "\n", "\(name): \(outcome.error)")
    }
  }

  /// The recorded text of these ids was decoded by the slow tokenizer, so only the ids are compared.
  @Test(arguments: ["case1", "case2"])
  func theOtherTokenizerGivesItsOwnAnswer(name: String) throws {
    let folder = try TemporaryFolder()
    let golden = try GoldenAnswer.load("fusion-phi-tiny", name)
    let other = try #require(golden.withFastTokenizer).generated
    #expect(other.ids != golden.generated.ids)
    for (choice, expected) in [("fast", other.ids), ("slow", golden.generated.ids)] {
      let outcome = try CommandRunner.run(
        ["run", Fixtures.path("fusion-phi-tiny"), "--tokenizer", choice, "--json"] + golden.options, in: folder.path)
      #expect(outcome.status == 0, "\(choice): \(outcome.error)")
      let report = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
      #expect(report?["tokens"] as? [Int] == expected, "\(choice)")
      #expect((report?["tokenizer"] as? String)?.contains("\(choice) tokenizer") == true)
    }
  }

  @Test(arguments: GoldenAnswer.fixtures, ["text_plain", "text_zero_image"])
  func textAloneIsTheReferences(fixture: String, name: String) throws {
    let folder = try TemporaryFolder()
    let golden = try GoldenAnswer.load(fixture, name)
    let blank = name == "text_zero_image" ? ["--blank-image"] : []
    let outcome = try CommandRunner.run(
      ["run", Fixtures.path(fixture), "--json", "--ignore-end"] + golden.options + blank,
      in: folder.path)
    #expect(outcome.status == 0, "\(outcome.error)")
    let report = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
    #expect(report?["tokens"] as? [Int] == golden.generated.ids)
  }

  @Test func oneSeedIsOneAnswer() throws {
    let folder = try TemporaryFolder()
    func answer(_ options: String...) throws -> String {
      let outcome = try CommandRunner.run(
        ["run", Fixtures.path("fusion-phi-tiny"), "--prompt", "Hello", "--max-tokens", "16", "--ignore-end"] + options,
        in: folder.path)
      #expect(outcome.status == 0, "\(outcome.error)")
      return outcome.output
    }
    let sampling = ["--temperature", "1.5", "--top-p", "0.95"]
    let first = try answer(sampling[0], sampling[1], sampling[2], sampling[3], "--seed", "7")
    let again = try answer(sampling[0], sampling[1], sampling[2], sampling[3], "--seed", "7", "--threads", "1")
    let other = try answer(sampling[0], sampling[1], sampling[2], sampling[3], "--seed", "8")
    #expect(first == again && first != other)
    #expect(try answer() != first)
  }

  @Test func integerActivationsAnswerToo() throws {
    let folder = try TemporaryFolder()
    let convert = try CommandRunner.run([Fixtures.path("fusion-phi-tiny"), "model.fusion"], in: folder.path)
    #expect(convert.status == 0, "\(convert.error)")
    let golden = try GoldenAnswer.load("fusion-phi-tiny", "case1")
    var answers: [[Int]] = []
    for threads in ["1", "2"] {
      let outcome = try CommandRunner.run(
        ["run", "model.fusion", "--activations", "int8", "--json", "--threads", threads, "--ignore-end"]
          + golden.options, in: folder.path)
      let report = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
      #expect(outcome.status == 0 && report?["activations"] as? String == "int8", "\(outcome.error)")
      answers.append(report?["tokens"] as? [Int] ?? [])
    }
    #expect(answers[0].count == 24 && answers[0] == answers[1])
  }

  @Test func fewerImageTokensMakeAShorterPrompt() throws {
    let folder = try TemporaryFolder()
    let golden = try GoldenAnswer.load("fusion-phi-tiny", "case1")
    let outcome = try CommandRunner.run(
      ["run", Fixtures.path("fusion-phi-tiny"), "--image-tokens", "144", "--json"] + golden.options,
      in: folder.path)
    let report = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
    #expect(outcome.status == 0 && report?["imageTokens"] as? Int == 144, "\(outcome.error)")
    let full = try #require(golden.seqLen), patches = try #require(golden.numPatches)
    #expect(report?["promptTokens"] as? Int == full - patches + 144)
  }
}
