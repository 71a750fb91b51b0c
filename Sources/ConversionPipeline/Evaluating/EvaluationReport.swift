import QuestionSets

/// How well a model answered questions; nothing in it depends on time or place, so that a run in parts gives the same.
public struct EvaluationReport: Sendable, Hashable, Encodable {
  /// Points of MME: a hundred for all answers right, and a hundred for all pairs, in each category.
  public struct MMEScore: Sendable, Hashable, Encodable {
    /// Sum over the categories of seeing that were asked, 2000 at most where all of them were.
    public let perception: Double
    /// Sum over the categories of thinking that were asked, 800 at most where all of them were.
    public let cognition: Double
    /// The most that the categories which were asked give.
    public let perceptionMaximum: Double
    /// The most that the categories which were asked give.
    public let cognitionMaximum: Double
    /// Categories that MME has and nobody asked, sorted.
    public let missingCategories: [String]

    init(_ categories: [CategoryScore]) {
      let asked = Set(categories.map(\.name))
      (perception, perceptionMaximum) = Self.points(categories, MMECategories.perception)
      (cognition, cognitionMaximum) = Self.points(categories, MMECategories.cognition)
      missingCategories = MMECategories.all.subtracting(asked).sorted()
    }

    private static func points(_ categories: [CategoryScore], _ names: [String]) -> (sum: Double, maximum: Double) {
      let counted = categories.filter { names.contains($0.name) }
      let sum = counted.reduce(0) { $0 + 100 * (($1.accuracy ?? 0) + ($1.groupAccuracy ?? 0)) }
      return (sum, 200 * Double(counted.count))
    }
  }

  /// Name and version of this form.
  public let schema = "fusion-convert.eval/1"
  /// `model_type` of the model's configuration.
  public let family: String
  /// SHA-256 of samples of the model's files.
  public let modelFingerprint: String
  /// Form of the questions.
  public let format: String
  /// SHA-256 of the question file, or `folder`.
  public let data: String
  /// SHA-256 of the questions as they were read.
  public let questions: String
  /// `i/n` if this is a part of the questions, `1/1` for all.
  public let shard: String
  /// Most tokens of an answer.
  public let maximumTokenCount: Int
  /// What quantized weights were multiplied with: `float32` or `int8`.
  public let activations: String
  /// All questions together.
  public let overall: CategoryScore
  /// Each category, in alphabetical order.
  public let categories: [CategoryScore]
  /// The sums of MME; `nil` for other forms.
  public let mme: MMEScore?

  init(_ header: ResultsHeader, _ questions: [Question], _ lines: [ResultsLine]) {
    family = header["family"]
    modelFingerprint = header["model"]
    format = header["format"]
    data = header["data"]
    self.questions = header["questions"]
    shard = header.shard
    maximumTokenCount = Int(header["maxTokens"]) ?? 0
    activations = header["activations"]
    (overall, categories) = Evaluator.scores(lines.map { questions[$0.index] }, answers: lines.map(\.answer))
    mme = format == QuestionFormat.mme.rawValue ? MMEScore(categories) : nil
  }
}
