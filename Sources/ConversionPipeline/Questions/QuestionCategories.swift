import FusionCore
import SyntheticData

/// The categories that ``QuestionSynthesizer`` knows, by name.
public enum QuestionCategories {
  /// All names.
  public static var names: [String] { SceneCategory.allCases.map(\.rawValue) }

  /// The categories of a list with commas; all of them for `nil`.
  ///
  /// - Throws: a usage error that lists the names.
  public static func named(_ list: String?) throws -> Set<SceneCategory> {
    guard let list else { return Set(SceneCategory.allCases) }
    return Set(
      try list.split(separator: ",", omittingEmptySubsequences: false).map { name in
        guard let category = SceneCategory(rawValue: String(name)) else {
          throw FusionError(
            .unknownQuestionCategory, "unknown category of questions", place: "--categories",
            expected: names.joined(separator: ", "), found: String(name), remedy: "choose among these names")
        }
        return category
      })
  }
}

extension FusionError.Code {
  /// A category of questions is not known.
  public static let unknownQuestionCategory = Self("options.unknownQuestionCategory", .usage)
}
