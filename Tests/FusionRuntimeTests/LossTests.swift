import Foundation
import FusionRuntime
import Testing

/// The losses, computed again from what they are made of.
@Suite struct LossTests {
  private func model() throws -> FusionModel {
    try FusionModel(
      MemoryWeights(try SmallModels.fusion(), seed: 9), residency: .resident, context: try SmallModels.context())
  }

  private func cosine(_ a: [Float], _ b: [Float]) -> Double {
    func dot(_ a: [Float], _ b: [Float]) -> Double { zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
    return dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  @Test(arguments: [[5], [5, 0, 6, 7], [0, 0, 9]])
  func mappingIsTheMeanOfOneMinusTheCosine(instruction: [Int]) throws {
    let model = try model()
    let store = ActivationStore()
    let features = try model.encode(SmallPicture.request(side: 4, queryLength: 4, instruction: instruction))
    let loss = try model.mappingLoss(features, recorder: store)
    // Token 0 is padding, whatever it means in the vocabulary.
    let counted = instruction.indices.filter { instruction[$0] != 0 }
    let expected = mean(
      counted.map { 1 - cosine(features.instructionEmbeddings.row($0), features.instruction.row($0)) })
    #expect(abs(try #require(loss.instruction) - expected) < 1e-9)
    let mapped = try #require(store.entries["vision_features"])
    #expect(mapped.shape == [1, 16, 8])
    let vision = mean(
      (0..<16).map { 1 - cosine(Array(mapped.values[(8 * $0)..<(8 * $0 + 8)]), features.patchEmbeddings.row($0)) })
    #expect(abs(loss.vision - vision) < 1e-9)
    #expect(abs(loss.total(languageLoss: 3) - (3 + 0.1 * (expected + vision))) < 1e-9)
  }

  @Test func paddingAloneHasNoInstructionTerm() throws {
    let model = try model()
    let features = try model.encode(SmallPicture.request(side: 4, queryLength: 4, instruction: [0, 0]))
    let loss = try model.mappingLoss(features)
    #expect(loss.instruction == nil && loss.vision > 0)
    #expect(abs(loss.total(languageLoss: 1) - (1 + 0.1 * loss.vision)) < 1e-12)
  }

  @Test func languageLossIsTheMeanOverLabels() throws {
    let model = try model()
    let features = try model.encode(SmallPicture.request(side: 4, queryLength: 4))
    let prefill = try model.prefill(SmallPicture.prompt, features: features, answerCapacity: 0)
    let labels = [7, -100, 11, -100, -400, 12, 49]
    // The label of the first position has nothing before it; id 2 stands at 17, and 5 and 6 stand at 23 and 24.
    let targets = [(17, 11), (23, 12), (24, 49)]
    let losses = try targets.map { position, label in
      let logits = try model.language.logits(prefill.states, rows: (position - 1)..<position).logits.row(0)
      return log(logits.reduce(0.0) { $0 + exp(Double($1)) }) - Double(logits[label])
    }
    let loss = try #require(try model.languageLoss(prefill, labels: labels))
    #expect(abs(loss - mean(losses)) < 1e-9)
    #expect(try model.languageLoss(prefill, labels: [7, -1, -100, -1, -1, -400, -1]) == nil)
  }
}
