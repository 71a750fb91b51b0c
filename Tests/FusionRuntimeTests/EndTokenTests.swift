import ConversionPipeline
import Foundation
import FusionCore
import TestSupport
import Testing

/// Where an answer ends. The golden answer to the plain text holds `<|end|>`, token 794, as its last but one.
@Suite struct EndTokenTests {
  private static let fixture = "fusion-phi-tiny"

  private func run(_ model: String, _ edit: (inout RunRequest) -> Void = { _ in }) throws -> (
    RunReport, streamed: String
  ) {
    var request = try GoldenCase(Self.fixture, "text_plain").request
    request.stopsAtEndToken = true
    edit(&request)
    var streamed = ""
    let report = try ModelRunner(
      path: model, settings: RunSettings(), execution: try ExecutionOptions.forThisMachine(threads: 2)
    ).run(request, onText: { piece, _ in streamed += piece })
    return (report, streamed)
  }

  /// What generation_config.json says (`nil`: there is none), and how many golden tokens come then.
  @Test(arguments: [
    ("{\"eos_token_id\":[794,788,787]}", 23), ("{\"eos_token_id\":25}", 2), ("{\"eos_token_id\":[7,663]}", 7),
    ("{\"eos_token_id\":[]}", 24), ("{}", 24), (nil, 24),
  ])
  func theModelSaysWhatEndsAnAnswer(configuration: String?, count: Int) throws {
    let folder = try TemporaryFolder()
    try CheckpointCopies.make(of: Self.fixture, at: folder.file("model"))
    try FileManager.default.removeItem(atPath: folder.file("model/generation_config.json"))
    if let configuration { try folder.write("model/generation_config.json", text: configuration) }
    let report = try run(folder.file("model")).0
    #expect(report.tokens == Array(try GoldenCase(Self.fixture, "text_plain").document.generated.ids.prefix(count)))
    #expect(report.turns[0].stop == (count == 24 ? "length" : "endToken"))
  }

  /// config.json of this model names another token than the one that ends its answers; the reference asks no template.
  @Test(arguments: [(25, 2), (794, 23)])
  func withoutThatFileTheConfigurationSaysIt(token: Int, count: Int) throws {
    let folder = try TemporaryFolder()
    try CheckpointCopies.make(of: Self.fixture, at: folder.file("model"))
    try FileManager.default.removeItem(atPath: folder.file("model/generation_config.json"))
    let path = folder.file("model/config.json")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try #require(text.contains("\"eos_token_id\": 787"))
    try folder.write(
      "model/config.json", text: text.replacing("\"eos_token_id\": 787", with: "\"eos_token_id\": \(token)"))
    #expect(try run(folder.file("model")).0.tokens.count == count)
  }

  @Test(arguments: ["{\"eos_token_id\":\"25\"}", "{\"eos_token_id\":1e999}", "not JSON", ""])
  func endTokensInNoKnownFormAreRefused(configuration: String) throws {
    let folder = try TemporaryFolder()
    try CheckpointCopies.make(of: Self.fixture, at: folder.file("model"))
    try folder.write("model/generation_config.json", text: configuration)
    let error = #expect(throws: FusionError.self) { _ = try self.run(folder.file("model")) }
    #expect(error?.code == .malformedEndTokens && error?.file?.hasSuffix("generation_config.json") == true)
  }

  @Test func theEndTokenIsNoText() throws {
    let golden = try GoldenCase(Self.fixture, "text_plain").document.generated.text
    let (report, streamed) = try run(Fixtures.path(Self.fixture))
    #expect(report.tokens.last == 794)
    #expect(!report.text.contains("<|end|>") && golden.hasPrefix(report.text) && report.text.count > 20)
    #expect(streamed == report.text)
  }

  /// The golden answer of the other family holds `<|end_header_id|>`, token 894, which decoding for people leaves out. The
  /// next prompt has it once more than the headers of a question and its answer.
  @Test func specialTokensOfAnAnswerGoBackToo() throws {
    let golden = try GoldenCase("fusion-x-llama-tiny", "text_plain")
    var request = golden.request
    request.questions.append("And then?")
    let report = try ModelRunner(
      path: Fixtures.path("fusion-x-llama-tiny"), settings: RunSettings(),
      execution: try ExecutionOptions.forThisMachine(threads: 2)
    ).run(request)
    #expect(report.turns[0].tokens == golden.document.generated.ids && report.turns[0].tokens.contains(894))
    let prompt = try #require(report.turns.last?.promptIds)
    #expect(prompt[report.turns[0].promptIds.count...].count { $0 == 894 } == 3)
    #expect(!report.turns[0].text.contains("<|end_header_id|>"))
  }

  @Test func anAnswerGoesBackWithItsEndTokenWhichDoubles() throws {
    let report = try run(Fixtures.path(Self.fixture)) { $0.questions.append("And then?") }.0
    let prompt = try #require(report.turns.last?.promptIds)
    let firstLength = report.turns[0].promptIds.count
    let rest = prompt[firstLength...]
    let ends = rest.indices.filter { prompt[$0] == 794 }
    #expect(ends.count == 3 && ends[1] == ends[0] + 1)
  }
}
