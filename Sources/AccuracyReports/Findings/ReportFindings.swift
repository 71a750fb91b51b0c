/// What stands out in a report: the same for every form that people read.
struct ReportFindings {
  let report: DiffReport

  init(_ report: DiffReport) { self.report = report }

  /// Tensors that differ, the largest relative error first.
  var worstTensors: [TensorDifference] {
    report.tensors.filter { !$0.isExact }.sorted { Self.rank($0.relativeError) > Self.rank($1.relativeError) }
  }

  /// How many tensors are equal in both models.
  var exactTensorCount: Int { report.tensors.count(where: \.isExact) }

  /// Whether the error of single layers was measured, rather than only what has gathered up to each of them.
  var hasOwnErrors: Bool { report.activations.contains { $0.ownError != nil } }

  /// Trace points by the series that they belong to, both in the order of computation; a point that is not one of a
  /// series is one by itself.
  var series: [(name: String, part: ActivationPart, points: [ActivationDifference])] {
    var result: [(name: String, part: ActivationPart, points: [ActivationDifference])] = []
    var places: [String: Int] = [:]
    for point in report.activations.sorted(by: { $0.order < $1.order }) {
      let name = point.series
      if let place = places[name] {
        result[place].points.append(point)
      } else {
        places[name] = result.count
        result.append((name, point.part, [point]))
      }
    }
    return result
  }

  /// Trace points where most error enters, most first: by their own error where that was measured, otherwise by how
  /// far they are above the point before them.
  var entryPoints: [(point: ActivationDifference, added: Double)] {
    let byOrder = report.activations.sorted { $0.order < $1.order }
    var added: [(point: ActivationDifference, added: Double)] = []
    if hasOwnErrors {
      added = byOrder.compactMap { point in point.ownError.map { (point, $0) } }
    } else {
      for part in ActivationPart.allCases {
        var before = 0.0
        for point in byOrder where point.part == part {
          added.append((point, point.relativeError - before))
          before = point.relativeError
        }
      }
    }
    return added.filter { $0.added.isNaN || $0.added > 0 }
      .sorted { Self.rank($0.added) > Self.rank($1.added) }
  }

  /// Changed answers, those that became wrong first, then those that became right.
  var changedAnswers: [ChangedAnswer] {
    let order: [CorrectSide] = [.reference, .candidate, .neither, .unknown, .both]
    return order.flatMap { side in (report.answers?.changed ?? []).filter { $0.correct == side } }
  }

  /// How many times smaller the candidate is on disk; nil where a size is missing.
  var storedRatio: Double? { Self.ratio(report.reference.storedByteCount, report.candidate.storedByteCount) }

  /// How many times smaller the candidate is in memory; nil where a size is missing.
  var residentRatio: Double? { Self.ratio(report.reference.residentByteCount, report.candidate.residentByteCount) }

  private static func ratio(_ a: Int, _ b: Int) -> Double? { a > 0 && b > 0 ? Double(a) / Double(b) : nil }

  /// A value to sort by: what is not a number is worse than everything.
  private static func rank(_ value: Double) -> Double { value.isNaN ? .infinity : value }
}
