import AccuracyReports
import ConversionPipeline
import FusionCore
import TestSupport
import Testing

/// A candidate with one broken weight, and what the report says of it.
@Suite struct FaultTests {
  /// A source tensor, its canonical layer, and the first point that it shows at.
  struct Fault: Sendable, CustomTestStringConvertible {
    let fixture: String
    let source: String
    let canonical: String
    let point: String
    var testDescription: String { canonical }
  }

  static let faults = [
    Fault(
      fixture: "fusion-phi-tiny", source: "model.layers.3.mlp.down_proj.weight",
      canonical: "language.layers.3.mlp.down.weight", point: "decoder.hidden.3"),
    Fault(
      fixture: "fusion-phi-tiny", source: "model.layers.1.self_attn.qkv_proj.weight",
      canonical: "language.layers.1.attention.qkv.weight", point: "decoder.hidden.1"),
    Fault(
      fixture: "fusion-x-llama-tiny", source: "model.layers.2.self_attn.v_proj.weight",
      canonical: "language.layers.2.attention.v.weight", point: "decoder.hidden.2"),
    Fault(
      fixture: "fusion-phi-tiny",
      source: "model.vision_tower.vision_tower.vision_model.encoder.layers.4.mlp.fc1.weight",
      canonical: "vision.layers.4.mlp.up.weight", point: "vision.instruct.hidden.5"),
    Fault(
      fixture: "fusion-phi-tiny", source: "model.mm_projector.2.weight", canonical: "projector.linear2.weight",
      point: "image_features"),
  ]

  @Test(arguments: faults, ["keep", "int8"])
  func aDisturbedLayerIsNamed(fault: Fault, scheme: String) throws {
    let folder = try TemporaryFolder()
    try CheckpointCopies.make(of: fault.fixture, at: folder.file("broken")) {
      Comparison.disturb(&$0[fault.source], by: 0.6)
    }
    try Pipeline.convert(folder.file("broken"), to: folder.file("m"), try Pipeline.recipe(scheme))
    let report = try Comparison.report(Fixtures.path(fault.fixture), folder.file("m"))
    let bad = try #require(report.firstBad)
    #expect(bad.point == fault.point && bad.kind == .jump, "\(bad)")
    #expect(bad.tensors == [fault.canonical])
    #expect(bad.sentence.contains(fault.canonical))
    if scheme == "keep" {
      // Nothing before the layer has changed.
      let before = report.activations.prefix { $0.point != fault.point }.filter { !$0.point.hasPrefix("sampler.") }
      #expect(before.allSatisfy { $0.relativeError == 0 })
      #expect(report.tensors.filter { !$0.isExact }.map(\.name) == [fault.canonical])
    }
  }

  @Test func aSoundCandidateHasNoFault() throws {
    let folder = try TemporaryFolder()
    for fixture in Pipeline.fixtures {
      for scheme in ["int8", "int4", "int4-sym-g128", "int4-nl-g128"] {
        let path = folder.file("\(fixture)-\(scheme)")
        try Pipeline.convert(Fixtures.path(fixture), to: path, try Pipeline.recipe(scheme))
        let report = try Comparison.report(Fixtures.path(fixture), path)
        #expect(report.firstBad == nil, "\(fixture) as \(scheme): \(String(describing: report.firstBad))")
      }
    }
  }

  @Test(arguments: [("model.layers.2.mlp.down_proj.weight", "decoder.hidden.2"), ("model.norm.weight", "logits")])
  func notANumberIsPinnedToItsLayer(source: String, point: String) throws {
    let folder = try TemporaryFolder()
    try CheckpointCopies.make(of: "fusion-phi-tiny", at: folder.file("broken")) {
      // A quiet NaN in bfloat16.
      $0[source]?.bytes.replaceSubrange(0..<2, with: [0xC0, 0x7F])
    }
    let report = try Comparison.report(Fixtures.path("fusion-phi-tiny"), folder.file("broken"))
    let bad = try #require(report.firstBad)
    #expect(bad.point == point && bad.kind == .nan)
    #expect(bad.tensors.count == 1)
    #expect(report.verdict.grade == .broken)
    #expect(!Gate(preset: .normal).evaluate(report).passed)
    let error = Pipeline.refusal {
      try Comparison.report(folder.file("broken"), Fixtures.path("fusion-phi-tiny"))
    }
    #expect(error?.code.rawValue == "runtime.nonfiniteActivation", "a broken reference")
  }
}
