import ConversionPipeline
import FusionCore

/// A generation_config.json: the tokens that end an answer, the same from a file of just them.
enum GenerationFuzzing {
  static func run(_ bytes: UnsafeRawBufferPointer) throws {
    let file = "generation_config.json"
    guard let tokens = try EndTokens.stated(in: Array(bytes), file: file) else { return }
    let text = "{\"eos_token_id\":[\(tokens.map(String.init).joined(separator: ","))]}"
    let again = try FuzzFinding.accepting("the list of its tokens") {
      try EndTokens.stated(in: Array(text.utf8), file: file)
    }
    try FuzzFinding.require(again == tokens, "\(tokens) became \(again ?? [])")
  }
}
