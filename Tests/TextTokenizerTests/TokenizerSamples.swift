import Foundation
import FusionCore
import TestSupport
import TextTokenizer

/// Recorded results of the reference's libraries: the `tokens/*.json` fixtures.
struct TokenizerSamples: Decodable {
  /// A text and its tokens.
  struct Case: Decodable {
    let text: String
    let ids: [Int]
    let idsNoSpecial: [Int]
    let decode: Texts?
    let originalIds: [Int]?
    let originalDecode: Texts?
  }

  /// A text for special tokens skipped and kept.
  struct Texts: Decodable {
    let skip: String
    let keep: String
  }

  struct DecodeCase: Decodable {
    let ids: [Int]
    let decode: Texts?
    let originalDecode: Texts?
    let skip: String?
    let keep: String?
  }

  struct PromptCase: Decodable {
    let prompt: String
    let ids: [Int]
    let originalIds: [Int]
  }

  let cases: [Case]
  let decodeCases: [DecodeCase]
  let imageTokenCases: [PromptCase]?
  /// In the variants: the tokenizer's files (`tokenizer.model` in Base64), its kind and its length.
  let files: [String: String]?
  let choice: String?
  let tokenCount: Int?

  static func read(_ name: String) throws -> TokenizerSamples {
    let data = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("tokens/\(name).json")))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(TokenizerSamples.self, from: data)
  }

  /// The files of a variant.
  func tokenizerFiles() -> [String: [UInt8]] {
    (files ?? [:]).reduce(into: [:]) { result, file in
      if file.key == "tokenizer.model" {
        result[file.key] = Data(base64Encoded: file.value).map { [UInt8]($0) }
      } else {
        result[file.key] = Array(file.value.utf8)
      }
    }
  }
}

extension TokenizerFiles {
  /// The files of a fixture folder.
  static func fixture(_ name: String) -> TokenizerFiles {
    let folder = Fixtures.path(name)
    return TokenizerFiles(origin: folder) {
      FileManager.default.contents(atPath: "\(folder)/\($0)").map { [UInt8]($0) }
    }
  }

  /// Files from memory.
  static func memory(_ files: [String: [UInt8]]) -> TokenizerFiles { TokenizerFiles(origin: "memory") { files[$0] } }

  /// Text files from memory.
  static func texts(_ files: [String: String]) -> TokenizerFiles { memory(files.mapValues { Array($0.utf8) }) }
}

/// The code of the error that a tokenizer is refused with, or `nil` if it is accepted.
func refusal(_ files: TokenizerFiles, _ choice: TokenizerChoice? = nil) throws -> FusionError? {
  do {
    _ = try TextTokenizer(files: files, choice: choice)
    return nil
  } catch let error as FusionError {
    return error
  }
}

/// Compares byte by byte, where `==` would take canonically equivalent texts for equal.
func same(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }
