import FusionRuntime
import Testing
import WeightGraph

@Suite struct ConversationTests {
  @Test func everyTurnCarriesLatentsAndOnlyTheFirstThePicture() {
    var conversation = Conversation(template: .phi3, markers: .image)
    conversation.ask("What is it?")
    let first = conversation.prompt
    conversation.answer("A cat.")
    conversation.ask("And its colour?")
    #expect(
      conversation.prompt == first + "A cat.<|end|>\n<|user|>\n<vision_start><latent_image><vision_end>"
        + "And its colour?<|end|>\n<|assistant|>\n")
    #expect(conversation.prompt(ofTurn: 0) == first)
    #expect(conversation.prompt(ofTurn: 1) == conversation.prompt)
    #expect(conversation.turnCount == 2)
  }

  @Test func llamaPutsNoLineBetweenTurns() {
    var conversation = Conversation(template: .llama3, systemPrompt: "Be brief.", markers: .none)
    conversation.ask("One?")
    conversation.answer("1")
    conversation.ask("Two?")
    #expect(
      conversation.prompt == "<|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>"
        + "<|start_header_id|>user<|end_header_id|>\n\nOne?<|eot_id|>"
        + "<|start_header_id|>assistant<|end_header_id|>\n\n1<|eot_id|>"
        + "<|start_header_id|>user<|end_header_id|>\n\nTwo?<|eot_id|>"
        + "<|start_header_id|>assistant<|end_header_id|>\n\n")
  }

  @Test func anAnsweredConversationEndsWithItsAnswer() {
    var conversation = Conversation(template: .phi3, systemPrompt: "S", markers: .none)
    #expect(!conversation.isWaiting)
    conversation.ask("Q")
    #expect(conversation.isWaiting)
    conversation.answer("A<|end|>")
    #expect(!conversation.isWaiting)
    #expect(
      conversation.prompt == "<|system|>\nS<|end|>\n<|user|>\nQ<|end|>\n<|assistant|>\nA<|end|><|end|>",
      "an end token in the answer is doubled, as in the reference")
  }

  @Test func anEmptyAnswerLeavesNoEndToken() {
    var conversation = Conversation(template: .phi3, systemPrompt: "S", markers: .none)
    conversation.ask("Q")
    conversation.answer("")
    conversation.ask("R")
    #expect(
      conversation.prompt
        == "<|system|>\nS<|end|>\n<|user|>\nQ<|end|>\n<|assistant|>\n\n<|user|>\nR<|end|>\n<|assistant|>\n")
  }

  @Test func anAnswerAddsNoSlots() {
    var conversation = Conversation(template: .llama3, systemPrompt: "S", markers: .image)
    conversation.ask("Q")
    let first = conversation.prompt
    conversation.answer("see <image> and <latent_image>.")
    #expect(conversation.prompt == first + "see  and .<|eot_id|>")
  }

  @Test func theInstructionGrowsWithoutSeparator() {
    var conversation = Conversation(template: .llama3, markers: .image)
    #expect(conversation.instruction.isEmpty)
    conversation.ask(" What is it? ")
    #expect(conversation.instruction == "What is it?")
    conversation.answer("A cat.")
    conversation.ask("And its colour?\n")
    #expect(conversation.instruction == "What is it? And its colour?")
  }

  @Test func questionsKeepTheirWhiteSpaceInThePrompt() {
    var conversation = Conversation(template: .phi3, markers: .image)
    conversation.ask("  Where?\n")
    #expect(conversation.prompt.hasSuffix("<image><vision_end>\n  Where?\n<|end|>\n<|assistant|>\n"))
  }

  @Test func eachFamilyHasItsTemplate() {
    let templates = ModelFamily.allCases.map { ConversationTemplate(family: $0) }
    #expect(ModelFamily.allCases == [.fusionPhi, .fusionLlama, .phi3, .llama])
    #expect(templates == [.phi3, .llama3, .phi3, .llama3])
    #expect(ConversationTemplate(rawValue: "llama_3")?.endToken == "<|eot_id|>")
    #expect(ConversationTemplate(rawValue: "phi_3")?.endToken == "<|end|>")
  }
}
