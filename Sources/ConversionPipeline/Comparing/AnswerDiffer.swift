import AccuracyMetrics
import AccuracyReports
import Foundation
import FusionCore
import FusionRuntime
import QuestionSets

/// Asks both models the questions, and compares what they say.
struct AnswerDiffer {
  let samples: [ComparisonSample]
  /// For each sample whether a model, fed the right answer, would have chosen every token of it.
  let choosesAnswer: [(reference: Bool, candidate: Bool)]
  let options: ComparisonOptions
  let execution: ExecutionOptions

  /// Share of the memory limit that weights may take: the rest is for activations.
  private static let weightShare = 0.6
  /// Changed answers that a report lists.
  private static let listedLimit = 200
  /// Bytes of a picture that a report carries at most.
  private static let imageByteLimit = 400_000

  /// The answers to the questions that have one.
  ///
  /// - Parameter sides: get load time, speeds and memory.
  /// - Returns: `nil` if no sample is a question.
  func compare(
    _ sides: inout (reference: ModelSide, candidate: ModelSide), _ reference: ComparedModel, _ candidate: ComparedModel,
    progress: ProgressHandler?
  ) throws -> AnswerComparison? {
    let asked = samples.indices.filter { samples[$0].question.isScored }
    guard !asked.isEmpty else { return nil }
    let first = try answers(
      asked,
      Side(
        model: reference, parts: options.referenceParts, precision: .float32, keyValuePrecision: .float32,
        name: "reference"),
      chooses: choosesAnswer.map(\.reference), &sides.reference, progress)
    let second = try answers(
      asked,
      Side(
        model: candidate, parts: options.candidateParts, precision: options.candidatePrecision,
        keyValuePrecision: options.candidateKeyValuePrecision, name: "candidate"),
      chooses: choosesAnswer.map(\.candidate), &sides.candidate, progress)
    return try comparison(asked, first, second)
  }

  /// A model as it is asked.
  private struct Side {
    let model: ComparedModel
    let parts: CheckpointOptions
    let precision: ActivationPrecision
    let keyValuePrecision: KeyValuePrecision
    let name: String
  }

  /// One model's answers. A model that, fed the right answer, chooses each of its tokens gives this answer by itself,
  /// so it is not asked again: only the first question is, to measure the speed.
  private func answers(
    _ asked: [Int], _ side: Side, chooses: [Bool], _ figures: inout ModelSide, _ progress: ProgressHandler?
  ) throws -> [Int: String] {
    var result: [Int: String] = [:]
    for index in asked where chooses[index] { result[index] = samples[index].question.answers.first ?? "" }
    let open = asked.filter { result[$0] == nil || $0 == asked.first }
    var speed = AnswerSpeed()
    var settings = RunSettings()
    settings.precision = side.precision
    settings.keyValuePrecision = side.keyValuePrecision
    let limit = Double(options.memoryLimit) * Self.weightShare
    settings.residency = Double(side.model.residentByteCount) <= limit ? .resident : .streamed
    let runner = try ModelRunner(
      path: side.model.runner.model.path, options: side.parts, settings: settings, execution: execution)
    for (number, index) in open.enumerated() {
      do {
        let request = options.request(samples[index], answerTokenLimit: options.answerTokenLimit)
        let report = try runner.run(request)
        result[index] = report.text
        speed.add(report, hasPicture: request.picture != nil)
      } catch let error as FusionError where error.code == .nonfiniteActivation {
        result[index] = "(no answer: the computation gives numbers that are not finite)"
      }
      progress?(ProgressUpdate(step: "\(side.name) answers", done: number + 1, total: open.count, unit: .layers))
    }
    speed.fill(&figures, loadSeconds: runner.loadSeconds)
    return result
  }

  private func comparison(
    _ asked: [Int], _ reference: [Int: String], _ candidate: [Int: String]
  ) throws -> AnswerComparison {
    let questions = asked.map { samples[$0].question }
    let scores = (
      reference: Evaluator.scores(questions, answers: asked.map { reference[$0] ?? "" }),
      candidate: Evaluator.scores(questions, answers: asked.map { candidate[$0] ?? "" })
    )
    var changed: [ChangedAnswer] = []
    var counts = (changed: 0, reference: 0, candidate: 0)
    for index in asked {
      let question = samples[index].question
      let (x, y) = (reference[index] ?? "", candidate[index] ?? "")
      let right = (reference: isRight(question, x), candidate: isRight(question, y))
      if right.reference && !right.candidate { counts.reference += 1 }
      if right.candidate && !right.reference { counts.candidate += 1 }
      guard x != y else { continue }
      counts.changed += 1
      guard changed.count < Self.listedLimit else { continue }
      changed.append(
        ChangedAnswer(
          id: question.identifier, category: question.category, question: question.text,
          rightAnswer: question.answers.first, referenceAnswer: x, candidateAnswer: y,
          correct: right.reference ? (right.candidate ? .both : .reference) : right.candidate ? .candidate : .neither,
          image: samples[index].picture.flatMap(image)))
    }
    return AnswerComparison(
      questionCount: asked.count, changedCount: counts.changed,
      referenceAccuracy: ReportedEstimate(scores.reference.overall),
      candidateAccuracy: ReportedEstimate(scores.candidate.overall),
      categories: zip(scores.reference.categories, scores.candidate.categories).compactMap(CategoryAccuracy.init),
      pairedTest: PairedTest(
        referenceOnlyCount: counts.reference, candidateOnlyCount: counts.candidate,
        pValue: McNemarTest(b: counts.reference, c: counts.candidate).pValue),
      changed: changed)
  }

  private func isRight(_ question: Question, _ answer: String) -> Bool {
    AnswerJudge.judge(question, answer: answer)?.isRight ?? false
  }

  /// A picture for the report, if it is not too large for one.
  private func image(_ picture: PictureInput) -> AnswerImage? {
    let bytes: [UInt8]
    switch picture {
    case .file(let path):
      guard let read = try? SideFile.read(path, limit: Self.imageByteLimit) else { return nil }
      bytes = read
    case .encoded(let encoded, _):
      guard encoded.count <= Self.imageByteLimit else { return nil }
      bytes = encoded
    }
    let isPNG = bytes.starts(with: [0x89, 0x50, 0x4E, 0x47])
    return AnswerImage(
      name: picture.name.split(separator: "/").last.map(String.init) ?? picture.name, mediaType: isPNG ? .png : .jpeg,
      bytes: Data(bytes))
  }
}

extension ReportedEstimate {
  /// The accuracy of a category; `nil` if nothing in it is judged.
  init?(_ score: CategoryScore) {
    guard let accuracy = score.accuracy else { return nil }
    self.init(value: accuracy, low: score.lower, high: score.upper, level: ConfidenceInterval.level)
  }
}

extension CategoryAccuracy {
  /// The same category of both models; `nil` if nothing in it is judged.
  init?(_ reference: CategoryScore, _ candidate: CategoryScore) {
    guard let first = ReportedEstimate(reference), let second = ReportedEstimate(candidate) else { return nil }
    self.init(
      category: reference.name, questionCount: reference.scoredCount, reference: first, candidate: second,
      majorityGuess: reference.baseline)
  }
}
