import FusionCore
import QuestionSets
import WeightGraph

/// Asks a model the questions of a file and judges its answers.
public struct ModelEvaluation {
  private let options: EvaluationOptions
  private let data: EvaluationData
  private let indices: [Int]

  /// Reads and checks the questions and the pictures' paths; no model is needed for that.
  ///
  /// - Throws: what is wrong with the options, the question file or a picture's path.
  public init(_ options: EvaluationOptions) throws {
    try options.check()
    self.options = options
    data = try EvaluationData(options)
    let shard = options.shard
    indices = data.questions.indices.filter(shard.contains)
  }

  /// Questions of this part.
  public var questionCount: Int { indices.count }

  /// Asks and judges, one question after the other with the same model, each in a conversation of its own.
  ///
  /// - Parameters:
  ///   - model: a checkpoint folder or a container.
  ///   - checkpoint: what a checkpoint is put together with.
  ///   - progress: told how many of the questions that are left have been answered.
  /// - Throws: what is wrong with the model, the output or a picture; answers given until then are in the output.
  public func run(
    model: String, checkpoint: CheckpointOptions = CheckpointOptions(), execution: ExecutionOptions,
    progress: ProgressHandler? = nil
  ) throws -> EvaluationReport {
    try data.checkPictures(indices.map { data.questions[$0] })
    let runnable = try RunnableModel(path: model, options: checkpoint)
    let header = ResultsHeader(
      options, data, family: runnable.configuration.family.rawValue,
      fingerprint: try ModelFingerprint.of(model, options: checkpoint))
    let output = try options.outputPath.map {
      try ResultsFile($0, header: header, data.questions, shard: options.shard, resumes: options.resumes)
    }
    var lines = output?.earlier ?? []
    let left = indices.dropFirst(lines.count)
    if !left.isEmpty {
      let runner = try ModelRunner(
        path: model, options: checkpoint, settings: options.settings, execution: execution, progress: progress)
      for (done, index) in left.enumerated() {
        progress?(ProgressUpdate(step: "answering", done: done, total: left.count, unit: .questions))
        let line = try answer(index, runner)
        try output?.append(line)
        lines.append(line)
      }
      progress?(ProgressUpdate(step: "answering", done: left.count, total: left.count, unit: .questions))
    }
    try output?.finish()
    return EvaluationReport(header, data.questions, lines)
  }

  /// Puts the results of all parts together, to the bytes and the report that one run would have given.
  ///
  /// - Parameter paths: results of each part once, in any order.
  /// - Throws: `.evaluationOtherRun`, `.evaluationIncomplete`, `.evaluationResults`; what is wrong with the output.
  public func merge(_ paths: [String]) throws -> EvaluationReport {
    let merger = try ResultsMerger(paths, options, data)
    if let path = options.outputPath { try merger.write(path) }
    return EvaluationReport(merger.header, data.questions, merger.lines)
  }

  private func answer(_ index: Int, _ runner: ModelRunner) throws -> ResultsLine {
    let question = data.questions[index]
    let report = try runner.run(try data.request(question, options))
    return ResultsLine(
      index: index, question, answer: report.text, tokenCount: report.tokens.count,
      stop: report.turns.last?.stop ?? "length")
  }
}
