import FusionCore

/// A promise that an input has broken.
public struct FuzzFinding: Error, CustomStringConvertible {
  /// What should have held, and what was seen.
  public let description: String

  init(_ description: String) { self.description = description }

  /// Throws unless something holds.
  static func require(_ holds: Bool, _ promise: @autoclosure () -> String) throws {
    if !holds { throw FuzzFinding(promise()) }
  }

  /// Runs a step that must not refuse, since what it works on was accepted before.
  static func accepting<Result>(_ step: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as FusionError {
      throw FuzzFinding("\(step) refused what was accepted before: \(error)")
    }
  }

  /// Longest text of an error, in bytes: whatever an input holds, its refusal fits on a screen.
  private static let longestError = 8192

  /// Holds an error against the rules for errors of malformed input.
  static func check(_ error: FusionError) throws {
    let text = error.description
    let name = error.code.rawValue
    try require(error.code.category == .malformedInput, "\(name) is no error of an input:\n\(text)")
    try require(name.utf8.contains(UInt8(ascii: ".")), "the code \(name) names no target:\n\(text)")
    for (field, value) in [
      ("file", error.file), ("expected", error.expected), ("found", error.found), ("remedy", error.remedy),
    ] {
      try require(value.map { !$0.isEmpty } ?? false, "\(name) does not say its \(field):\n\(text)")
    }
    try require(error.place != "", "\(name) has an empty place:\n\(text)")
    let summary = error.summary
    try require(
      !summary.isEmpty && !summary.hasSuffix(".") && summary.first?.isUppercase != true || startsWithName(summary),
      "\(name) has no summary of one sentence in lower case:\n\(text)")
    try require(text.utf8.count <= longestError, "\(name) takes \(text.utf8.count) bytes:\n\(text.prefix(2000))")
    try require(
      text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x0A }, "\(name) holds a control character:\n\(text)")
  }

  /// A sentence may begin with the name of a format, which has its own capitals.
  private static func startsWithName(_ summary: String) -> Bool {
    summary.prefix { $0 != " " }.dropFirst().contains { $0.isUppercase }
  }
}
