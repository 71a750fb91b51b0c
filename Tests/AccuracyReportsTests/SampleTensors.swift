import AccuracyReports
import Foundation
import TestSupport

/// Tensors and activations of a made-up model.
enum SampleTensors {
  static func make(layers: Int, visionLayers: Int, using random: inout SplitMix64) -> [TensorDifference] {
    var tensors: [TensorDifference] = []
    func add(_ name: String, _ part: ModelPart, _ role: String, _ shape: [Int], layer: Int? = nil, error: Double?) {
      tensors.append(tensor(name, part, role, shape, layer, error))
    }
    for layer in 0..<visionLayers {
      let prefix = "vision.layers.\(layer)"
      for name in ["q", "k", "v", "out"] {
        let error = 0.05 * Double.random(in: 0.7...1.4, using: &random)
        add("\(prefix).attention.\(name).weight", .vision, "vision", [96, 96], layer: layer, error: error)
      }
      add("\(prefix).norm1.weight", .vision, "norm", [96], layer: layer, error: nil)
      add("\(prefix).mlp.fc1.weight", .vision, "vision", [384, 96], layer: layer, error: 0.061)
    }
    add("projector.0.weight", .projector, "projector", [160, 288], error: 0.04)
    add("projector.0.bias", .projector, "projector", [160], error: nil)
    add("sampler.0.query.weight", .sampler, "sampler", [160, 160], error: 0.07)
    add("embedding.weight", .embedding, "embedding", [1024, 160], error: 0.008)
    for layer in 0..<layers {
      for (name, shape) in [("gate", [512, 160]), ("up", [512, 160]), ("down", [160, 512])] {
        let error = (layer == 3 ? 0.16 : 0.07) * Double.random(in: 0.7...1.4, using: &random)
        add("layers.\(layer).mlp.\(name).weight", .language, "mlp", shape, layer: layer, error: error)
      }
      let error = 0.06 * Double.random(in: 0.7...1.4, using: &random)
      add("layers.\(layer).attention.output.weight", .language, "attention", [160, 160], layer: layer, error: error)
      add("layers.\(layer).norm1.weight", .language, "norm", [160], layer: layer, error: nil)
    }
    add("head.weight", .head, "head", [1024, 160], error: 0.009)
    return tensors
  }

  /// One tensor; without an error it is exact.
  static func tensor(
    _ name: String, _ part: ModelPart, _ role: String, _ shape: [Int], _ layer: Int?, _ error: Double?
  ) -> TensorDifference {
    let isWide = (error ?? 0) < 0.01
    return TensorDifference(
      name: name, part: part, role: role, layer: layer, shape: shape,
      scheme: error == nil ? "keep" : isWide ? "int8" : "int4-g32", dtype: "bf16", weightCount: shape.reduce(1, *),
      storedBitsPerWeight: error == nil ? 10.9 : isWide ? 7.1 : 4.4,
      residentBitsPerWeight: error == nil ? 16 : isWide ? 8.1 : 4.75, isExact: error == nil,
      signalToNoise: error.map { -20 * log10($0) }, relativeError: error ?? 0, maximumError: (error ?? 0) * 0.8,
      cosine: 1 - (error ?? 0) * (error ?? 0) / 2, clippedShare: error == nil ? nil : 0.0004, outlierShare: 0.0012)
  }

  static func activations(layers: Int, visionLayers: Int) -> [ActivationDifference] {
    var points: [ActivationDifference] = []
    var before = 0.0
    func add(_ point: String, _ part: ActivationPart, _ layer: Int?, _ error: Double, bad: BadValueKind? = nil) {
      let growth = before > 0 ? error / before : nil
      points.append(
        ActivationDifference(
          point: point, order: points.count, part: part, layer: layer, relativeError: error,
          cosine: 1 - error * error / 2, maximumError: error * 3, growth: growth, ownError: error * 0.4, bad: bad))
      before = error
    }
    add("aux.instruct_states", .vision, nil, 0.011)
    for layer in 0...visionLayers {
      add("vision.instruct.hidden.\(layer)", .vision, layer, 0.004 * Double(layer + 1))
    }
    for layer in 0...visionLayers {
      add("vision.global.hidden.\(layer)", .vision, layer, 0.003 * Double(layer + 1))
    }
    add("projector", .vision, nil, 0.046)
    add("latents", .vision, nil, 0.051)
    add("embeddings", .language, nil, 0)
    before = 0
    for layer in 0..<layers {
      let error = 0.02 * Double(layer + 1) * (layer >= 3 ? 2.4 : 1)
      add("decoder.hidden.\(layer)", .language, layer, error, bad: layer == 3 ? .jump : nil)
    }
    add("logits", .language, nil, 0.09)
    return points
  }
}
