import FusionCore
import FusionRuntime
import TextTokenizer
import WeightGraph

/// The tokens that end an answer.
public enum EndTokens {
  /// What generation_config.json says, else config.json; where neither says anything, what ends a message in the template.
  static func of(
    _ model: RunnableModel, _ tokenizer: TextTokenizer, _ template: ConversationTemplate
  ) throws -> Set<Int> {
    for file in ["generation_config.json", "config.json"] {
      if let stated = try ids(in: file, model) { return stated }
    }
    let names =
      switch template {
      case .phi3: ["<|end|>", "<|endoftext|>", "<|assistant|>"]
      case .llama3: ["<|eot_id|>", "<|end_of_text|>", "<|eom_id|>"]
      }
    return Set(names.compactMap(tokenizer.identifier(of:)))
  }

  private static func ids(in file: String, _ model: RunnableModel) throws -> Set<Int>? {
    try model.file(file).flatMap { try stated(in: $0, file: "\(model.path)/\(file)") }
  }

  /// What a generation_config.json or config.json says.
  ///
  /// - Parameter file: its path, for errors.
  /// - Returns: `nil` if it says nothing.
  /// - Throws: `.malformedEndTokens`.
  public static func stated(in bytes: [UInt8], file: String) throws -> Set<Int>? {
    func malformed(_ found: String) -> FusionError {
      FusionError(
        .malformedEndTokens, "the end tokens of the model cannot be read", file: file,
        place: "eos_token_id", expected: "a JSON object in which this is a token id, a list of ids, or not there",
        found: found, remedy: "use the file that was published with the model")
    }
    let fields: [String: JSONValue]
    do {
      fields = try JSONValue.parseObject(bytes, file: file)
    } catch let error as FusionError {
      throw malformed(error.found ?? error.summary)
    }
    let listed: [JSONValue]
    switch fields["eos_token_id"] {
    case nil, .null: return nil
    case .array(let values)?: listed = values
    case let value?: listed = [value]
    }
    return Set(
      try listed.map { value in
        guard case .integer(let id) = value else { throw malformed("something else") }
        return id
      })
  }
}

extension FusionError.Code {
  /// generation_config.json or config.json names its end tokens in no known form.
  public static let malformedEndTokens = Self("run.malformedEndTokens")
}
