import Foundation
import TestSupport

/// A folder with one of everything that commands read, and a way to see that none of it was touched.
struct OutputWorkspace {
  let folder: TemporaryFolder

  /// Makes a checkpoint `ckpt`, an adapter `lora`, a container `m.fusion`, questions `q/questions.jsonl` with a picture
  /// `q/p.png`, a text `t.txt`, a plan `p.json` and statistics `s.stats`.
  init() throws {
    folder = try TemporaryFolder()
    let manager = FileManager.default
    try manager.copyItem(atPath: Fixtures.path("fusion-phi-tiny"), toPath: folder.file("ckpt"))
    try manager.copyItem(atPath: Fixtures.path("lora/patterns"), toPath: folder.file("lora"))
    try manager.createDirectory(atPath: folder.file("q"), withIntermediateDirectories: true)
    try manager.copyItem(atPath: Fixtures.path("images/image1.png"), toPath: folder.file("q/p.png"))
    try folder.write(
      "q/questions.jsonl",
      text: #"{"question_id": 1, "image": "p.png", "text": "What is it?", "answer": "a thing"}"# + "\n")
    try folder.write("t.txt", text: String(repeating: "A text to read. ", count: 60))
    for words in [
      ["ckpt", "m.fusion", "--quant", "keep", "--save-plan", "p.json"],
      ["calibrate", "ckpt", "s.stats", "--data", "t.txt", "--context", "32"],
    ] {
      let outcome = try run(words)
      guard outcome.status == 0 else { throw Failure(text: outcome.error) }
    }
  }

  struct Failure: Error { let text: String }

  func run(_ arguments: [String]) throws -> CommandRunner.Outcome {
    try CommandRunner.run(arguments, in: folder.path)
  }

  /// Every file below with its content; folders and links with what they are.
  func content() throws -> [String: Data] {
    let root = URL(fileURLWithPath: folder.path)
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    return Dictionary(
      uniqueKeysWithValues: names.map { name in
        (name, (try? Data(contentsOf: root.appendingPathComponent(name))) ?? Data("no file".utf8))
      })
  }
}
