/// What went wrong with something that came from outside: a file, an option, the disk.
///
/// Every field is for a person to read: which file, which place in it, what was expected there, what was found, and
/// what to do about it. A programmer's broken promise is never one of these, it is a `precondition`.
public struct FusionError: Error, Sendable, Equatable {
  /// A stable name for one way of being wrong; targets add theirs in extensions.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The name, in dotted lower case: `safetensors.headerTooLarge`.
    public let rawValue: String
    /// Decides the exit status.
    public let category: Category

    /// Makes a code; two codes with the same name are the same.
    public init(_ rawValue: String, _ category: Category = .malformedInput) {
      self.rawValue = rawValue
      self.category = category
    }

    /// A code by name alone, as malformed input.
    public init(rawValue: String) { self.init(rawValue) }

    /// Equal names are equal codes.
    public static func == (a: Code, b: Code) -> Bool { a.rawValue == b.rawValue }

    /// Hashes the name.
    public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
  }

  /// The kinds of failure that a caller can react to; the raw value is the exit status.
  public enum Category: Int32, Sendable {
    /// Done, but a limit that the user set was missed.
    case thresholdMissed = 3
    /// Wrong options or arguments.
    case usage = 64
    /// The input was read and is not what it should be.
    case malformedInput = 65
    /// The input does not exist or cannot be opened.
    case missingInput = 66
    /// A defect of this program.
    case internalDefect = 70
    /// The output cannot be created.
    case cannotCreate = 73
    /// Reading or writing failed on the way: disk full, device error.
    case inputOutput = 74
  }

  /// Which rule was broken.
  public var code: Code
  /// One sentence, lower case, no full stop.
  public var summary: String
  /// The file that the error is in.
  public var file: String?
  /// Where in it: an offset, a tensor, a field.
  public var place: String?
  /// What the rule asks for.
  public var expected: String?
  /// What is there instead.
  public var found: String?
  /// What the user can do.
  public var remedy: String?

  /// Makes an error; leave out only what does not exist (an option has no offset).
  ///
  /// - Parameter found: often quoted from a file; an empty text becomes the word nothing, so that a line says something.
  public init(
    _ code: Code, _ summary: String, file: String? = nil, place: String? = nil, expected: String? = nil,
    found: String? = nil, remedy: String? = nil
  ) {
    self.code = code
    self.summary = summary
    self.file = file
    self.place = place
    self.expected = expected
    self.found = found == "" ? "nothing" : found
    self.remedy = remedy
  }
}

extension FusionError: CustomStringConvertible {
  /// The whole error on several lines, safe to print: control characters of hostile names are escaped.
  public var description: String {
    var lines = ["error: " + summary.escapedForTerminal]
    let fields = [
      ("file", file), ("place", place), ("expected", expected), ("found", found), ("do", remedy),
    ]
    for (name, value) in fields {
      guard let value, !value.isEmpty else { continue }
      let label = "  " + (name + ":").padding(toWidth: 10)
      let text = value.split(separator: "\n", omittingEmptySubsequences: false)
      for (index, line) in text.enumerated() {
        lines.append((index == 0 ? label : String(repeating: " ", count: 12)) + String(line).escapedForTerminal)
      }
    }
    return lines.joined(separator: "\n")
  }
}

extension FusionError {
  /// The same error said of another file, for a caller that knows the path when the thrower did not.
  public func inFile(_ path: String) -> FusionError {
    var copy = self
    copy.file = copy.file ?? path
    return copy
  }
}
