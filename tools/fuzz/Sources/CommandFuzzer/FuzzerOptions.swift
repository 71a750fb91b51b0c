/// The command line of the fuzzer, as `tools/fuzz/commands --help` explains it.
struct FuzzerOptions: Sendable {
  var runs = 1000
  var seed: UInt64 = 1
  var jobs = 1
  /// The one run to repeat.
  var only: Int?
  var program = ""
  var fixtures = ""
  var scratch = ""
  var findings = ""

  /// A command line that cannot be followed.
  struct Misuse: Error { let sentence: String }

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    while let name = rest.popFirst() {
      guard let value = rest.popFirst() else { throw Misuse(sentence: "\(name) needs a value") }
      switch name {
      case "--runs": runs = try Self.number(name, value)
      case "--seed": seed = UInt64(try Self.number(name, value))
      case "--jobs": jobs = try Self.number(name, value)
      case "--only": only = try Self.number(name, value)
      case "--program": program = value
      case "--fixtures": fixtures = value
      case "--scratch": scratch = value
      case "--keep-findings": findings = value
      default: throw Misuse(sentence: "unknown option '\(name)'")
      }
    }
    if findings.isEmpty { findings = scratch + "/findings" }
  }

  private static func number(_ name: String, _ text: String) throws -> Int {
    guard let value = Int(text), (name == "--jobs" ? 1 : 0) <= value else {
      throw Misuse(sentence: "\(name) takes a whole number")
    }
    return value
  }
}
