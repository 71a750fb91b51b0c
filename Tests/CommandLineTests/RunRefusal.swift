import Foundation
import TestSupport
import Testing

/// Something that `run` must refuse, and how.
struct RunRefusal: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let code: String
  let status: Int32
  /// Words that the message must have, in this order.
  let words: [String]
  /// Makes files in the folder, and gives the arguments after `run`.
  let make: @Sendable (TemporaryFolder) throws -> [String]

  init(
    _ description: String, _ code: String, _ status: Int32, _ words: String...,
    make: @escaping @Sendable (TemporaryFolder) throws -> [String]
  ) {
    testDescription = description
    self.code = code
    self.status = status
    self.words = words
    self.make = make
  }

  private static let phi = Fixtures.path("fusion-phi-tiny")
  private static let ask = ["--prompt", "Hello", "--max-tokens", "4"]

  static let all: [RunRefusal] = pictures + models + options

  private static let pictures = [
    RunRefusal("no such picture", "file.cannotOpen", 66, "absent.png") { _ in [phi, "--image", "absent.png"] + ask },
    RunRefusal("a picture that is a page", "image.unknownFormat", 65, "note.png", "PNG or JPEG", "an HTML page") {
      folder in
      try folder.write("note.png", text: "<!DOCTYPE html><html><body>not found</body></html>")
      return [phi, "--image", "note.png"] + ask
    },
    RunRefusal("an empty picture", "image.unknownFormat", 65, "empty.png") { folder in
      try folder.write("empty.png", [])
      return [phi, "--image", "empty.png"] + ask
    },
    RunRefusal("half a picture", "image.truncated", 65, "half.png") { folder in
      let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("images/image1.png"))))
      try folder.write("half.png", Array(bytes.prefix(bytes.count / 2)))
      return [phi, "--image", "half.png"] + ask
    },
    RunRefusal("3.6 billion pixels", "image.tooLarge", 65, "huge.png", "60000") { folder in
      try folder.write("huge.png", PNGHeader.bytes(width: 60_000, height: 60_000))
      return [phi, "--image", "huge.png"] + ask
    },
    RunRefusal("latents without a picture", "run.option", 64, "query-len", "no picture") { _ in
      [phi, "--query-len", "16"] + ask
    },
    RunRefusal("a blank picture of 144 tokens", "run.option", 64, "image-tokens", "blank") { _ in
      [phi, "--blank-image", "--image-tokens", "144"] + ask
    },
    RunRefusal("a penalty that leaves no number", "options.badOption", 64, "1e-308", "repetition-penalty") { _ in
      [phi, "--temperature", "1", "--repetition-penalty", "1e-308"] + ask
    },
    RunRefusal("end tokens in no known form", "run.malformedEndTokens", 65, "generation_config.json", "eos_token_id") {
      folder in
      try CheckpointCopies.make(of: "fusion-phi-tiny", at: folder.file("source"))
      try folder.write("source/generation_config.json", text: "{\"eos_token_id\": \"end\"}")
      return ["source"] + ask
    },
    RunRefusal("a picture for a language model", "run.option", 64, "image", "phi3") { folder in
      let synth = try CommandRunner.run(["synth", "checkpoint", "--preset", "tiny-phi", "source"], in: folder.path)
      guard synth.status == 0 else { throw CocoaError(.fileWriteUnknown) }
      return ["source", "--image", Fixtures.path("images/image1.png")] + ask
    },
  ]

  private static let models = [
    RunRefusal("no such model", "file.cannotOpen", 66, "absent") { _ in ["absent"] + ask },
    RunRefusal("no tokenizer", "tokenizer.missing", 66, "source", "tokenizer.model or tokenizer.json") { folder in
      try CheckpointCopies.make(of: "fusion-x-llama-tiny", at: folder.file("source"))
      try FileManager.default.removeItem(atPath: folder.file("source/tokenizer.json"))
      return ["source"] + ask
    },
    RunRefusal("the other tokenizer only", "tokenizer.kindMissing", 66, "tokenizer.model") { _ in
      [Fixtures.path("fusion-x-llama-tiny"), "--tokenizer", "slow"] + ask
    },
    RunRefusal("a context that is too short", "runtime.promptTooLong", 64, "max_position_embeddings", "at most 63") {
      folder in
      try CheckpointCopies.make(of: "fusion-phi-tiny", at: folder.file("source"))
      let text = try String(contentsOfFile: folder.file("source/config.json"), encoding: .utf8)
      try folder.write(
        "source/config.json",
        text: text.replacing("\"max_position_embeddings\": 131072", with: "\"max_position_embeddings\": 64"))
      return ["source", "--prompt", String(repeating: "word ", count: 80)]
    },
    RunRefusal("NaN in a weight", "runtime.nonfiniteActivation", 65, "language.layers.2.attention.output.weight, row 5")
    { folder in
      try CheckpointCopies.make(of: "fusion-phi-tiny", at: folder.file("source")) { tensors in
        let name = "model.layers.2.self_attn.o_proj.weight"
        // Row 5, column 0; rows have 128 values of two bytes. 0x7FC0 is NaN.
        tensors[name]?.bytes.replaceSubrange(1280..<1282, with: [0xC0, 0x7F])
      }
      return ["source"] + ask
    },
    RunRefusal("infinity in the vision tower", "runtime.nonfiniteActivation", 65, "vision.layers.3.mlp.up.bias") {
      folder in
      try CheckpointCopies.make(of: "fusion-phi-tiny", at: folder.file("source")) { tensors in
        let name = "model.vision_tower.vision_tower.vision_model.encoder.layers.3.mlp.fc1.bias"
        tensors[name]?.bytes.replaceSubrange(0..<2, with: [0x80, 0x7F])
      }
      return ["source", "--image", Fixtures.path("images/image1.png")] + ask
    },
    RunRefusal("NaN in a projector", "runtime.nonfiniteActivation", 65, "aux_projector.linear2.bias, row 0") { folder in
      try CheckpointCopies.make(of: "fusion-phi-tiny", at: folder.file("source")) { tensors in
        tensors["model.aux_projector.2.bias"]?.bytes.replaceSubrange(0..<2, with: [0xC0, 0x7F])
      }
      return ["source", "--image", Fixtures.path("images/image1.png")] + ask
    },
    RunRefusal("a container of a later version", "container.unsupportedVersion", 65, "model.fusion", "2") { folder in
      try container(folder) { $0[8] = 2 }
      return ["model.fusion"] + ask
    },
    RunRefusal("a damaged weight", "container.chunkDamaged", 65, "model.fusion") { folder in
      try container(folder) { $0[$0.count / 2] ^= 4 }
      return ["model.fusion"] + ask
    },
  ]

  private static let options = [
    RunRefusal("latents it was not trained with", "run.option", 64, "query-len", "one of 16", "9") { _ in
      [phi, "--image", Fixtures.path("images/image1.png"), "--query-len", "9"] + ask
    },
    RunRefusal("image tokens without a root", "run.option", 64, "image-tokens", "perfect square", "143") { _ in
      [phi, "--image", Fixtures.path("images/image1.png"), "--image-tokens", "143"] + ask
    },
    RunRefusal("a picture and none", "run.option", 64, "blank-image") { _ in
      [phi, "--image", Fixtures.path("images/image1.png"), "--blank-image"] + ask
    },
    RunRefusal("a negative temperature", "options.badOption", 64, "-1", "temperature") { _ in
      [phi, "--temperature=-1"] + ask
    },
    RunRefusal("a top-p above 1", "options.badOption", 64, "1.5", "top-p") { _ in [phi, "--top-p", "1.5"] + ask },
    RunRefusal("no tokens", "options.badOption", 64, "'0'", "max-tokens") { _ in
      [phi, "--prompt", "Hello", "--max-tokens", "0"]
    },
  ]

  private static func container(_ folder: TemporaryFolder, _ edit: (inout [UInt8]) -> Void) throws {
    let convert = try CommandRunner.run([phi, "model.fusion"], in: folder.path)
    guard convert.status == 0 else { throw CocoaError(.fileWriteUnknown) }
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.file("model.fusion"))))
    edit(&bytes)
    try folder.write("model.fusion", bytes)
  }
}
