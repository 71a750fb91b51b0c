import ConversionPipeline
import Foundation
import FusionCore
import NumericKernels
import TestSupport
import Testing

@Suite struct QuantizedConversionTests {
  @Test(
    arguments: Pipeline.fixtures,
    ["int8", "int8-g64", "int4", "int4-g64", "int4-g128", "int4-sym", "int4-sym-g128", "int4-nl", "int4-nl-g128"])
  func everySchemeVerifiesAgainstItsSource(fixture: String, scheme: String) throws {
    let folder = try TemporaryFolder()
    let recipe = try Pipeline.recipe(scheme)
    let report = try Pipeline.convert(Fixtures.path(fixture), to: folder.file("model.fusion"), recipe)
    #expect(report.verification.performed)
    #expect(report.verification.tensorCount == report.plan.reduce(0) { $0 + $1.tensorCount })
    let verified = try Pipeline.verify(folder.file("model.fusion"), source: Fixtures.path(fixture))
    let floor = scheme.hasPrefix("int8") ? 40.0 : scheme.hasSuffix("128") ? 18.0 : 20.0
    #expect((verified.sqnrDecibels ?? 0) >= floor, "\(fixture) \(scheme): \(verified.sqnrDecibels ?? 0) dB")
    let stated = try Inspector(path: folder.file("model.fusion")).report().totals.sqnrDecibels
    // Measured while encoding and stored, measured again from the decoded file: two paths to one figure.
    #expect(abs((stated ?? 0) - (verified.sqnrDecibels ?? 99)) < 1e-6)
    #expect(report.sqnrDecibels == stated)
  }

  /// Closer to the source than codes of even steps, of which as many are kept.
  @Test(arguments: Pipeline.fixtures)
  func theUnevenGridLosesLess(fixture: String) throws {
    let folder = try TemporaryFolder()
    let reports = try ["int4-nl", "int4-sym"].map {
      try Pipeline.convert(Fixtures.path(fixture), to: folder.file("\($0).fusion"), try Pipeline.recipe($0))
    }
    let decibels = try reports.map { try #require($0.sqnrDecibels) }
    #expect(decibels[0] > decibels[1] + 0.5, "\(decibels)")
  }

  @Test func exportDequantizesToTheSourceType() throws {
    let folder = try TemporaryFolder()
    let source = Fixtures.path("fusion-phi-tiny")
    try Pipeline.convert(source, to: folder.file("model.fusion"), try Pipeline.recipe("int8"))
    let report = try Pipeline.export(folder.file("model.fusion"), to: folder.file("exported"))
    #expect(report.dequantizedTensorCount > 0)
    let before = try RawSafetensors.folder(source)
    let after = try RawSafetensors.folder(folder.file("exported"))
    #expect(Set(after.keys) == Set(before.keys))
    #expect(after.allSatisfy { before[$0.key]?.dtype == $0.value.dtype && before[$0.key]?.shape == $0.value.shape })
    // int8 per channel of one attention matrix: no weight further than half a step plus the rounding to bfloat16.
    let name = "model.layers.0.self_attn.o_proj.weight"
    let (x, y) = (values(before[name]), values(after[name]))
    #expect(x.count == 128 * 128 && y.count == x.count)
    for row in 0..<128 {
      let peak = x[(row * 128)..<((row + 1) * 128)].map(abs).max() ?? 0
      for column in 0..<128 {
        let index = row * 128 + column
        let clipSlack = abs(x[index]) > 0.45 * peak ? 0.6 * peak : 0
        #expect(abs(x[index] - y[index]) <= peak / 254 + peak / 256 + clipSlack)
      }
    }
    #expect(before["model.norm.weight"] == after["model.norm.weight"])
  }

  private func values(_ tensor: RawSafetensors.Tensor?) -> [Float] {
    guard let bytes = tensor?.bytes else { return [] }
    return stride(from: 0, to: bytes.count, by: 2).map {
      Float(bitPattern: (UInt32(bytes[$0]) | UInt32(bytes[$0 + 1]) << 8) << 16)
    }
  }

  @Test(arguments: ["int4", "int8-g64", "keep"])
  func bytesDependOnInputAndOptionsOnly(scheme: String) throws {
    let folder = try TemporaryFolder()
    // Several chunks in a tensor, so that the order of work could show.
    _ = try CheckpointSynthesizer(
      preset: try SynthesisPreset.named("tiny-fusion-x-8b"), dtype: .bf16, seed: 3, shardByteCount: 3_000_000,
      execution: try Pipeline.execution()
    ).write(to: folder.file("source"), replacing: false)
    var outputs: [String: Data] = [:]
    for threads in [1, 2, 5] {
      let path = folder.file("threads-\(threads).fusion")
      try Pipeline.convert(
        folder.file("source"), to: path, try Pipeline.recipe(scheme),
        execution: try Pipeline.execution(threads: threads))
      outputs["\(threads) threads"] = try Pipeline.bytes(path)
    }
    for level in InstructionSetLevel.available {
      let path = folder.file("\(level.rawValue).fusion")
      try Pipeline.convert(
        folder.file("source"), to: path, try Pipeline.recipe(scheme), execution: try Pipeline.execution(level: level))
      outputs[level.rawValue] = try Pipeline.bytes(path)
    }
    let unverified = folder.file("unverified.fusion")
    try Pipeline.convert(folder.file("source"), to: unverified, try Pipeline.recipe(scheme), verifies: false)
    outputs["not verified"] = try Pipeline.bytes(unverified)
    #expect(outputs.count >= 5)
    #expect(Set(outputs.values).count == 1, "\(outputs.mapValues(\.count))")
  }

  @Test func raggedLastGroupsSurvive() throws {
    // 140 columns of the tower's second matrix are four groups of 32 and one of 12.
    let folder = try TemporaryFolder()
    let recipe = try Pipeline.recipe("int4", tensorTypes: ["vision.*=int4-g32"])
    let report = try Pipeline.convert(Fixtures.path("fusion-phi-tiny"), to: folder.file("model.fusion"), recipe)
    let inspected = try Inspector(path: folder.file("model.fusion")).report()
    let tensor = inspected.tensors.first { $0.name.hasSuffix("encoder.layers.0.mlp.fc2.weight") }
    #expect(tensor?.scheme == "int4-g32" && tensor?.shape == [64, 140])
    // 70 bytes of codes, 5 scales of 2 bytes, 3 bytes of zero points for 140 weights.
    #expect(tensor?.residentBits == Double(70 + 10 + 3) * 8 / 140)
    #expect(try Pipeline.verify(folder.file("model.fusion"), source: Fixtures.path("fusion-phi-tiny")).tensorCount > 0)
    #expect(report.fallbacks.contains { $0.requested == "int4-g32" && $0.reason == "vectors are kept" })
  }

  @Test func tiedHeadIsAnAlias() throws {
    let folder = try TemporaryFolder()
    try CheckpointCopies.make(of: "fusion-phi-tiny", at: folder.file("source")) { $0["lm_head.weight"] = nil }
    let config = folder.file("source/config.json")
    let text = String(decoding: try Pipeline.bytes(config), as: UTF8.self)
    try text.replacingOccurrences(of: "\"tie_word_embeddings\": false", with: "\"tie_word_embeddings\": true")
      .write(toFile: config, atomically: true, encoding: .utf8)
    try Pipeline.convert(folder.file("source"), to: folder.file("model.fusion"), try Pipeline.recipe("keep"))
    let report = try Inspector(path: folder.file("model.fusion")).report()
    #expect(report.aliases.count == 1)
    #expect(report.aliases.first?.target == report.tensors.first { $0.role == "embedding" }?.canonicalName)
    _ = try Pipeline.export(folder.file("model.fusion"), to: folder.file("exported"))
    #expect(try RawSafetensors.folder(folder.file("exported")) == RawSafetensors.folder(folder.file("source")))
  }
}
