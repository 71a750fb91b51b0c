import Foundation
import TestSupport

/// What the reference was asked in a golden case, and what it answered.
struct GoldenAnswer: Decodable, Sendable {
  struct Generated: Decodable, Sendable {
    let ids: [Int]
    let text: String
  }

  struct OtherTokenizer: Decodable, Sendable {
    let generated: Generated
  }

  /// Path of the picture below the fixtures.
  let image: String?
  let question: String?
  let answers: [String]?
  let generated: Generated
  /// The same with the ids of tokenizer.json; Phi only.
  let withFastTokenizer: OtherTokenizer?
  /// Positions of the prompt.
  let seqLen: Int?
  /// Latents of a turn.
  let queryLen: Int?
  let numPatches: Int?

  static let fixtures = ["fusion-phi-tiny", "fusion-x-llama-tiny"]

  static func load(_ fixture: String, _ name: String) throws -> GoldenAnswer {
    let path = Fixtures.path("golden/\(fixture)/\(name).json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(GoldenAnswer.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
  }

  /// Options that ask what the reference was asked, for as many tokens.
  var options: [String] {
    (image.map { ["--image", Fixtures.path($0)] } ?? [])
      + ["--prompt", question ?? "Write one sentence about free software licenses.", "--max-tokens", "24"]
  }
}
