import ConversionPipeline
import FusionCore
import FusionRuntime
import NumericKernels
import TestSupport
import Testing
import WeightGraph

@Suite struct GoldenTests {
  @Test(arguments: ["fusion-phi-tiny", "fusion-x-llama-tiny"]) func case1(fixture: String) throws {
    let golden = try GoldenCase(fixture, "case1")
    let model = try RunnableModel(path: Fixtures.path(fixture))
    let context = ComputeContext(kernels: try KernelSet.forThisMachine(), threads: 2)
    let fusion = try FusionModel(model.weights, residency: .resident, context: context)
    let table = try golden.floats("pixel_values.table")
    let pixels = try golden.tensor("pixel_values.u8").bytes
    let size = 3 * 384 * 384
    let crops = (0..<5).map { crop in
      ImageCropPixels(side: 384, values: pixels[(crop * size)..<((crop + 1) * size)].map { table[Int($0)] })
    }
    let store = ActivationStore()
    let features = try fusion.encode(
      VisionRequest(
        crops: crops, instruction: try golden.integers("instruct_ids"),
        queryLength: fusion.configuration.interaction!.queryLengths.max()!), recorder: store)
    _ = try fusion.mappingLoss(features, recorder: store)
    let prefill = try fusion.prefill(
      PromptTokens(ids: try golden.integers("input_ids")), features: features, answerCapacity: 24, recorder: store)
    let last = try fusion.language.logits(prefill.states, rows: (prefill.layout.length - 8)..<prefill.layout.length)
    store.record("logits.last8", last.logits, shape: [1, 8, fusion.language.vocabularySize])
    var worst: [GoldenComparison.Result] = []
    for name in golden.activationNames {
      guard let entry = store.entries[name] else { print("missing", name); continue }
      worst.append(try GoldenComparison(golden: golden).compare(name, with: entry))
    }
    for result in worst { print(fixture, result.name, result.difference, result.peak, "ratio", result.ratio, "rel", result.relative) }
    var next = last.logits.row(7).enumerated().max { $0.element < $1.element }!.offset
    var ids = [next]
    var position = prefill.layout.length
    while ids.count < 24 {
      let x = try fusion.language.embed([next])
      try fusion.language.forward(x, start: position, cache: prefill.cache)
      position += 1
      let l = try fusion.language.logits(x, rows: 0..<1).logits.row(0)
      next = l.enumerated().max { $0.element < $1.element }!.offset
      ids.append(next)
    }
    print(fixture, ids, try golden.integers("generated_ids"), prefill.cache.byteCount)
    #expect(try ids == golden.integers("generated_ids"))
  }
}
