import AccuracyReports

/// Finds where a candidate goes wrong beyond what its rounding explains.
struct FaultFinder {
  /// A tensor is suspect if its relative error is this many times the median of the tensors that are kept as it is.
  private static let suspectRatio = 4.0
  /// Errors of tensors below this are no fault, whatever the others have.
  private static let leastWeightError = 0.02
  /// A jump is a growth of at least this from one point to the next.
  private static let jumpGrowth = 5.0
  /// Relative error that a jump ends at, at least: where a suspect tensor was at work, and where none was.
  private static let leastJump = (suspect: 0.02, unexplained: 0.5)

  let tensors: [TensorDifference]
  let activations: [ActivationDifference]

  /// The first point that is wrong, with the tensors to look at; `nil` if none is.
  func find() -> FirstBadPoint? {
    let suspects = suspects()
    for (index, point) in activations.enumerated() {
      let prefixes = ActivationPoint.weights(of: point.point)
      let near = suspects.filter { tensor in prefixes.contains { tensor.name.hasPrefix($0) } }
      // A sampler stands before the point of the decoder layer whose output it reads: with sound weights of its own it
      // only shows what that layer did.
      if point.point.hasPrefix("sampler."), near.isEmpty { continue }
      if let bad = point.bad { return nonfinite(point, bad, near) }
      let before = activations[..<index].last { $0.part == point.part }?.relativeError ?? 0
      let least = near.isEmpty ? Self.leastJump.unexplained : Self.leastJump.suspect
      let isJump = point.relativeError >= least && point.relativeError >= Self.jumpGrowth * before
      if isJump && before > 0 || !near.isEmpty && point.relativeError > 0 {
        return jump(point, before: before, near)
      }
    }
    guard let worst = suspects.first else { return nil }
    // The samples did not go through it, or it does no harm to them.
    return FirstBadPoint(
      point: worst.name, kind: .jump, sentence: Self.sentence(worst) + ", though no activation shows it",
      tensors: suspects.map(\.name))
  }

  /// Tensors whose error does not belong to the way that they are kept, the worst first.
  private func suspects() -> [TensorDifference] {
    let groups = Dictionary(grouping: tensors) { $0.scheme }
    return groups.values.flatMap { group -> [TensorDifference] in
      let errors = group.map { $0.relativeError.isNaN ? .infinity : $0.relativeError }.sorted()
      guard errors.count > 2 else { return group.filter { $0.relativeError.isNaN } }
      let limit = max(Self.suspectRatio * errors[errors.count / 2], Self.leastWeightError)
      return group.filter { $0.relativeError.isNaN || $0.relativeError > limit }
    }.sorted { $0.relativeError > $1.relativeError || $0.relativeError.isNaN && !$1.relativeError.isNaN }
  }

  private func nonfinite(
    _ point: ActivationDifference, _ kind: BadValueKind, _ near: [TensorDifference]
  ) -> FirstBadPoint {
    let what = kind == .nan ? "NaN" : "infinity"
    var sentence = "the candidate computes \(what) here, the reference does not"
    if let tensor = near.first { sentence += "; \(Self.sentence(tensor))" }
    return FirstBadPoint(point: point.point, kind: kind, sentence: sentence, tensors: names(near, point))
  }

  private func jump(_ point: ActivationDifference, before: Double, _ near: [TensorDifference]) -> FirstBadPoint {
    let error = ReportFormat.percent(point.relativeError)
    var sentence = "the relative error is \(error) here, and was \(ReportFormat.percent(before)) before"
    if let tensor = near.first { sentence += "; \(Self.sentence(tensor))" }
    return FirstBadPoint(point: point.point, kind: .jump, sentence: sentence, tensors: names(near, point))
  }

  private static func sentence(_ tensor: TensorDifference) -> String {
    "\(tensor.name) differs by \(ReportFormat.percent(tensor.relativeError)), far more than others kept as"
      + " \(tensor.scheme)"
  }

  /// Suspects, or else all weights that were at work.
  private func names(_ near: [TensorDifference], _ point: ActivationDifference) -> [String] {
    guard near.isEmpty else { return near.map(\.name) }
    let prefixes = ActivationPoint.weights(of: point.point)
    return tensors.filter { tensor in !tensor.isExact && prefixes.contains { tensor.name.hasPrefix($0) } }.map(\.name)
  }
}
