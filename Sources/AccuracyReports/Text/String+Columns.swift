import FusionCore

extension String {
  /// How many columns a terminal needs for this text: 2 for East Asian wide characters and emoji, 0 for marks.
  public var columnCount: Int { reduce(0) { $0 + $1.columnCount } }

  /// This text on one line, safe to print: white space of any kind is one space, control characters are visible.
  public var onOneLine: String {
    split(whereSeparator: \.isWhitespace).joined(separator: " ").proseEscapedForTerminal
  }

  /// This text with its end cut off to fit into some columns.
  public func truncated(toColumns width: Int) -> String {
    guard columnCount > width else { return self }
    return String(prefix(columns: width - 1)) + "…"
  }

  /// This text with its middle cut out to fit into some columns, for names that differ at both ends.
  public func middleTruncated(toColumns width: Int) -> String {
    guard columnCount > width else { return self }
    let head = (width - 1) / 2
    let tail = String(String(reversed()).prefix(columns: width - 1 - head).reversed())
    return String(prefix(columns: head)) + "…" + tail
  }

  /// This name of parts with dots between, shortened to fit into some columns without losing a number: what tells the
  /// layers of a model apart.
  public func nameTruncated(toColumns width: Int) -> String {
    guard columnCount > width else { return self }
    var parts = split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    for index in parts.indices where parts[index].columnCount > 4 && !parts[index].contains(where: \.isNumber) {
      parts[index] = parts[index].prefix(3) + "…"
      let name = parts.joined(separator: ".")
      if name.columnCount <= width { return name }
    }
    guard let first = parts.firstIndex(where: { $0.contains(where: \.isNumber) }), first > 0 else {
      return middleTruncated(toColumns: width)
    }
    return ("…" + parts[first...].joined(separator: ".")).truncated(toColumns: width)
  }

  /// The text with spaces after it up to some columns.
  func padded(toColumns width: Int) -> String { self + String(repeating: " ", count: max(0, width - columnCount)) }

  /// The text with spaces before it up to some columns.
  func leftPadded(toColumns width: Int) -> String { String(repeating: " ", count: max(0, width - columnCount)) + self }

  /// Lines of at most some columns, broken at spaces; a word that is longer is cut into pieces.
  public func wrapped(toColumns width: Int) -> [String] {
    precondition(width > 1, "a line of \(width) columns has no room for a wide character")
    var lines: [String] = []
    var line = ""
    for word in split(separator: " ") {
      var rest = word
      if !line.isEmpty, line.columnCount + 1 + rest.columnCount <= width {
        line += " " + rest
        continue
      }
      if !line.isEmpty { lines.append(line) }
      while rest.columnCount > width {
        let piece = rest.prefix(columns: width)
        lines.append(String(piece))
        rest = rest[piece.endIndex...]
      }
      line = String(rest)
    }
    if !line.isEmpty || lines.isEmpty { lines.append(line) }
    return lines
  }
}

extension StringProtocol {
  /// How many columns a terminal needs for this text.
  var columnCount: Int { reduce(0) { $0 + $1.columnCount } }

  /// As much of the beginning as fits into some columns.
  func prefix(columns width: Int) -> SubSequence {
    var used = 0
    var end = startIndex
    while end < endIndex {
      used += self[end].columnCount
      guard used <= width else { break }
      end = index(after: end)
    }
    return self[startIndex..<end]
  }
}

extension Character {
  /// Columns of a terminal: those of the widest of its scalars, since marks stand on the same place.
  fileprivate var columnCount: Int { unicodeScalars.map(\.columnCount).max() ?? 0 }
}

extension Unicode.Scalar {
  fileprivate var columnCount: Int {
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F000...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    // Plain symbols that emoji presentation makes wide.
    case 0x231A...0x231B, 0x23E9...0x23F3, 0x25FD...0x25FE, 0x2600...0x27BF, 0x2B1B...0x2B1C, 0x2B50, 0x2B55:
      return properties.isEmojiPresentation ? 2 : 1
    default: return 1
    }
  }
}
