import AccuracyReports
import Foundation
import TestSupport

/// Made-up reports: one in which everything is there, one in which nothing is that can be missing.
enum SampleReport {
  /// A report with all fields, shaped like that of a small model.
  static func full(layers: Int = 6, visionLayers: Int = 8, changed: Int = 6, hostile: Bool = false) -> DiffReport {
    var random = SplitMix64(seed: 5)
    let tensors = SampleTensors.make(layers: layers, visionLayers: visionLayers, using: &random)
    var report = DiffReport(
      programVersion: "fusion-convert 0.1.0", reference: side("models/nano", stored: 16, resident: 16),
      candidate: side("models/nano-int4.fusion", stored: 4.58, resident: 5.1),
      data: DataSummary(
        source: "generated", seed: 7, imageSampleCount: 48, textSampleCount: 16, positionCount: 1234),
      tensors: tensors, activations: SampleTensors.activations(layers: layers, visionLayers: visionLayers),
      firstBad: FirstBadPoint(
        point: "decoder.hidden.3", kind: .jump, sentence: "the relative error grows 5.1 times in one layer",
        tensors: ["layers.3.mlp.down.weight", "layers.3.mlp.gate.weight"]),
      outputs: OutputDifferences(
        image: divergence(0.047, positions: 900), text: divergence(0.012, positions: 334),
        all: divergence(0.0375, positions: 1234)),
      mapping: MappingLoss(
        instruct: MappingTerm(reference: 0.3121, candidate: 0.3164),
        vision: MappingTerm(reference: 0.2877, candidate: 0.2869)),
      answers: SampleAnswers.make(changed: changed, hostile: hostile), sensitivity: sensitivity(tensors),
      machine: "2 cores, AVX2", elapsedSeconds: 83.4)
    report.gate = Gate(preset: .normal, limits: [GateLimit(GateMetric(.divergenceMean), 0.02)]).evaluate(report)
    return report
  }

  /// A report of a comparison that measured as little as there is, some of it not finite.
  static func minimal() -> DiffReport {
    let none = ModelSide(
      path: "a", family: "fusion_phi", format: "safetensors", schemes: [], weightCount: 0, storedByteCount: 0,
      residentByteCount: 0, storedBitsPerWeight: .nan, residentBitsPerWeight: .nan)
    let tensor = TensorDifference(
      name: "layers.0.mlp.down.weight", part: .language, role: "mlp", shape: [], scheme: "keep", dtype: "bf16",
      weightCount: 1, storedBitsPerWeight: 16, residentBitsPerWeight: 16, isExact: false, signalToNoise: -.infinity,
      relativeError: .infinity, maximumError: .nan, cosine: .nan)
    let point = ActivationDifference(
      point: "logits", order: 0, part: .language, relativeError: .nan, cosine: .nan, maximumError: .infinity, bad: .nan)
    return DiffReport(
      programVersion: "", reference: none, candidate: none,
      data: DataSummary(source: "generated", imageSampleCount: 0, textSampleCount: 0, positionCount: 0),
      tensors: [tensor], activations: [point])
  }

  /// A report with nothing at all to show.
  static func empty(withNumbers: Bool = false) -> DiffReport {
    var report = minimal()
    report.tensors = []
    report.activations = []
    guard withNumbers else { return report }
    for side in [\DiffReport.reference, \DiffReport.candidate] {
      report[keyPath: side].storedBitsPerWeight = 16
      report[keyPath: side].residentBitsPerWeight = 16
    }
    return report
  }

  /// A full report with names and texts in wide characters, all of them too long.
  static func wide() -> DiffReport {
    var report = full()
    let text = String(repeating: "日本語の質問", count: 30)
    report.candidate.path = "模型/" + text
    report.data.source = text
    report.machine = text
    report.verdict.sentence = text
    for index in report.tensors.indices { report.tensors[index].name += text }
    for index in report.activations.indices { report.activations[index].point = text + report.activations[index].point }
    let changed = report.answers?.changed ?? []
    report.answers?.changed = changed.map { answer in
      var answer = answer
      answer.question = text
      answer.candidateAnswer = text + "🙂"
      answer.category = text
      return answer
    }
    return report
  }

  private static func side(_ path: String, stored: Double, resident: Double) -> ModelSide {
    let weightCount = 4_810_000
    let isReference = stored == 16
    return ModelSide(
      path: path, family: "fusion_phi", format: isReference ? "safetensors" : "fusion 1",
      schemes: isReference
        ? [SchemeShare(scheme: "bf16", tensorCount: 180, weightCount: weightCount)]
        : [
          SchemeShare(scheme: "int4-g32", tensorCount: 110, weightCount: 4_400_000),
          SchemeShare(scheme: "bf16", tensorCount: 70, weightCount: 410_000),
        ],
      weightCount: weightCount, storedByteCount: Int(Double(weightCount) * stored / 8),
      residentByteCount: Int(Double(weightCount) * resident / 8), storedBitsPerWeight: stored,
      residentBitsPerWeight: resident, loadSeconds: isReference ? 0.031 : 0.044, visionSeconds: 0.12,
      prefillTokensPerSecond: isReference ? 812 : 1040, decodeTokensPerSecond: isReference ? 96 : 171,
      peakMemoryByteCount: isReference ? 52_000_000 : 41_000_000)
  }

  private static func divergence(_ mean: Double, positions: Int) -> OutputDivergence {
    let edges = [0] + (-16...4).map { pow(10, Double($0) / 2) }
    let shares = [
      0.02, 0, 0.01, 0.01, 0.02, 0.02, 0.04, 0.06, 0.1, 0.14, 0.17, 0.15, 0.12, 0.07, 0.04, 0.02, 0.01, 0, 0, 0, 0,
    ]
    let counts = shares.map { Int(Double(positions) * $0) }
    return OutputDivergence(
      sampleCount: positions / 18, positionCount: positions,
      divergence: ReportedDistribution(
        mean: ReportedEstimate(value: mean, low: mean * 0.86, high: mean * 1.15), median: mean * 0.3, p90: mean * 2.4,
        p99: mean * 9, maximum: mean * 31),
      histogram: ReportedHistogram(edges: edges, counts: counts),
      top1Agreement: ReportedEstimate(value: 0.943, low: 0.928, high: 0.955),
      top5Agreement: ReportedEstimate(value: 0.918, low: 0.909, high: 0.927),
      rightTokenChange: ReportedEstimate(value: -0.0082, low: -0.0121, high: -0.0043), referencePerplexity: 1.412,
      candidatePerplexity: 1.447, perplexityRatio: ReportedEstimate(value: 1.0248, low: 1.0131, high: 1.0367))
  }

  private static func sensitivity(_ tensors: [TensorDifference]) -> SensitivityRanking {
    let worst = tensors.filter { !$0.isExact }.prefix(12)
    let entries = worst.enumerated().map { index, tensor in
      SensitivityEntry(
        name: tensor.name, divergence: 0.012 / Double(index + 1), share: 0.3 / Double(index + 1),
        suggestedScheme: index < 4 ? "int8" : nil)
    }
    return SensitivityRanking(
      method: "Each tensor was quantized alone and the mean divergence measured on 8 of the samples.",
      entries: entries, plan: "{\n  \"layers.3.mlp.down.weight\": \"int8\"\n}")
  }
}
