import WeightGraph

/// The wording around the messages of a conversation; the raw value is the reference's name for it.
public enum ConversationTemplate: String, CaseIterable, Sendable {
  /// Of models over Phi-3.5.
  case phi3 = "phi_3"
  /// Of models over LLaMA-3.1.
  case llama3 = "llama_3"

  /// The template that a family of models was trained with.
  public init(family: ModelFamily) {
    self = family.hasFusedRows ? .phi3 : .llama3
  }

  /// What the model is told first if a conversation does not say otherwise: the sentence of training.
  public var defaultSystemPrompt: String {
    switch self {
    case .phi3: "You are a helpful AI assistant."
    case .llama3:
      "You are a helpful, highly intelligent language and vision assistant. You are able to understand the visual"
        + " content that the user provides, and assist the user with a variety of tasks using natural language."
        + " Whenever an image is present in the conversation, very carefully examine it and consider its content when"
        + " formulating your response."
    }
  }

  /// Ends every message.
  public var endToken: String {
    switch self {
    case .phi3: "<|end|>"
    case .llama3: "<|eot_id|>"
    }
  }

  /// Begins the text, before the system prompt.
  var systemHeader: String {
    switch self {
    case .phi3: "<|system|>\n"
    case .llama3: "<|start_header_id|>system<|end_header_id|>\n\n"
    }
  }

  /// Begins a question.
  var userHeader: String {
    switch self {
    case .phi3: "\n<|user|>\n"
    case .llama3: "<|start_header_id|>user<|end_header_id|>\n\n"
    }
  }

  /// Begins an answer.
  var assistantHeader: String {
    switch self {
    case .phi3: "\n<|assistant|>\n"
    case .llama3: "<|start_header_id|>assistant<|end_header_id|>\n\n"
    }
  }
}
