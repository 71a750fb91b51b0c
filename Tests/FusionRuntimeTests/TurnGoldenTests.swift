import ConversionPipeline
import Foundation
import FusionCore
import FusionRuntime
import ImagePreprocessing
import TestSupport
import Testing
import TextTokenizer
import WeightGraph

/// Conversations of several turns against the published chat, run on the same checkpoints: prompts to the character,
/// tokens, the instruction, and greedy answers; also where the answer that goes back into the prompt has special tokens,
/// white space at its ends, or nothing else.
@Suite struct TurnGoldenTests {
  struct Turn: Decodable, Sendable {
    let question: String
    let prompt: String
    let promptIds: [Int]
    let instruction: String
    let instructionIds: [Int]
    /// What the reference answers.
    let generated: [Int]
    /// What goes back into the prompt of the next turn, which the reference was made to have answered in some cases.
    let putBack: [Int]
    let answer: String
    /// Last token of each question's prompt.
    let ends: [Int]
    /// The least distance between the two greatest logits of a step.
    let margin: Double
  }

  struct Case: Decodable, Sendable {
    let name: String
    let image: String
    let turns: [Turn]
  }

  struct Chosen: Sendable, CustomTestStringConvertible {
    let fixture: String
    let conversation: Case

    var testDescription: String { "\(fixture): \(conversation.name)" }
  }

  private struct Document: Decodable { let cases: [Case] }

  static let cases: [Chosen] = GoldenCase.fixtures.flatMap { fixture in
    let url = URL(fileURLWithPath: Fixtures.path("golden/\(fixture)/turns.json"))
    let document = try? JSONDecoder().decode(Document.self, from: Data(contentsOf: url))
    return (document?.cases ?? []).map { Chosen(fixture: fixture, conversation: $0) }
  }

  /// Logits of the reference differ from ours by far less.
  private static let clearMargin = 0.001

  @Test func thereAreCasesOfBothFamilies() {
    #expect(Self.cases.count == 10 && Set(Self.cases.map(\.fixture)) == Set(GoldenCase.fixtures))
    #expect(Self.cases.allSatisfy { $0.conversation.turns.count >= 2 })
    #expect(Self.cases.flatMap(\.conversation.turns).allSatisfy { $0.margin > Self.clearMargin })
  }

  @Test(arguments: cases)
  func everyTurnIsTheReferences(chosen: Chosen) throws {
    let model = try RunnableModel(path: Fixtures.path(chosen.fixture))
    let fusion = try FusionModel(model.weights, residency: .resident, context: try SmallModels.context())
    let tokenizer = try TextTokenizer(files: TokenizerFiles(origin: "model", read: model.file))
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: Fixtures.path(chosen.conversation.image))))
    let crops = ImageCrops.staticHD(try ImageDecoder.decode(bytes, file: chosen.conversation.image)).map {
      ImageCropPixels(side: 384, values: PixelValues.planar($0))
    }
    let interaction = try #require(model.configuration.interaction)
    let queryLength = try #require(interaction.queryLengths.max())
    var conversation = Conversation(
      template: ConversationTemplate(family: model.configuration.family), markers: .image,
      wrapsImage: interaction.wrapsImages)
    for turn in chosen.conversation.turns {
      conversation.ask(turn.question)
      #expect(conversation.prompt == turn.prompt)
      let ids = tokenizer.encodePrompt(conversation.prompt)
      #expect(ids == turn.promptIds)
      #expect(conversation.instruction == turn.instruction)
      let instruction = tokenizer.encode(conversation.instruction)
      #expect(instruction == turn.instructionIds)
      let ends = (0..<conversation.turnCount).map { tokenizer.encodePrompt(conversation.prompt(ofTurn: $0)).count - 1 }
      #expect(ends == turn.ends)

      let features = try fusion.encode(
        VisionRequest(crops: crops, instruction: instruction, queryLength: queryLength))
      let prefill = try fusion.prefill(
        PromptTokens(ids: ids, questionEnds: ends), features: features, answerCapacity: turn.generated.count)
      var sampler = TokenSampler(options: .greedy)
      let tokens = try fusion.generate(
        from: prefill, prompt: ids, sampler: &sampler, endTokens: [], limit: turn.generated.count
      ) { _ in }
      #expect(tokens == turn.generated)

      let answer = tokenizer.answerText(of: turn.putBack)
      #expect(answer == turn.answer)
      conversation.answer(answer)
    }
  }

  /// The same through the runner, as `run` has it with several prompts.
  @Test(arguments: GoldenCase.fixtures)
  func theRunnerHoldsTheConversation(fixture: String) throws {
    let chosen = try #require(Self.cases.first { $0.fixture == fixture && $0.conversation.turns.count == 3 })
    var request = RunRequest(questions: chosen.conversation.turns.map(\.question))
    request.imagePath = Fixtures.path(chosen.conversation.image)
    request.maximumTokenCount = 5
    request.stopsAtEndToken = false
    let report = try ModelRunner(
      path: Fixtures.path(fixture), settings: RunSettings(), execution: try ExecutionOptions.forThisMachine(threads: 2)
    ).run(request)
    #expect(report.turns.map(\.promptIds) == chosen.conversation.turns.map(\.promptIds))
    #expect(report.turns.map(\.tokens) == chosen.conversation.turns.map(\.generated))
  }
}
