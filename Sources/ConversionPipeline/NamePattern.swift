import Glibc

/// A shell pattern over tensor names: `*` any run of characters, `?` one character, `[...]` a set.
public struct NamePattern: Sendable, Hashable {
  /// The pattern as given.
  public let text: String

  /// Any text is a pattern.
  public init(_ text: String) { self.text = text }

  /// Whether one of a tensor's names fits; a dot is a character like any other.
  public func matches(_ names: String...) -> Bool { names.contains { fnmatch(text, $0, 0) == 0 } }
}
