import Foundation
import FusionCore

/// Reads the letter of an option out of an answer in the many forms that models give it.
///
/// The score that is compared with published ones keeps to ``ChoiceAnswer``, the rule of the published judges; this reading
/// stands beside it and shows how much of a low score is form alone.
public enum LenientChoice {
  /// The letter that an answer chooses, as a capital; `nil` if it chooses none, or several.
  ///
  /// Wide letters count as plain ones; emphasis, code marks, dollar signs and `\boxed{}` are left out, and all brackets are
  /// parentheses. Then a letter is a statement
  /// 1. behind a phrase such as `answer is`, `option`, `答案是`, or before `is correct` and the like,
  /// 2. at the beginning or alone on its line, if punctuation, nothing, or its option's text follows.
  /// The last statement that is not taken back (`(A) is wrong`) decides. Without one, it is the only letter that stands in
  /// parentheses, or else the only option whose text occurs.
  ///
  /// - Parameter options: texts of the options; empty if they are not known, and then every letter counts.
  public static func letter(in answer: String, options: [String]) -> String? {
    let text = Array(plain(ends(of: answer)))
    let tokens = text.indices.compactMap { Token(at: $0, in: text, options: options) }
    if let last = tokens.last(where: { $0.isStatement && !$0.isTakenBack }) { return last.letter }
    let enclosed = Set(tokens.filter { $0.isEnclosed && !$0.isTakenBack }.map(\.letter))
    if let only = enclosed.first { return enclosed.count == 1 ? only : nil }
    return mentioned(in: String(text), options)
  }

  /// Letters of the beginning and of the end that are looked at: in between, no answer says what it is.
  private static let endCount = 8192

  private static func ends(of answer: String) -> String {
    let scalars = answer.unicodeScalars
    guard scalars.count > 2 * endCount else { return answer }
    return String(scalars.prefix(endCount)) + "\n" + String(scalars.suffix(endCount))
  }

  /// The only option whose text occurs as whole words; one that is a part of another that occurs does not count.
  private static func mentioned(in answer: String, _ options: [String]) -> String? {
    let words = " \(words(answer)) "
    let found = options.indices.prefix(26).filter { index in
      let own = Self.words(options[index])
      return !own.isEmpty && words.contains(" \(own) ")
    }
    let longest = found.filter { index in
      !found.contains { $0 != index && " \(Self.words(options[$0])) ".contains(" \(Self.words(options[index])) ") }
    }
    return longest.count == 1 ? ChoiceAnswer.name(of: longest[0]) : nil
  }

  fileprivate static func words(_ text: String) -> String {
    text.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: " ")
  }

  /// An answer without what only decorates it.
  private static func plain(_ answer: String) -> String {
    var text = answer.precomposedStringWithCompatibilityMapping
    for _ in 0..<3 {
      text = text.replacing(#/\\(?:boxed|fbox|text|textbf|mathbf|mathrm)\{([^{}]*)\}/#) { "(\($0.1))" }
    }
    return String(
      text.trimmed.compactMap { character -> Character? in
        switch character {
        case "*", "`", "$", "_", "\"", "“", "”", "#": nil
        case "[", "{", "<", "【", "〔": "("
        case "]", "}", ">", "】", "〕": ")"
        default: character
        }
      }
    ).trimmed
  }
}

/// A letter that stands for itself in an answer.
private struct Token {
  let letter: String
  /// Whether it says what the answer is.
  let isStatement: Bool
  /// Whether the answer says that it is not this one.
  let isTakenBack: Bool
  /// Whether it stands in parentheses.
  let isEnclosed: Bool

  private static let phrases = [
    "answer", "option", "choice", "choose", "select", "pick", "答案", "选", "选择", "答",
  ]
  /// Between a phrase and the letter.
  private static let links = [" is", " would be", " should be", " to be", "是", "为"]
  private static let confirmations = [
    "is correct", "is right", "is the correct", "is the right", "is the answer", "is the best", "是正确", "正确",
  ]
  private static let denials = [
    "is wrong", "is incorrect", "is not", "isn't", "is false", "cannot be", "can't be", "不正确", "错误", "不对",
  ]
  private static let marks: Set<Character> = [".", ")", ":", ",", ";", "-", "–", "—", "!", "(", "。", "，", "、"]

  /// Letters before and after that are looked at.
  private static let reach = 200

  /// - Returns: `nil` if there is no letter of an option at a place, or it is a part of a word.
  init?(at index: Int, in text: [Character], options: [String]) {
    let limit = options.isEmpty ? 26 : min(options.count, 26)
    guard let value = text[index].asciiValue, text[index].isLetter else { return nil }
    let option = Int(value & ~0x20) - Int(UInt8(ascii: "A"))
    func isWord(_ place: Int) -> Bool {
      guard text.indices.contains(place) else { return false }
      return text[place].isASCII && (text[place].isLetter || text[place].isNumber || text[place] == "'")
    }
    guard option < limit, !isWord(index - 1), !isWord(index + 1) else { return nil }
    letter = ChoiceAnswer.name(of: option)
    isEnclosed = index > 0 && text[index - 1] == "(" && index + 1 < text.count && text[index + 1] == ")"
    let before = String(text[max(0, index - Self.reach)..<index]).lowercased()
    let after = String(text[(index + 1)...].prefix(Self.reach)).lowercased()
    let next = after.drop { $0 == " " || $0 == ")" }
    isTakenBack =
      Self.denials.contains(where: next.hasPrefix) || before.trimmingSuffix(" (").hasSuffix(" not")
      || before.trimmingSuffix(" (").hasSuffix("isn't")
    // A letter that a word follows is an article, or a word of its own; but for its option's text.
    let own = options.indices.contains(option) ? LenientChoice.words(options[option]) : ""
    let rest = LenientChoice.words(after)
    let isFollowedByText = !own.isEmpty && (rest == own || rest.hasPrefix(own + " "))
    let isClosed = after.isEmpty || after.first.map { $0.isNewline || Self.marks.contains($0) } == true
    let isOneOfSeveral = ["or ", "and ", "/"].contains(where: next.hasPrefix)
    let ends = (isClosed || isFollowedByText || next.isEmpty) && !isOneOfSeveral
    // Capitals but for these are no words of their own.
    let isNoWord = text[index].isUppercase && !["A", "I"].contains(letter)
    var lead = before.trimmingSuffix(" (:")
    for link in Self.links where lead.hasSuffix(link) { lead = String(lead.dropLast(link.count)) }
    lead = lead.trimmingSuffix(" (:")
    let isLed = Self.phrases.contains(where: lead.hasSuffix) && (ends || (isNoWord && !isOneOfSeveral))
    let isConfirmed = Self.confirmations.contains(where: next.hasPrefix)
    let line = before.split(separator: "\n", omittingEmptySubsequences: false).last.map(String.init) ?? ""
    let isFirst = index < Self.reach && before.trimmingSuffix(" (").isEmpty
    let isAlone =
      (line.count < before.count || index < Self.reach) && line.trimmingSuffix(" (").isEmpty
      && after.prefix { !$0.isNewline }.allSatisfy { $0 == " " || Self.marks.contains($0) }
    isStatement = isLed || isConfirmed || (isFirst && ends) || isAlone
  }
}

extension String {
  /// This text without some characters at its end.
  fileprivate func trimmingSuffix(_ characters: String) -> String {
    var rest = self[...]
    while let last = rest.last, characters.contains(last) { rest = rest.dropLast() }
    return String(rest)
  }
}
