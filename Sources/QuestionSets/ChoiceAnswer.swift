import FusionCore

/// Reads the letter of an option out of an answer.
public enum ChoiceAnswer {
  private static let letterCount = 26
  private static let phrases = ["answer is", "answer:", "option is", "choice is", "option", "choice"]

  /// The letter that an answer chooses, as a capital; `nil` if it chooses none.
  ///
  /// In this order, and the first that fits decides:
  /// 1. the answer begins with a letter in parentheses, `(B)`, or with a letter followed by one of `.):,` and then
  ///    white space or the end, `B.`, or is a letter and nothing else on its line, `b`;
  /// 2. it is the text of exactly one option, without regard to case, white space and a full stop at the end;
  /// 3. a letter in such a form stands behind `answer is`, `answer:`, `option`, `choice`, with `is` or not.
  ///
  /// A letter beyond the last option is none.
  ///
  /// - Parameter options: texts of the options; empty if they are not known, and then every letter counts.
  public static func letter(in answer: String, options: [String]) -> String? {
    let limit = options.isEmpty ? letterCount : min(options.count, letterCount)
    let characters = Array(answer.trimmed)
    if let letter = letter(at: 0, in: characters, limit) { return letter }
    let wanted = key(answer)
    let equal = options.indices.prefix(letterCount).filter { key(options[$0]) == wanted }
    if equal.count == 1, !wanted.isEmpty { return name(of: equal[0]) }
    let lowercase = Array(answer.trimmed.lowercased())
    guard lowercase.count == characters.count else { return nil }
    for phrase in phrases.map(Array.init) {
      guard let start = lowercase.firstRange(of: phrase)?.upperBound else { continue }
      let next = characters[start...].firstIndex { !$0.isWhitespace && $0 != ":" } ?? characters.endIndex
      if let letter = letter(at: next, in: characters, limit) { return letter }
    }
    return nil
  }

  /// The letter of an option by its place, as a capital.
  ///
  /// - Precondition: the place is below 26.
  public static func name(of option: Int) -> String {
    precondition((0..<26).contains(option), "option \(option)")
    return String(Unicode.Scalar(UInt8(ascii: "A") + UInt8(option)))
  }

  private static func letter(at start: Int, in characters: [Character], _ limit: Int) -> String? {
    guard start < characters.count else { return nil }
    if characters[start] == "(" {
      guard start + 2 < characters.count, characters[start + 2] == ")" else { return nil }
      return option(characters[start + 1], limit)
    }
    guard let found = option(characters[start], limit) else { return nil }
    let rest = characters[(start + 1)...]
    guard let mark = rest.first, !mark.isNewline else { return found }
    guard [".", ")", ":", ","].contains(mark) else { return nil }
    return rest.dropFirst().first?.isWhitespace ?? true ? found : nil
  }

  private static func option(_ character: Character, _ limit: Int) -> String? {
    guard let value = character.asciiValue, character.isLetter else { return nil }
    let option = Int(value & ~0x20) - Int(UInt8(ascii: "A"))
    return option < limit ? name(of: option) : nil
  }

  private static func key(_ text: String) -> String {
    let words = text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return words.hasSuffix(".") ? String(words.dropLast()) : words
  }
}

extension Array where Element == Character {
  /// Where a sequence first occurs.
  fileprivate func firstRange(of part: [Character]) -> Range<Int>? {
    guard part.count <= count else { return nil }
    for start in 0...(count - part.count) where self[start..<start + part.count].elementsEqual(part) {
      return start..<start + part.count
    }
    return nil
  }
}
