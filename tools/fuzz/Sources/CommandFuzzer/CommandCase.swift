/// A command to run: its words, what it reads, and what it may leave.
struct CommandCase {
  /// The words after the program's name.
  var arguments: [String]
  /// Files and folders of the base that it reads.
  private(set) var inputs: [String] = []
  /// Those that it reads and goes on writing, such as the results of an interrupted evaluation.
  private(set) var continued: [String] = []
  /// Names that it may leave when it is done.
  private(set) var outputs: [String] = []
  /// Whether it may leave them when it fails too.
  private(set) var keepsOutputs = false
  /// Seconds of computing that it may take.
  var mostSeconds = 5.0

  init(_ arguments: String...) { self.arguments = arguments }

  var name: String { arguments.first ?? "" }
  var wantsJSON: Bool { arguments.contains("--json") }

  /// Adds words, and the inputs among them, which are marked with an `@`.
  mutating func add(_ words: String...) { add(words) }

  mutating func add(_ words: [String]) {
    for word in words {
      guard let mark = word.firstIndex(of: "@") else {
        arguments.append(word)
        continue
      }
      let path = String(word[word.index(after: mark)...])
      let item = String(path.prefix { $0 != "#" })
      if !inputs.contains(item) { inputs.append(item) }
      arguments.append(word[..<mark] + path.replacing("#", with: ""))
    }
  }

  /// Adds an input that no word names, such as the pictures that questions are about.
  mutating func need(_ input: String) { if !inputs.contains(input) { inputs.append(input) } }

  /// Adds an output, behind the option that names it if there is one.
  mutating func write(_ words: String...) {
    arguments += words
    outputs += words.suffix(1)
  }

  /// States that files of the base are gone on with; they are outputs as well.
  mutating func goOn(with files: [String]) {
    continued += files
    outputs += files
    keepsOutputs = true
  }

  /// States that what is written so far may stay when the command fails.
  mutating func keepOutputs(_ more: [String] = []) {
    keepsOutputs = true
    outputs += more
  }
}
