import AccuracyReports
import ConversionPipeline
import Foundation
import FusionCore
import TestSupport
import Testing

/// The demo model against what PyTorch computes for it (tools/nano/make_fixture.py).
@Suite struct NanoTests {
  private static let model = "\(Fixtures.repository)/models/fusion-nano"

  /// Measures of PyTorch over all positions.
  private struct Measures: Decodable {
    struct Perplexity: Decodable {
      let reference: Double
      let candidate: Double
    }

    let positions: Int
    let kldMean: Double
    let kldMax: Double
    let top1Agreement: Double
    let top5Overlap: Double
    let rightTokenProbabilityChangeMean: Double
    let perplexity: Perplexity
    let perplexityRatio: Double
  }

  private struct Comparisons: Decodable {
    let summary: [String: Measures]
  }

  private struct Answers: Decodable {
    struct Answer: Decodable {
      let questionId: String
      let inputIds: [Int]
      let generatedIds: [Int]
    }

    let questions: [Answer]
  }

  private struct Asked: Decodable {
    let questionId: String
    let image: String
    let text: String
  }

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
  }

  private static func decode<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
    try decoder.decode(type, from: Data(contentsOf: URL(fileURLWithPath: Fixtures.path("nano/\(name)"))))
  }

  /// The bound is that of the float32 sums before the logits; the measures themselves are float64 on both sides.
  private static let tolerance = 1e-5

  @Test(arguments: ["float32", "float64"])
  func measuresAreThoseOfPyTorch(precision: String) throws {
    let expected = try #require(try Self.decode(Comparisons.self, "candidate-int4.json").summary[precision])
    let folder = try TemporaryFolder()
    var recipe = try Pipeline.recipe("int4")
    recipe.method = .search
    try Pipeline.convert(Self.model, to: folder.file("m"), recipe)
    let report = try Comparison.report(Self.model, folder.file("m")) {
      $0.dataPath = Fixtures.path("nano/questions.jsonl")
      $0.imageSampleLimit = 100
    }
    let found = try #require(report.outputs.all)
    #expect(found.positionCount == expected.positions)
    func isClose(_ a: Double?, _ b: Double) -> Bool {
      a.map { abs($0 - b) <= Self.tolerance * max(1, abs(b)) } ?? false
    }
    #expect(isClose(found.divergence.mean.value, expected.kldMean))
    #expect(isClose(found.divergence.maximum, expected.kldMax))
    #expect(isClose(found.top1Agreement.value, expected.top1Agreement))
    #expect(isClose(found.top5Agreement?.value, expected.top5Overlap))
    #expect(isClose(found.rightTokenChange?.value, expected.rightTokenProbabilityChangeMean))
    #expect(isClose(found.referencePerplexity, expected.perplexity.reference))
    #expect(isClose(found.candidatePerplexity, expected.perplexity.candidate))
    #expect(isClose(found.perplexityRatio?.value, expected.perplexityRatio))
    #expect(expected.kldMean > 1e-4, "a candidate that differs")
  }

  @Test func answersAreThoseOfPyTorch() throws {
    let runner = try ModelRunner(path: Self.model, settings: RunSettings(), execution: try Pipeline.execution())
    let answers = try Self.decode(Answers.self, "answers.json").questions
    let lines = try String(contentsOfFile: Fixtures.path("nano/questions.jsonl"), encoding: .utf8)
    let asked = try lines.split(separator: "\n").map { try Self.decoder.decode(Asked.self, from: Data($0.utf8)) }
    #expect(asked.map(\.questionId) == answers.map(\.questionId) && answers.count > 20)
    for (question, answer) in zip(asked, answers) {
      var request = RunRequest(questions: [question.text])
      request.imagePath = Fixtures.path("nano/\(question.image)")
      request.maximumTokenCount = answer.generatedIds.count
      let report = try runner.run(request)
      #expect(report.turns.first?.promptIds == answer.inputIds, "\(question.questionId)")
      #expect(report.tokens == answer.generatedIds, "\(question.questionId)")
    }
  }

  /// The figures of models/fusion-nano/README.md are of another seed and of more questions.
  @Test func newQuestionsAreAnswered() throws {
    let folder = try TemporaryFolder()
    _ = try QuestionSynthesizer(questionCount: 300, seed: 20_260_733, execution: try Pipeline.execution())
      .write(to: folder.file("drawn"), replacing: false)
    let options = EvaluationOptions(dataPath: folder.file("drawn/questions.jsonl"))
    let report = try ModelEvaluation(options).run(model: Self.model, execution: try Pipeline.execution())
    #expect(try #require(report.overall.accuracy) >= 0.88)
    #expect(report.categories.count == 7)
    for category in report.categories {
      let (accuracy, guess) = (try #require(category.accuracy), try #require(category.baseline))
      #expect(accuracy >= guess + 0.2, "\(category.name): \(accuracy), best blind guess \(guess)")
    }
  }
}
