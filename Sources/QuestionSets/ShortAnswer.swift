import FusionCore

/// Compares short answers as the VQA challenge and TextVQA do.
public enum ShortAnswer {
  /// The number of people whose answers make the soft score.
  public static let annotatorCount = 10

  /// An answer in the form in which answers are compared.
  ///
  /// The steps are those of the published evaluation server: lower case; commas and question marks dropped and `'s` cut
  /// off as a word; each of `; / [ ] " { } ( ) = + \ _ - > < @ ` !` dropped where it stands beside a space anywhere in the
  /// text, and turned into a space otherwise; full stops dropped unless a digit follows, the first 32 of them; number
  /// words up to ten (and `none`) as digits; articles dropped; contractions given their apostrophe.
  public static func normalized(_ answer: String) -> String {
    var text = answer.lowercased()
    text.removeAll { $0 == "," || $0 == "?" }
    text = text.split(separator: "'s", omittingEmptySubsequences: false).joined(separator: " 's")
    text = String(text.trimmed.map { $0.isNewline || $0 == "\t" ? " " : $0 })
    let words = withoutFullStops(withoutPunctuation(text)).split(whereSeparator: \.isWhitespace).map {
      numbers[String($0)] ?? String($0)
    }
    return words.filter { !articles.contains($0) }.map { Contractions.written[$0] ?? $0 }.joined(separator: " ")
  }

  /// How right an answer is, 0 to 1.
  ///
  /// With the answers of ten people it is the soft score of VQA: for each person, min(1, m / 3) with m the number of
  /// the nine others who gave this answer, and the mean of these ten. With fewer it is 1 if one of them is the answer.
  ///
  /// An answer of which nothing is left, such as an article or a question mark, is right only if it is that very text.
  public static func score(_ answer: String, references: [String]) -> Double {
    let given = normalized(answer)
    let raw = answer.trimmed
    let matches = references.map { given.isEmpty ? !raw.isEmpty && $0.trimmed == raw : normalized($0) == given }
    guard references.count == annotatorCount else { return matches.contains(true) ? 1 : 0 }
    let count = matches.count(where: { $0 })
    let scores = matches.map { min(1, Double($0 ? count - 1 : count) / 3) }
    return scores.reduce(0, +) / Double(scores.count)
  }

  private static let articles: Set<String> = ["a", "an", "the"]
  private static let numbers = [
    "none": "0", "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10",
  ]
  private static let punctuation: [Character] = [
    ";", "/", "[", "]", "\"", "{", "}", "(", ")", "=", "+", "\\", "_", "-", ">", "<", "@", "`", "!",
  ]

  private static func withoutPunctuation(_ text: String) -> String {
    var result = text
    for mark in punctuation where text.contains(mark) {
      let besideSpace = text.contains("\(mark) ") || text.contains(" \(mark)")
      result = String(result.compactMap { $0 != mark ? $0 : besideSpace ? nil : " " })
    }
    return result
  }

  private static func withoutFullStops(_ text: String) -> String {
    let characters = Array(text)
    var dropped = 0
    var result = ""
    for (index, character) in characters.enumerated() {
      let beforeDigit = index + 1 < characters.count && characters[index + 1].isWholeNumber
      if character == ".", !beforeDigit, dropped < 32 {
        dropped += 1
      } else {
        result.append(character)
      }
    }
    return result
  }
}
