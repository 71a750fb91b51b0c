extension SplitPattern {
  /// Cuts text into consecutive matches that cover it; every character belongs to one of the alternatives.
  func matches(in text: [UInt8]) -> [Range<Int>] {
    text.withUnsafeBufferPointer { bytes in
      var ranges: [Range<Int>] = []
      var start = 0
      while start < bytes.count {
        let end = matchEnd(bytes, from: start)
        ranges.append(start..<end)
        start = end
      }
      return ranges
    }
  }

  private func matchEnd(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    let first = UTF8Text.scalar(bytes, at: start)
    if first == "'", let end = contractionEnd(bytes, from: start) { return end }
    let kind = ScalarClass.of(first)
    let second = start + UTF8Text.length(first: bytes[start])
    let secondKind = second < bytes.count ? ScalarClass.of(UTF8Text.scalar(bytes, at: second)) : nil
    switch kind {
    case .letter: return runEnd(bytes, from: start, of: .letter)
    case .number: return numberEnd(bytes, from: start)
    case .whitespace:
      if secondKind == .letter, takesBeforeWord(first) { return runEnd(bytes, from: second, of: .letter) }
      if first == " ", secondKind == .number, numberTakesSpace { return numberEnd(bytes, from: second) }
      if first == " ", secondKind == .other { return symbolEnd(bytes, from: second) }
      return whitespaceEnd(bytes, from: start)
    case .other:
      if secondKind == .letter, takesBeforeWord(first) { return runEnd(bytes, from: second, of: .letter) }
      return symbolEnd(bytes, from: start)
    }
  }

  private func takesBeforeWord(_ scalar: Unicode.Scalar) -> Bool {
    switch wordPrefix {
    case .space: scalar == " "
    case .anySymbol: scalar != "\r" && scalar != "\n"
    }
  }

  private func contractionEnd(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    guard let (first, afterFirst) = contractionLetter(bytes, at: start + 1) else { return nil }
    switch first {
    case "s", "t", "m", "d": return afterFirst
    case "r", "v", "l":
      guard let (second, afterSecond) = contractionLetter(bytes, at: afterFirst) else { return nil }
      return second == (first == "l" ? "l" : "e") ? afterSecond : nil
    default: return nil
    }
  }

  /// The letter at an index, folded where case does not count, and the index after it.
  private func contractionLetter(
    _ bytes: UnsafeBufferPointer<UInt8>, at index: Int
  ) -> (letter: Unicode.Scalar, end: Int)? {
    guard index < bytes.count else { return nil }
    var scalar = UTF8Text.scalar(bytes, at: index)
    let end = index + UTF8Text.length(first: bytes[index])
    if ignoresCase {
      // The long s folds to s.
      if scalar == "\u{17F}" { scalar = "s" }
      if ("A"..."Z").contains(scalar), let lower = Unicode.Scalar(scalar.value + 0x20) { scalar = lower }
    }
    return (scalar, end)
  }

  private func numberEnd(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var end = start
    var count = 0
    while end < bytes.count, count < maximumNumberCount, ScalarClass.of(UTF8Text.scalar(bytes, at: end)) == .number {
      end += UTF8Text.length(first: bytes[end])
      count += 1
    }
    return end
  }

  private func symbolEnd(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var end = runEnd(bytes, from: start, of: .other)
    guard symbolsTakeLineBreaks else { return end }
    while end < bytes.count, SplitPattern.isLineBreak(bytes[end]) { end += 1 }
    return end
  }

  /// White space as a whole, but without its last character where something else follows: that belongs to the word.
  private func whitespaceEnd(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var end = start
    var last = start
    var afterLineBreak: Int?
    while end < bytes.count, ScalarClass.of(UTF8Text.scalar(bytes, at: end)) == .whitespace {
      last = end
      end += UTF8Text.length(first: bytes[end])
      if SplitPattern.isLineBreak(bytes[last]) { afterLineBreak = end }
    }
    if lineBreaks == .whole, let afterLineBreak { return afterLineBreak }
    return end == bytes.count || last == start ? end : last
  }

  private func runEnd(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, of kind: ScalarClass) -> Int {
    var end = start
    while end < bytes.count, ScalarClass.of(UTF8Text.scalar(bytes, at: end)) == kind {
      end += UTF8Text.length(first: bytes[end])
    }
    return end
  }

  private static func isLineBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
}
