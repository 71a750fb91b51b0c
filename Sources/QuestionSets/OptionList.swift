import FusionCore

/// Finds the lettered options in the text of a question.
public enum OptionList {
  /// The options' texts in the order of their letters; empty unless there are two at least.
  ///
  /// Two ways of writing are known, with letters that begin at A (or a) and leave none out: `(A) red (B) blue`, on one
  /// line or several, and lines that begin with `A.`, `A)` or `A:`.
  public static func parse(_ text: String) -> [String] {
    let inParentheses = parenthesised(Array(text))
    return inParentheses.isEmpty ? lettered(text) : inParentheses
  }

  private static func parenthesised(_ characters: [Character]) -> [String] {
    for first in [UInt8(ascii: "A"), UInt8(ascii: "a")] {
      var marks: [Int] = []
      var index = 0
      while index + 2 < characters.count, marks.count < 26 {
        if characters[index] == "(", characters[index + 2] == ")",
          characters[index + 1] == Character(Unicode.Scalar(first + UInt8(marks.count)))
        {
          marks.append(index)
        }
        index += 1
      }
      guard marks.count >= 2 else { continue }
      return marks.indices.map { number in
        let start = marks[number] + 3
        let rest = number + 1 < marks.count ? characters[start..<marks[number + 1]] : characters[start...]
        return String(number + 1 < marks.count ? rest[...] : rest.prefix { !$0.isNewline }).trimmed
      }
    }
    return []
  }

  private static func lettered(_ text: String) -> [String] {
    var options: [String] = []
    for line in text.split(whereSeparator: \.isNewline) {
      let characters = Array(String(line).trimmed)
      guard options.count < 26, characters.count >= 2, [".", ")", ":"].contains(characters[1]),
        characters[0] == Character(Unicode.Scalar(UInt8(ascii: "A") + UInt8(options.count)))
      else { continue }
      options.append(String(characters[2...]).trimmed)
    }
    return options.count >= 2 ? options : []
  }
}
