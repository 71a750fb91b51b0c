import ConversionPipeline
import Foundation
import FusionCore
import FusionRuntime
import TextTokenizer
import WeightGraph

/// Two models on plain text, the long way: one window after the other, all logits at once, float64.
struct PlainText {
  /// What is measured at the positions of all windows together.
  struct Measures {
    var divergences: [Double] = []
    var agreementCount = 0
    var losses: (reference: Double, candidate: Double) = (0, 0)
  }

  /// The tokens of a text as the tokenizer of a model gives them, no other ones among them.
  static func tokens(_ text: String, _ model: String, begins: Bool = false) throws -> [Int] {
    let files = TokenizerFiles(origin: model, read: try RunnableModel(path: model).file)
    return try TextTokenizer(files: files).encode(text, addingSpecialTokens: begins)
  }

  /// Measures the first windows of some tokens.
  static func measures(
    _ tokens: [Int], length: Int, count: Int, reference: String, candidate: String
  ) throws -> Measures {
    let models = try [reference, candidate].map(model)
    var measures = Measures()
    for window in 0..<count {
      let ids = Array(tokens[(window * length)..<((window + 1) * length)])
      let logits = try models.map { try rows($0, ids) }
      for (position, next) in ids.dropFirst().enumerated() {
        let (p, q) = (logProbabilities(logits[0][position]), logProbabilities(logits[1][position]))
        measures.divergences.append(zip(p, q).reduce(0) { $0 + exp($1.0) * ($1.0 - $1.1) })
        if p.firstIndex(of: p.max() ?? 0) == q.firstIndex(of: q.max() ?? 0) { measures.agreementCount += 1 }
        measures.losses.reference -= p[next]
        measures.losses.candidate -= q[next]
      }
    }
    return measures
  }

  private static func model(_ path: String) throws -> FusionModel {
    let execution = try Pipeline.execution()
    return try FusionModel(
      try RunnableModel(path: path).weights, residency: .resident,
      context: ComputeContext(kernels: execution.kernels, threads: execution.threads))
  }

  /// Logits of every position.
  private static func rows(_ model: FusionModel, _ ids: [Int]) throws -> [[Float]] {
    let prefill = try model.prefill(PromptTokens(ids: ids), features: nil, answerCapacity: 0)
    let logits = try model.language.logits(prefill.states, rows: 0..<ids.count).logits
    return ids.indices.map { logits.row($0) }
  }

  private static func logProbabilities(_ logits: [Float]) -> [Double] {
    let sum = logits.reduce(0) { $0 + exp(Double($1)) }
    return logits.map { Double($0) - log(sum) }
  }
}
