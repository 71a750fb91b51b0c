import ConversionPipeline
import FusionCore
import TestSupport
import Testing

@Suite struct ForecastTests {
  private func forecast(_ source: String, _ recipe: QuantizationRecipe, _ output: String) throws -> ConversionReport {
    try Converter(checkpoint: try Checkpoint(path: source), recipe: recipe, execution: try Pipeline.execution())
      .forecast(output: output, producer: "test")
  }

  @Test(arguments: Pipeline.fixtures, ["int4", "int8", "int4-sym-g128", "int4-nl", "keep", "f32"])
  func uncompressedSizeIsExactToTheByte(fixture: String, scheme: String) throws {
    let folder = try TemporaryFolder()
    let recipe = try Pipeline.recipe(scheme, compresses: false)
    let path = folder.file("model.fusion")
    let expected = try forecast(Fixtures.path(fixture), recipe, path)
    #expect(expected.dryRun && expected.outputBytesExact)
    #expect(try folder.names().isEmpty)
    let report = try Pipeline.convert(Fixtures.path(fixture), to: path, recipe)
    #expect(report.outputBytes == expected.outputBytes)
    #expect(try Pipeline.bytes(path).count == expected.outputBytes)
    #expect(report.storedBitsPerWeight == expected.storedBitsPerWeight)
  }

  @Test(arguments: ["int4", "int8", "keep"])
  func compressedSizeIsWithinTwoPercent(scheme: String) throws {
    let folder = try TemporaryFolder()
    _ = try CheckpointSynthesizer(
      preset: try SynthesisPreset.named("tiny-fusion-3b"), dtype: .bf16, seed: 11, shardByteCount: 1 << 40,
      execution: try Pipeline.execution()
    ).write(to: folder.file("source"), replacing: false)
    let recipe = try Pipeline.recipe(scheme)
    let expected = try forecast(folder.file("source"), recipe, folder.file("model.fusion"))
    let report = try Pipeline.convert(folder.file("source"), to: folder.file("model.fusion"), recipe)
    let ratio = Double(expected.outputBytes) / Double(report.outputBytes)
    #expect(abs(ratio - 1) < 0.02, "forecast \(expected.outputBytes), written \(report.outputBytes)")
    #expect(!expected.outputBytesExact)
  }
}
