import Foundation
import WeightGraph

extension FusionModel {
  /// The mapping loss of a picture and a question.
  ///
  /// - Precondition: the features are of this model.
  public func mappingLoss(_ features: VisionFeatures, recorder: (any ActivationRecorder)? = nil) throws -> MappingLoss {
    guard let vision else { preconditionFailure("\(configuration.family.rawValue) has no vision tower") }
    let mapped = vision.auxProjector.apply(to: features.patches, .vision, context)
    try recorder?.record("vision_features", mapped)
    return MappingLoss(
      instruction: MappingLoss.term(
        features.instructionEmbeddings, features.instruction, skipping: features.isPadding),
      vision: MappingLoss.term(mapped, features.patchEmbeddings) ?? 0)
  }

  /// Mean negative log-likelihood of labelled tokens, in nats.
  ///
  /// - Parameters:
  ///   - prefill: of prompt and answer.
  ///   - labels: for each id of the prompt the token that is expected there, below the vocabulary's size, or a negative
  ///     number for none.
  /// - Returns: `nil` if no token has a label.
  public func languageLoss(_ prefill: Prefill, labels: [Int]) throws -> Double? {
    precondition(labels.count == prefill.layout.positions.count, "\(labels.count) labels")
    let targets = zip(labels, prefill.layout.positions).filter { $0.0 >= 0 && $0.1 > 0 }
    precondition(targets.allSatisfy { $0.0 < language.vocabularySize }, "a label beyond the vocabulary")
    guard !targets.isEmpty else { return nil }
    let states = prefill.states.copy(rows: targets.map { $0.1 - 1 })
    let logits = try language.logits(states, rows: 0..<states.rowCount).logits
    let losses = targets.enumerated().map { row, target in
      Self.negativeLogLikelihood(UnsafeBufferPointer(logits[row]), of: target.0)
    }
    return losses.reduce(0, +) / Double(losses.count)
  }

  private static func negativeLogLikelihood(_ logits: UnsafeBufferPointer<Float>, of token: Int) -> Double {
    let peak = Double(logits.max() ?? 0)
    let sum = logits.reduce(0.0) { $0 + exp(Double($1) - peak) }
    return log(sum) + peak - Double(logits[token])
  }
}
