import FusionCore

/// Reads yes or no out of an answer.
public enum YesNoAnswer {
  /// Whether an answer says yes; `nil` if it says neither.
  ///
  /// The first sentence counts (up to a full stop or the end of the line), in words of letters without regard to case.
  /// Its first word decides if it is yes or no; otherwise no or not anywhere in it means no, as in the published
  /// evaluation of POPE, and yes anywhere means yes. That evaluation takes everything else for yes; here it is neither,
  /// and wrong.
  public static func value(in answer: String) -> Bool? {
    let sentence = answer.trimmed.prefix { $0 != "." && !$0.isNewline }
    let words = sentence.lowercased().split { !$0.isLetter }
    switch words.first {
    case "yes": return true
    case "no": return false
    default: break
    }
    if words.contains("no") || words.contains("not") { return false }
    return words.contains("yes") ? true : nil
  }

  /// What a stated right answer says, which is the one word; `nil` for any other text.
  static func exact(_ answer: String) -> Bool? {
    switch answer.trimmed.lowercased() {
    case "yes": true
    case "no": false
    default: nil
    }
  }
}
