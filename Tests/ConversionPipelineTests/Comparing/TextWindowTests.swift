import AccuracyReports
import ConversionPipeline
import Foundation
import FusionCore
import TestSupport
import Testing
import TextTokenizer

/// Comparisons on windows of plain text.
@Suite struct TextWindowTests {
  private static let text = (0..<100).map { "Line \($0) says that the number is \($0 * 7)." }.joined(separator: "\n")

  /// A comparison on a text of so many tokens a window.
  private func report(
    _ reference: String, _ candidate: String, text: String, length: Int,
    _ change: (inout ComparisonOptions) -> Void = { _ in }
  ) throws -> DiffReport {
    try Comparison.report(reference, candidate) {
      $0.textPath = text
      $0.contextLength = length
      $0.asksQuestions = true
      change(&$0)
    }
  }

  private func expect(
    _ report: DiffReport, measures reference: String, _ candidate: String, length: Int, count: Int
  ) throws {
    let tokens = try PlainText.tokens(Self.text, reference)
    let expected = try PlainText.measures(
      tokens, length: length, count: count, reference: reference, candidate: candidate)
    let outputs = try #require(report.outputs.text)
    let positionCount = count * (length - 1)
    #expect(outputs.sampleCount == count && outputs.positionCount == positionCount)
    #expect(expected.divergences.count == positionCount)
    let mean = expected.divergences.reduce(0, +) / Double(positionCount)
    #expect(mean > 1e-4 && abs(outputs.divergence.mean.value - mean) < 1e-6 * mean, "\(mean)")
    let maximum = try #require(expected.divergences.max())
    #expect(abs(outputs.divergence.maximum - maximum) < 1e-6 * maximum)
    #expect(abs(outputs.top1Agreement.value * Double(positionCount) - Double(expected.agreementCount)) < 1e-6)
    let perplexities = [outputs.referencePerplexity, outputs.candidatePerplexity]
    for (found, loss) in zip(perplexities, [expected.losses.reference, expected.losses.candidate]) {
      let perplexity = exp(loss / Double(positionCount))
      #expect(abs(try #require(found) - perplexity) < 1e-6 * perplexity)
    }
  }

  /// More positions than logits are kept of at once, and a tokenizer that would put a token before a text.
  @Test(arguments: Pipeline.fixtures)
  func measuresAreThoseOfOnePassOverEachWindow(fixture: String) throws {
    let folder = try TemporaryFolder()
    let source = Fixtures.path(fixture)
    let candidate = folder.file("m.fusion")
    try Pipeline.convert(source, to: candidate, try Pipeline.recipe("int4"))
    let text = try folder.write("text.txt", text: Self.text)
    let report = try report(source, candidate, text: text, length: 150) { $0.windowLimit = 3 }
    try expect(report, measures: source, candidate, length: 150, count: 3)
    #expect(report.outputs.image == nil && report.answers == nil && report.mapping == nil)
    #expect(report.activations.allSatisfy { $0.part == .language })
    #expect(
      report.data
        == DataSummary(
          source: text, imageSampleCount: 0, textSampleCount: 3, windowLength: 150, positionCount: 447))
    // So little memory that each window goes alone.
    let single = try self.report(source, candidate, text: text, length: 150) {
      $0.windowLimit = 3
      $0.memoryLimit = 1
    }
    #expect(single.outputs == report.outputs && single.activations == report.activations)
  }

  @Test(arguments: ["tiny-phi", "tiny-llama"])
  func languageModelsReadTextToo(preset: String) throws {
    let folder = try TemporaryFolder()
    let source = folder.file(preset)
    _ = try CheckpointSynthesizer(
      preset: try SynthesisPreset.named(preset), dtype: .bf16, format: .safetensors, seed: 1,
      shardByteCount: CheckpointSynthesizer.standardShardByteCount, execution: try Pipeline.execution()
    ).write(to: source, replacing: false)
    let candidate = folder.file("m.fusion")
    try Pipeline.convert(source, to: candidate, try Pipeline.recipe("int4"))
    let text = try folder.write("text.txt", text: Self.text)
    let report = try report(source, candidate, text: text, length: 40) { $0.windowLimit = 2 }
    try expect(report, measures: source, candidate, length: 40, count: 2)
  }

  /// The rest that does not fill a window is dropped, and so is what comes after the last window.
  @Test func windowsAreCutFromTheWholeText() throws {
    let folder = try TemporaryFolder()
    let source = Fixtures.path("fusion-x-llama-tiny")
    let text = try folder.write("text.txt", [0xEF, 0xBB, 0xBF] + Array(Self.text.utf8))
    let tokens = try PlainText.tokens(Self.text, source)
    #expect(try PlainText.tokens(Self.text, source, begins: true).count == tokens.count + 1)
    func data(length: Int?, limit: Int = 1_000) throws -> DataSummary {
      try report(source, source, text: text, length: 2) {
        $0.contextLength = length
        $0.windowLimit = limit
      }.data
    }
    for length in [64, 65, tokens.count / 2, tokens.count - 1, tokens.count] {
      let data = try data(length: length)
      #expect(data.textSampleCount == tokens.count / length && data.windowLength == length)
      #expect(data.positionCount == tokens.count / length * (length - 1))
    }
    #expect(try data(length: 64, limit: 2).positionCount == 126)
    #expect(tokens.count >= 1_024)
    let standard = try data(length: nil)
    #expect(standard.windowLength == 512 && standard.textSampleCount == tokens.count / 512)
  }

  /// Tokens of 28 bytes each: what is read of the file at first does not hold all windows.
  @Test func longTokensFillAllWindows() throws {
    let folder = try TemporaryFolder()
    let source = Fixtures.path("fusion-x-llama-tiny")
    let token = "<|reserved_special_token_0|>"
    let text = try folder.write("text.txt", text: String(repeating: token, count: 3_000))
    #expect(try PlainText.tokens(token + token, source).count == 2)
    let report = try report(source, source, text: text, length: 64) { $0.windowLimit = 40 }
    #expect(report.data.textSampleCount == 40)
  }

  @Test func sensitivityIsMeasuredOnWindows() throws {
    let folder = try TemporaryFolder()
    let source = Fixtures.path("fusion-phi-tiny")
    let recipe = try Pipeline.recipe("keep", tensorTypes: ["language.layers.3.*=int4"])
    try Pipeline.convert(source, to: folder.file("m"), recipe)
    let text = try folder.write("text.txt", text: Self.text)
    // One window of as many positions as a ranking looks at, so that both measure the same.
    let report = try report(source, folder.file("m"), text: text, length: 65) {
      $0.windowLimit = 1
      $0.sensitivity = .layers
    }
    let entry = try #require(report.sensitivity?.entries.first)
    let mean = try #require(report.outputs.text).divergence.mean.value
    #expect(entry.name == "language.layers.3" && abs(entry.divergence - mean) < 1e-9 * mean)
  }

  @Test func unusableTextIsRefused() throws {
    let folder = try TemporaryFolder()
    let source = Fixtures.path("fusion-phi-tiny")
    let whole = try folder.write("text.txt", text: Self.text)
    func refusal(_ text: String, _ change: (inout ComparisonOptions) -> Void = { _ in }) -> FusionError? {
      Pipeline.refusal { try report(source, source, text: text, length: 64, change) }
    }
    let short = refusal(try folder.write("short.txt", text: "Some words."))
    #expect(short?.code == .noSamples && short?.file == folder.file("short.txt"))
    #expect(short?.expected == "at least 64 tokens")
    let latin = refusal(try folder.write("latin", Array("one\ntwo ".utf8) + [0xE9, 0x0A]))
    #expect(latin?.code == .textEncoding && latin?.place == "line 2")
    #expect(refusal(folder.file("absent.txt"))?.code.category == .missingInput)
    #expect(refusal(whole) { $0.windowLimit = 0 }?.place == "chunks")
    for length in [-1, 1, 1_000_000] {
      let error = refusal(whole) { $0.contextLength = length }
      #expect(error?.code == .comparisonOption && error?.place == "context")
    }
  }

  /// A context of one token leaves none after which another one could come.
  @Test(arguments: [TextWindows.Purpose.calibration, .comparison], [0, 1])
  func aContextWithoutRoomIsRefused(purpose: TextWindows.Purpose, longest: Int) throws {
    let folder = try TemporaryFolder()
    let text = try folder.write("text.txt", text: Self.text)
    let files = TokenizerFiles(origin: "fixture") { name in
      FileManager.default.contents(atPath: Fixtures.path("fusion-x-llama-tiny/\(name)")).map(Array.init)
    }
    let tokenizer = try TextTokenizer(files: files)
    let error = Pipeline.refusal {
      try TextWindows(text, length: nil, limit: 4, for: purpose, tokenizer, longest: longest).windows()
    }
    #expect(error?.place == "max_position_embeddings" && error?.found == "\(longest)", "\(String(describing: error))")
    #expect(error?.code.category == .usage)
    let shortest = TextWindows(text, length: nil, limit: 4, for: purpose, tokenizer, longest: 2)
    #expect(try shortest.windows().map(\.count) == [2, 2, 2, 2])
  }
}
