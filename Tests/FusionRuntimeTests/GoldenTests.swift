import ConversionPipeline
import FusionCore
import FusionRuntime
import TestSupport
import Testing
import TextTokenizer

/// Whole runs from picture and question, against the published implementation.
@Suite struct GoldenTests {
  @Test(arguments: GoldenCase.fixtures, GoldenCase.names)
  func everyGoldenTensorIsReproduced(fixture: String, name: String) throws {
    let golden = try GoldenCase(fixture, name)
    let folder = try TemporaryFolder()
    let run = try trace(Fixtures.path(fixture), golden, to: folder.file("trace.safetensors"))
    try expectGolden(run, golden)

    // A lossless container gives the same numbers, so the same file. The fixtures' weights are bfloat16.
    let scheme = name == "case2" ? "bf16" : "keep"
    try Containers.make(Fixtures.path(fixture), scheme, at: folder.file("model.fusion"))
    let fromContainer = try trace(folder.file("model.fusion"), golden, to: folder.file("container.safetensors"))
    #expect(fromContainer.report.tokens == golden.document.generated.ids)
    #expect(try fromContainer.bytes == run.bytes)
  }

  private func trace(_ model: String, _ golden: GoldenCase, to path: String) throws -> TraceRun {
    try TraceRun(model, golden.request, answer: golden.document.answers?.first, to: path)
  }

  private func expectGolden(_ run: TraceRun, _ golden: GoldenCase) throws {
    #expect(run.report.tokens == golden.document.generated.ids)
    // Only the cases with a picture state the text without the white space around it.
    #expect(run.report.text == golden.document.generated.text.trimmed)
    let trace = try run.tensors()
    let pixels = GoldenPixels(golden: golden, trace: trace)
    let comparison = GoldenComparison(golden: golden, trace: trace)
    var distances: [GoldenComparison.Distance] = []
    for (name, tensor) in golden.tensors where !name.hasPrefix("rows.") {
      if name.hasPrefix("pixel_values.") {
        #expect(try pixels.agrees(name), "\(name)")
      } else if tensor.dtype == "I64" {
        #expect(trace[name]?.integers == tensor.integers, "\(name)")
      } else {
        distances.append(try comparison.distance(name))
      }
    }
    RatioTable.add("\(golden.fixture) \(golden.name)", distances)
    #expect(Set(distances.map(\.name)) == Set(golden.tolerances.keys), "all that has a tolerance was compared")
    for distance in distances {
      #expect(distance.difference <= max(4 * distance.tolerance, 1e-4 * distance.peak), "\(distance)")
      #expect(distance.ratio <= 1, "\(distance)")
    }
  }

  @Test(arguments: ["case1", "case2"])
  func theOtherTokenizerOfPhi(name: String) throws {
    let golden = try GoldenCase("fusion-phi-tiny", name)
    let fast = try #require(golden.document.fast)
    let folder = try TemporaryFolder()
    let run = try TraceRun(
      Fixtures.path("fusion-phi-tiny"), golden.request, to: folder.file("trace"), settings: .using(.fast))
    let trace = try run.tensors()
    #expect(trace["input_ids"]?.integers == fast.inputIds)
    #expect(trace["instruct_ids"]?.integers == fast.instructIds)
    #expect(run.report.tokens == fast.generated.ids)
    // The reference decoded these tokens with its own tokenizer, which is the slow one.
    let model = try RunnableModel(path: Fixtures.path("fusion-phi-tiny"))
    let slow = try TextTokenizer(files: TokenizerFiles(origin: model.path, read: model.file), choice: .slow)
    #expect(slow.decode(run.report.tokens, skippingSpecialTokens: true).trimmed == fast.generated.text)
    #expect(fast.inputIds != (try golden.tensor("input_ids").integers), "both tokenizers give the same")
  }

  @Test(arguments: GoldenCase.fixtures)
  func theGreatestLogitsOfEachStep(fixture: String) throws {
    let golden = try GoldenCase(fixture, "text_plain")
    let weights = try RunnableModel(path: Fixtures.path(fixture)).weights
    let language = try LanguageModel(weights, residency: .streamed, context: try SmallModels.context())
    var tokens = try golden.tensor("input_ids").integers
    let steps = golden.document.generated.topFive
    let cache = language.makeCache(capacity: tokens.count + steps.count)
    var start = 0
    for (step, golden) in steps.enumerated() {
      let x = try language.embed(tokens)
      try language.forward(x, start: start, cache: cache)
      start += tokens.count
      let logits = try language.logits(x, rows: (x.rowCount - 1)..<x.rowCount).logits.row(0)
      let best = logits.indices.sorted { logits[$0] > logits[$1] }.prefix(5)
      #expect(Array(best) == golden.ids, "step \(step)")
      for (id, expected) in zip(golden.ids, golden.logits) {
        #expect(abs(Double(logits[id]) - expected) < 5e-5, "step \(step), token \(id)")
      }
      tokens = [golden.ids[0]]
    }
    #expect(steps.count == 24)
  }
}
