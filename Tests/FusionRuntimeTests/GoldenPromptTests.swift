import Foundation
import FusionRuntime
import TestSupport
import Testing

/// The prompts that the reference built.
@Suite struct GoldenPromptTests {
  private struct Golden: Decodable {
    let prompt: String
    let question: String?
    let instruction: String?

    enum CodingKeys: String, CodingKey {
      case prompt, question
      case instruction = "instruct_text"
    }
  }

  private func golden(_ model: String, _ name: String) throws -> Golden {
    let url = URL(fileURLWithPath: Fixtures.path("golden/\(model)/\(name).json"))
    return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: url))
  }

  private static let models: [(String, ConversationTemplate)] = [
    ("fusion-phi-tiny", .phi3), ("fusion-x-llama-tiny", .llama3),
  ]

  @Test(arguments: models, ["case1", "case2"])
  func withAPicture(model: (String, ConversationTemplate), name: String) throws {
    let golden = try golden(model.0, name)
    var conversation = Conversation(template: model.1, markers: .image)
    conversation.ask(try #require(golden.question))
    #expect(conversation.prompt == golden.prompt)
    #expect(conversation.instruction == golden.instruction)
  }

  @Test(arguments: models)
  func textAsInTraining(model: (String, ConversationTemplate)) throws {
    let golden = try golden(model.0, "text_zero_image")
    var conversation = Conversation(template: model.1, markers: .latentsOnly)
    conversation.ask(try #require(golden.question))
    #expect(conversation.prompt == golden.prompt)
  }

  @Test(arguments: models)
  func plainText(model: (String, ConversationTemplate)) throws {
    var conversation = Conversation(template: model.1, markers: .none)
    conversation.ask("Write one sentence about free software licenses.")
    #expect(try conversation.prompt == golden(model.0, "text_plain").prompt)
  }
}
