import Foundation
import TestSupport
import Testing

/// Every option of every command with values that nobody means: the program does what was asked or refuses it in the one
/// form of an error, and never traps.
@Suite struct OptionValueTests {
  private static let digits = String(repeating: "9", count: 5000)
  private static let numbers = [
    "nan", "inf", "-inf", "1e19", "1e308", "1e-320", "-1", "0", "-0.0", "1", "0x10", "1e3", "9223372036854775807",
    "9223372036854775808", "-9223372036854775808", "18446744073709551615", "18446744073709551616", "", " ", "1 ", "+1",
    digits,
  ]
  /// Of these, what needs no long walk: where each value that is taken costs a look at a picture, which takes a second.
  private static let fewNumbers = ["nan", "1e19", "-1", "0", "9223372036854775808", "", digits]
  private static let pictureOptions: Set = ["--query-len", "--image-tokens", "--images", "--max-image-memory"]
  /// For options that take a text, a path or a word.
  private static let texts = ["", " ", "nan", "-1", digits]
  /// Options whose value says how much is to be done: what is in range may take as long as it says.
  private static let amounts: Set = ["--samples", "--text-samples", "--count", "--chunks"]
  /// What the README says about the exit status, but for that of a defect.
  private static let statuses: Set<Int32> = [0, 3, 64, 65, 66, 73, 74]

  /// Arguments with which a command works on small files, after which an option may follow.
  private static func arguments(_ command: [String], _ option: String) -> [String] {
    let picture = ["--image", Fixtures.path("images/image1.png")]
    let isAboutPictures = pictureOptions.contains(option)
    let questions = isAboutPictures ? "questions.jsonl" : "one.jsonl"
    let own: [String]
    switch command.joined(separator: " ") {
    case "convert":
      let isTarget = option.hasPrefix("--target-")
      own =
        ["source", "out.fusion", "--force", "--quiet"] + (option == "--bits" ? ["--coding", "entropy"] : [])
        + (isTarget ? ["--measure", "none"] : [])
    case "inspect": own = ["source"]
    case "verify": own = ["model.fusion"]
    case "diff":
      let isAboutText = ["--context", "--chunks"].contains(option)
      own =
        ["source", "model.fusion", "--no-answers", "--force"]
        + (isAboutText ? ["--text", "text.txt"] : ["--data", questions])
    case "run": own = ["source", "--prompt", "Hello", "--max-tokens", "2"] + (isAboutPictures ? picture : [])
    case "trace":
      own =
        ["source", "--prompt", "Hello", "--output", "trace.safetensors", "--force", "--max-tokens", "2"]
        + (isAboutPictures ? picture : [])
    case "eval": own = ["source", "--data", questions, "--max-tokens", "2"]
    case "calibrate":
      own = ["source", "inputs.safetensors", "--force", "--context", "16", "--samples", "2", "--data", "text.txt"]
    case "export": own = ["source", "exported", "--force"]
    case "synth qa": own = ["--count", "5", "--out", "questions", "--force"]
    case "synth checkpoint": own = ["--preset", "tiny", "made", "--force"]
    default: own = []
    }
    return command + own + ["--json", "--threads", "2"]
  }

  /// A folder with a small model of little context, a container of it, a text and questions.
  private static func makeFolder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try CheckpointCopies.make(of: "fusion-phi-tiny", at: folder.file("source"))
    let configuration = try String(contentsOfFile: folder.file("source/config.json"), encoding: .utf8)
    try folder.write(
      "source/config.json",
      text: configuration.replacing(
        "\"max_position_embeddings\": 131072", with: "\"max_position_embeddings\": 1024"))
    try folder.write("text.txt", text: String(repeating: "one two three four ", count: 60))
    try folder.write("questions.jsonl", text: EvalFiles.short)
    try folder.write("one.jsonl", text: #"{"question_id": 1, "text": "What is it?", "answer": "a thing"}"# + "\n")
    let convert = try CommandRunner.run(["source", "model.fusion", "--quant", "int8"], in: folder.path)
    #expect(convert.status == 0, "\(convert.error)")
    return folder
  }

  private static let commands = [
    "convert", "inspect", "verify", "diff", "run", "trace", "eval", "calibrate", "export", "synth qa",
    "synth checkpoint",
  ]

  @Test func allCommandsAreKnownHere() throws {
    #expect(Set(try CommandOptions.all().map { $0.command.joined(separator: " ") }) == Set(Self.commands))
  }

  @Test(arguments: commands)
  func noValueTraps(name: String) throws {
    let command = try #require(try CommandOptions.all().first { $0.command.joined(separator: " ") == name })
    let folder = try Self.makeFolder()
    var numberCount = 0
    for (option, choices) in command.options {
      let base = Self.arguments(command.command, option)
      let probe = try check(base + ["\(option)=x y"], folder)
      let range = probe.contains("': it takes ")
      if range { numberCount += 1 }
      let numbers = Self.pictureOptions.contains(option) ? Self.fewNumbers : Self.numbers
      for value in range ? numbers + Self.ends(probe) : choices.isEmpty ? Self.texts : [""] {
        guard !Self.amounts.contains(option) || (Int(value) ?? 0) <= 10 else { continue }
        try check(base + ["\(option)=\(value)"], folder)
      }
      // Apart from the option's name, a value may look like an option.
      try check(base + [option, "-1"], folder)
      try check(base + [option], folder)
    }
    #expect(numberCount >= 1)
  }

  /// Values at and beyond the ends of the range that a refusal names.
  private static func ends(_ refusal: String) -> [String] {
    let words = refusal.components(separatedBy: "': it takes ").last?.prefix { $0 != "\n" && $0 != "\"" } ?? ""
    let numbers = words.split { !"0123456789.".contains($0) }.map(String.init)
    return numbers.flatMap { text in
      guard let number = Int(text) else { return [text] }
      return [text]
        + [number.subtractingReportingOverflow(1), number.addingReportingOverflow(1)]
        .filter { !$0.overflow }.map { String($0.partialValue) }
    }
  }

  /// Runs the program, which must end as documented.
  ///
  /// - Returns: what it printed on standard error.
  @discardableResult
  private func check(_ arguments: [String], _ folder: TemporaryFolder) throws -> String {
    let outcome = try CommandRunner.spawn(["timeout", "60", CommandRunner.program] + arguments, in: folder.path)
    let said = Comment(rawValue: "\(arguments.map { $0.prefix(40) }): \(outcome.status)\n\(outcome.error.prefix(2000))")
    #expect(Self.statuses.contains(outcome.status), said)
    guard outcome.status != 0, outcome.status != 3 else { return outcome.error }
    let lines = outcome.error.split(separator: "\n")
    #expect(lines.filter { $0.hasPrefix("error: ") }.count == 1, said)
    #expect(lines.allSatisfy { $0.hasPrefix("error: ") || $0.hasPrefix("  ") }, said)
    #expect(outcome.error.contains("\n  do: "), said)
    #expect(outcome.error.utf8.count < 8192, said)
    let document = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
    #expect(document?["exitStatus"] as? Int == Int(outcome.status), said)
    #expect(document?["schema"] as? String == "fusion-convert.error/1", said)
    return outcome.error
  }
}
