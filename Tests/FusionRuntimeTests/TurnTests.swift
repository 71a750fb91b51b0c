import ConversionPipeline
import FusionCore
import FusionRuntime
import TestSupport
import Testing
import TextTokenizer

/// Conversations of more than one turn.
@Suite struct TurnTests {
  private let second = "And the other one?"

  private func run(_ fixture: String, _ request: RunRequest) throws -> RunReport {
    try ModelRunner(
      path: Fixtures.path(fixture), settings: RunSettings(), execution: try ExecutionOptions.forThisMachine(threads: 2)
    ).run(request)
  }

  private func request(_ golden: GoldenCase, tokens: Int) -> RunRequest {
    var request = golden.request
    request.questions.append(second)
    request.maximumTokenCount = tokens
    return request
  }

  @Test(arguments: GoldenCase.fixtures)
  func aSecondTurnSeesTheFirst(fixture: String) throws {
    let golden = try GoldenCase(fixture, "case1")
    let turns = try run(fixture, request(golden, tokens: 5)).turns
    try #require(turns.count == 2)
    let (first, last) = (turns[0], turns[1])
    #expect(try first.promptIds == golden.tensor("input_ids").integers)
    #expect(first.tokens == Array(golden.document.generated.ids.prefix(5)) && first.stop == "length")
    #expect(
      golden.document.generated.text.hasPrefix(first.text.prefix(3)) && first.question == golden.request.questions[0])

    // One picture, a block of latents for each turn, and the answer between them.
    #expect(Array(last.promptIds.prefix(first.promptIds.count)) == first.promptIds)
    let image = try #require(last.promptIds.firstIndex(of: PromptTokens.imagePlaceholder))
    let latents = last.promptIds.indices.filter { last.promptIds[$0] == PromptTokens.latentPlaceholder }
    #expect(last.promptIds.filter { $0 == PromptTokens.imagePlaceholder }.count == 1 && image < first.promptIds.count)
    #expect(latents.count == 2 && latents[1] > first.promptIds.count)
    let queries = try golden.tensor("init_latent_features").shape[1]
    let patches = first.promptTokens - (first.promptIds.count - 2) - queries
    #expect(patches == (fixture == "fusion-phi-tiny" ? 729 : 576))
    #expect(last.promptTokens == last.promptIds.count - 3 + patches + 2 * queries)
  }

  @Test func theSecondTurnIsAPassOverEverythingSaid() throws {
    let golden = try GoldenCase("fusion-phi-tiny", "case1")
    let turns = try run("fusion-phi-tiny", request(golden, tokens: 5)).turns
    let model = try RunnableModel(path: Fixtures.path("fusion-phi-tiny"))
    let fusion = try FusionModel(model.weights, residency: .resident, context: try SmallModels.context())
    let tokenizer = try TextTokenizer(files: TokenizerFiles(origin: "model", read: model.file))

    let reply = tokenizer.decode(turns[0].tokens, skippingSpecialTokens: true).trimmed
    let prompt =
      golden.document.prompt + reply + "<|end|>\n<|user|>\n<vision_start><latent_image><vision_end>"
      + second + "<|end|>\n<|assistant|>\n"
    let ids = tokenizer.encodePrompt(prompt)
    #expect(turns[1].promptIds == ids)
    // White space after the marker of an answer is no token, so the markers are the last tokens of the questions.
    let ends = ids.indices.filter { ids[$0] == tokenizer.identifier(of: "<|assistant|>") }
    try #require(ends.count == 2 && ends[1] == ids.count - 1)
    let features = try fusion.encode(
      VisionRequest(
        crops: try crops(golden), instruction: tokenizer.encode(golden.request.questions[0] + second), queryLength: 16))
    let prefill = try fusion.prefill(
      PromptTokens(ids: ids, questionEnds: ends), features: features, answerCapacity: 5)
    var sampler = TokenSampler(options: .greedy)
    let tokens = try fusion.generate(
      from: prefill, prompt: ids, sampler: &sampler, endTokens: [], limit: 5
    ) { _ in }
    #expect(tokens == turns[1].tokens)
    #expect(prefill.layout.questionPositions == [781, prefill.layout.length - 1])
    let block = try #require(ids.lastIndex(of: PromptTokens.latentPlaceholder)) - 2 + 729 + 16
    #expect(Array(prefill.layout.latentPositions.suffix(16)) == Array(block..<(block + 16)))
  }

  private func crops(_ golden: GoldenCase) throws -> [ImageCropPixels] {
    let table = try golden.tensor("pixel_values.table").floats
    let pixels = try golden.tensor("pixel_values.u8").bytes
    let size = 3 * 384 * 384
    return (0..<5).map { crop in
      ImageCropPixels(side: 384, values: pixels[(crop * size)..<((crop + 1) * size)].map { table[Int($0)] })
    }
  }

  @Test(arguments: GoldenCase.fixtures)
  func textAloneIsReadAgainFromTheBeginning(fixture: String) throws {
    let golden = try GoldenCase(fixture, "text_plain")
    let turns = try run(fixture, request(golden, tokens: 6)).turns
    try #require(turns.count == 2)
    #expect(turns[0].tokens == Array(golden.document.generated.ids.prefix(6)))
    #expect(turns[0].promptIds == (try golden.tensor("input_ids").integers))
    #expect(turns[1].promptIds.starts(with: turns[0].promptIds) && turns[1].promptIds.allSatisfy { $0 >= 0 })
    #expect(turns[1].promptTokens == turns[1].promptIds.count)

    // Every token of the second answer from a pass over all that came before, without a cache.
    let weights = try RunnableModel(path: Fixtures.path(fixture)).weights
    let language = try LanguageModel(weights, residency: .resident, context: try SmallModels.context())
    var tokens = turns[1].promptIds
    for expected in turns[1].tokens {
      let x = try language.embed(tokens)
      try language.forward(x, start: 0, cache: language.makeCache(capacity: tokens.count))
      let logits = try language.logits(x, rows: (tokens.count - 1)..<tokens.count).logits.row(0)
      #expect(logits.indices.max { logits[$0] < logits[$1] } == expected)
      tokens.append(expected)
    }
  }

  @Test func emptyQuestionsAreAnsweredToo() throws {
    var request = RunRequest(questions: ["", " \n\t ", "<image>"])
    request.maximumTokenCount = 2
    let turns = try run("fusion-x-llama-tiny", request).turns
    #expect(turns.count == 3 && turns.allSatisfy { (1...2).contains($0.tokens.count) })
    request.questions = ["  "]
    request.imagePath = Fixtures.path("images/image3.jpg")
    request.imageTokenCount = 144
    let report = try run("fusion-phi-tiny", request)
    #expect(report.imageTokens == 144)
    #expect(report.promptTokens == report.turns[0].promptIds.count - 2 + 144 + 16)
  }
}
