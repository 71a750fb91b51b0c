import FusionCore

/// One of several equal parts of the questions, for jobs that share the work.
public struct EvaluationShard: Sendable, Hashable {
  /// Which part, from 1.
  public let number: Int
  /// How many there are.
  public let count: Int

  /// All questions.
  public static let whole = EvaluationShard(number: 1, count: 1)
  /// Most parts: more jobs than any question file has use for.
  public static let largestCount = 100_000

  private init(number: Int, count: Int) {
    self.number = number
    self.count = count
  }

  /// Reads `i/n`, `1/1` for all questions.
  ///
  /// - Throws: `.evaluationOption`.
  public init(_ text: String) throws {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let number = parts[0], let count = parts[1], count >= 1, count <= Self.largestCount,
      (1...count).contains(number)
    else {
      throw FusionError.evaluationOption(
        "--shard", expected: "i/n with i from 1 to n, and n up to \(Self.largestCount)", found: text)
    }
    self.init(number: number, count: count)
  }

  /// Whether a question belongs to this part: every n-th one does, so that all parts have about the same to do.
  func contains(_ index: Int) -> Bool { index % count == number - 1 }

  /// `i/n`.
  public var text: String { "\(number)/\(count)" }
}
