import Foundation
import TestSupport
import Testing

/// Files that leave nothing to compute with: a tokenizer that makes no tokens, a context without room, an empty text.
@Suite struct EmptySequenceTests {
  private static let commands: [[String]] = [
    ["run", "source", "--prompt", "Hello", "--max-tokens", "2"],
    ["run", "source", "--prompt", "Hello", "--max-tokens", "2", "--image", Fixtures.path("images/image1.png")],
    ["trace", "source", "--prompt", "Hello", "--answer", "yes", "--output", "t.safetensors", "--force"],
    ["diff", "source", "source", "--samples", "1", "--text-samples", "1"],
    ["diff", "source", "source", "--data", "questions.jsonl"],
    ["diff", "source", "source", "--text", "text.txt"],
    ["eval", "source", "--data", "questions.jsonl"],
    ["calibrate", "source", "c.safetensors", "--force", "--data", "questions.jsonl"],
    ["calibrate", "source", "c.safetensors", "--force", "--data", "text.txt"],
    ["calibrate", "source", "c.safetensors", "--force", "--data", "synth", "--samples", "2"],
  ]

  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try CheckpointCopies.make(of: "fusion-phi-tiny", at: folder.file("source"))
    try folder.write("questions.jsonl", text: EvalFiles.short)
    try folder.write("text.txt", text: "some words")
    return folder
  }

  /// A tokenizer.json with another model, and no other tokenizer beside it.
  private func useFastTokenizer(_ folder: TemporaryFolder, vocabulary: [String: Int]) throws {
    let path = folder.file("source/tokenizer.json")
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    var document = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    var model = try #require(document["model"] as? [String: Any])
    model["vocab"] = vocabulary
    model["merges"] = [String]()
    model["unk_token"] = NSNull()
    document["model"] = model
    document["added_tokens"] = [Any]()
    document["post_processor"] = NSNull()
    try JSONSerialization.data(withJSONObject: document).write(to: URL(fileURLWithPath: path))
    for name in ["tokenizer.model", "added_tokens.json", "special_tokens_map.json", "tokenizer_config.json"] {
      try? FileManager.default.removeItem(atPath: folder.file("source/\(name)"))
    }
  }

  private func expectRefusals(_ folder: TemporaryFolder, statuses: Set<Int32>) throws {
    for command in Self.commands {
      let outcome = try CommandRunner.spawn(["timeout", "300", CommandRunner.program] + command, in: folder.path)
      #expect(statuses.contains(outcome.status), "\(command): \(outcome.status) \(outcome.error)")
      #expect(outcome.status == 0 || outcome.error.hasPrefix("error: "), "\(command): \(outcome.error)")
    }
  }

  @Test func aTokenizerWithoutTokensIsRefused() throws {
    let folder = try folder()
    try useFastTokenizer(folder, vocabulary: [:])
    try expectRefusals(folder, statuses: [64, 65])
    let outcome = try CommandRunner.run(Self.commands[0] + ["--json"], in: folder.path)
    let document = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
    #expect(document?["code"] as? String == "run.promptWithoutTokens", "\(outcome.error)")
  }

  /// So few tokens that there is nothing to predict.
  @Test func aTokenizerOfOneTokenDoesNotTrap() throws {
    let folder = try folder()
    try useFastTokenizer(folder, vocabulary: ["e": 0])
    try expectRefusals(folder, statuses: [0, 64, 65])
  }

  @Test func emptyFilesOfATokenizerAreRefused() throws {
    let folder = try folder()
    try FileManager.default.removeItem(atPath: folder.file("source/tokenizer.json"))
    for bytes: [UInt8] in [[], [0x12, 0x00], [0x0A, 0x00]] {
      try folder.write("source/tokenizer.model", bytes)
      try expectRefusals(folder, statuses: [64, 65])
    }
  }

  /// Contexts of no, one and two positions.
  @Test(arguments: [0, 1, 2])
  func aContextWithoutRoomIsRefused(length: Int) throws {
    let folder = try folder()
    let text = try String(contentsOfFile: folder.file("source/config.json"), encoding: .utf8)
    try folder.write(
      "source/config.json",
      text: text.replacing("\"max_position_embeddings\": 131072", with: "\"max_position_embeddings\": \(length)"))
    try expectRefusals(folder, statuses: [0, 64, 65])
  }

  @Test func emptyTextsAndQuestionsAreRefused() throws {
    let folder = try folder()
    for text in ["", "\n", " "] {
      try folder.write("text.txt", text: text)
      try folder.write("questions.jsonl", text: text)
      for command in Self.commands where command.contains("text.txt") || command.contains("questions.jsonl") {
        let outcome = try CommandRunner.spawn(["timeout", "300", CommandRunner.program] + command, in: folder.path)
        // White space may be tokens.
        let refused: [Int32] = text.isEmpty ? [64, 65] : [0, 64, 65]
        #expect(refused.contains(outcome.status), "\(command): \(outcome.status) \(outcome.error)")
      }
    }
    for prompt in ["", " ", "<image>", "<latent_image>"] {
      for command in ["run", "trace"] {
        let more = command == "trace" ? ["--output", "t.safetensors", "--force"] : []
        let outcome = try CommandRunner.spawn(
          ["timeout", "300", CommandRunner.program, command, "source", "--prompt", prompt, "--max-tokens", "2"] + more,
          in: folder.path)
        #expect([0, 64, 65].contains(outcome.status), "\(command) '\(prompt)': \(outcome.status) \(outcome.error)")
      }
    }
  }
}
