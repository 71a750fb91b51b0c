import Foundation
import FusionCore
import FusionRuntime
import TextTokenizer

/// The tokens that end an answer.
public enum EndTokens {
  private struct Configuration: Decodable {
    /// One id, or several.
    enum Tokens: Decodable {
      case one(Int), several([Int])

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let id = try? container.decode(Int.self) {
          self = .one(id)
        } else {
          self = .several(try container.decode([Int].self))
        }
      }
    }

    let endTokens: Tokens?

    enum CodingKeys: String, CodingKey {
      case endTokens = "eos_token_id"
    }
  }

  /// What generation_config.json says; without it, what config.json says and what ends a message in the template.
  static func of(
    _ model: RunnableModel, _ tokenizer: TextTokenizer, _ template: ConversationTemplate
  ) throws -> Set<Int> {
    if let stated = try ids(in: "generation_config.json", model) { return stated }
    let names =
      switch template {
      case .phi3: ["<|end|>", "<|endoftext|>", "<|assistant|>"]
      case .llama3: ["<|eot_id|>", "<|end_of_text|>", "<|eom_id|>"]
      }
    return try (ids(in: "config.json", model) ?? []).union(names.compactMap(tokenizer.identifier(of:)))
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
    guard let configuration = try? JSONDecoder().decode(Configuration.self, from: Data(bytes)) else {
      throw FusionError(
        .malformedEndTokens, "the end tokens of the model cannot be read", file: file,
        place: "eos_token_id", expected: "a JSON object in which this is a token id, a list of ids, or not there",
        found: "something else", remedy: "use the file that was published with the model")
    }
    switch configuration.endTokens {
    case nil: return nil
    case .one(let id): return [id]
    case .several(let ids): return Set(ids)
    }
  }
}

extension FusionError.Code {
  /// generation_config.json or config.json names its end tokens in no known form.
  public static let malformedEndTokens = Self("run.malformedEndTokens")
}
