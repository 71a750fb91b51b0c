/// The input of one or several linear layers, and how many rows of it were seen.
struct InputSite: Sendable {
  /// The first weight's canonical name without `.weight`.
  let name: String
  /// Canonical names of the weights that are multiplied with it.
  let weights: [String]
  /// Values in a row.
  let width: Int
  /// Rows that are words.
  var languageRowCount = 0
  /// Rows that came from a picture.
  var visionRowCount = 0

  /// - Parameter weights: one at least.
  init(weights: [String], width: Int) {
    precondition(!weights.isEmpty, "an input of nothing")
    name = Self.name(of: weights[0])
    self.weights = weights
    self.width = width
  }

  /// The site that is named after a weight.
  static func name(of weight: String) -> String {
    weight.hasSuffix(".weight") ? String(weight.dropLast(".weight".count)) : weight
  }
}
