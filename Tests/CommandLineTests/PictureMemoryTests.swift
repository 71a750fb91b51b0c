import Foundation
import TestSupport
import Testing

/// Every command that reads pictures takes `--max-image-memory`, and refuses what needs more.
@Suite struct PictureMemoryTests {
  static let commands: [[String]] = [
    ["run", "MODEL", "--image", "IMAGE", "--prompt", "Hello", "--max-tokens", "1"],
    ["trace", "MODEL", "--image", "IMAGE", "--prompt", "Hello", "--output", "trace.safetensors"],
    ["eval", "MODEL", "--data", "questions.jsonl"],
    ["diff", "MODEL", "MODEL", "--data", "questions.jsonl", "--no-answers"],
    ["diff", "MODEL", "MODEL", "--samples", "1", "--text-samples", "0"],
    ["calibrate", "MODEL", "out.safetensors", "--data", "questions.jsonl"],
    ["convert", "MODEL", "out.fusion", "--calibrate", "questions.jsonl"],
    ["convert", "MODEL", "out.fusion", "--measure", "questions.jsonl", "--target-bits", "5"],
    ["convert", "MODEL", "out.fusion", "--dry-run", "--compare", "--measure", "questions.jsonl"],
  ]

  @Test(arguments: commands) func aPictureThatNeedsMoreIsRefused(_ command: [String]) throws {
    let folder = try TemporaryFolder()
    let picture = FileManager.default.contents(atPath: Fixtures.path("images/image1.png"))
    try folder.write("image1.png", [UInt8](try #require(picture)))
    try folder.write(
      "questions.jsonl", text: #"{"question_id": 1, "image": "image1.png", "text": "What is it?", "answer": "red"}"#)
    let names = ["MODEL": Fixtures.path("fusion-phi-tiny"), "IMAGE": "image1.png"]
    let arguments = command.map { names[$0] ?? $0 }
    let outcome = try CommandRunner.run(arguments + ["--max-image-memory", "1MB"], in: folder.path)
    #expect(outcome.status == 65, "\(outcome.error)")
    #expect(outcome.error.contains("reading the picture would take too much memory"), "\(outcome.error)")
    #expect(outcome.error.contains("at most 1000000 bytes of memory"), "\(outcome.error)")
    #expect(outcome.error.contains("--max-image-memory "), "\(outcome.error)")
  }

  @Test func whatTheMessageNamesIsEnough() throws {
    let folder = try TemporaryFolder()
    let arguments = [
      "run", Fixtures.path("fusion-phi-tiny"), "--prompt", "Hello", "--max-tokens", "2", "--image",
      Fixtures.path("images/image3.jpg"),
    ]
    let refused = try CommandRunner.run(arguments + ["--max-image-memory", "100kB"], in: folder.path)
    let option = try #require(refused.error.range(of: #"--max-image-memory [0-9]+MB"#, options: .regularExpression))
    let named = refused.error[option].split(separator: " ").map(String.init)
    let accepted = try CommandRunner.run(arguments + named, in: folder.path)
    #expect(accepted.status == 0, "\(accepted.error)")
    #expect(accepted.output == (try CommandRunner.run(arguments, in: folder.path)).output)
  }
}
