import FusionCore

extension FusionError.Code {
  /// The tensors of a checkpoint are not those that its configuration asks for.
  public static let graphMismatch = Self("graph.mismatch")
}

/// All differences between a checkpoint and its configuration, with the reasons that explain most of them.
public struct GraphProblemReport: Sendable, Hashable {
  /// Lines that a text shows for each kind of problem; the rest is counted.
  public static let maximumLinesPerKind = 12

  /// Every problem, by kind; within a kind in canonical order, unexpected names sorted.
  public let problems: [GraphProblem]
  /// Reasons, the most telling first.
  public let likelyCauses: [LikelyCause]
  /// What was asked for, in a few words: family, layers, widths.
  public let modelSummary: String

  /// Whether the checkpoint fits.
  public var isEmpty: Bool { problems.isEmpty }

  /// The problems of one kind.
  public func problems(_ kind: GraphProblem.Kind) -> [GraphProblem] { problems.filter { $0.kind == kind } }

  /// The problems of one kind, the same tensor of several layers as one.
  public func folded(_ kind: GraphProblem.Kind) -> [FoldedProblems] { FoldedProblems.fold(problems(kind)) }

  /// How many problems there are of each kind: `4 missing, 2 of a wrong shape`.
  public var counts: String {
    GraphProblem.Kind.allCases.compactMap { kind in
      let count = problems(kind).count
      return count == 0 ? nil : "\(count) \(kind.words)"
    }
    .joined(separator: ", ")
  }

  /// The whole report as one error.
  public func error(file: String) -> FusionError {
    var lines: [String] = []
    for kind in GraphProblem.Kind.allCases {
      let groups = folded(kind)
      guard !groups.isEmpty else { continue }
      lines.append("\(kind.words):")
      lines += groups.prefix(GraphProblemReport.maximumLinesPerKind).map { "  " + $0.line }
      let rest = groups.dropFirst(GraphProblemReport.maximumLinesPerKind)
      if !rest.isEmpty { lines.append("  and \(rest.reduce(0) { $0 + $1.count }) more") }
    }
    let remedies = likelyCauses.map { "\($0.sentence): \($0.remedy)" }
    return FusionError(
      .graphMismatch, "the tensors are not those of the model", file: file, place: counts, expected: modelSummary,
      found: lines.joined(separator: "\n"),
      remedy: remedies.isEmpty
        ? "check that config.json belongs to these weights and that every shard is complete"
        : remedies.joined(separator: "\n"))
  }
}

extension GraphProblem.Kind {
  fileprivate var words: String {
    switch self {
    case .missing: "missing"
    case .unexpected: "unexpected"
    case .wrongShape: "of a wrong shape"
    case .wrongType: "of a wrong type"
    case .duplicate: "with a name that stands twice"
    }
  }
}
