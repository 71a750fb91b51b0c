import ConversionPipeline
import FusionCore

/// The report of an evaluation, for people; at most 100 columns wide with ordinary names.
struct EvalText {
  let report: EvaluationReport

  var text: String {
    let part = report.shard == "1/1" ? "" : ", part \(report.shard)"
    var lines = [
      "\(report.family.escapedForTerminal), model \(report.modelFingerprint.prefix(12)), "
        + "activations \(report.activations.escapedForTerminal), "
        + "questions \(report.questions.prefix(12)) (\(report.format))\(part)",
      table,
    ]
    if let yesNo = report.overall.yesNo {
      lines.append(
        "  yes/no    precision \(percent(yesNo.precision)), recall \(percent(yesNo.recall)), F1 \(percent(yesNo.f1)), "
          + "yes \(percent(yesNo.yesRatio))")
    }
    if let count = report.overall.groupCount, let right = report.overall.rightGroupCount {
      lines.append("  together  \(right) of \(count) groups all right (\(percent(report.overall.groupAccuracy)))")
    }
    if let mme = report.mme {
      lines.append(
        "  MME       perception \(Format.decimal(mme.perception, 1)) of \(Format.decimal(mme.perceptionMaximum, 0)), "
          + "cognition \(Format.decimal(mme.cognition, 1)) of \(Format.decimal(mme.cognitionMaximum, 0))")
      if !mme.missingCategories.isEmpty {
        lines.append(
          "note: not the whole of MME, so the sums do not compare with published ones; not asked: "
            + mme.missingCategories.joined(separator: ", "))
      }
    }
    let unread = report.overall.unreadableCount
    if unread > 0 { lines.append("note: answers that were nothing that could be right, and count as wrong: \(unread)") }
    let unscored = report.overall.questionCount - report.overall.scoredCount
    if unscored > 0 {
      lines.append("note: questions without a right answer to judge by, which count nowhere: \(unscored)")
    }
    if report.overall.lenientAccuracy != nil {
      lines.append("note: accuracy keeps to the published judges' rule; lenient reads letters in other forms, too")
    }
    return lines.joined(separator: "\n")
  }

  private var table: String {
    let hasGroups = report.overall.groupCount != nil
    let hasChoices = report.overall.lenientAccuracy != nil
    let more = (hasChoices ? ["lenient"] : []) + (hasGroups ? ["groups"] : [])
    var table = TextTable(
      header: ["category", "right", "accuracy", "95 % interval"] + more + ["majority guess"],
      alignments: [.left, .right, .right, .left] + more.map { _ in .right } + [.left])
    let isOne = report.categories.count == 1 && report.categories[0].name.isEmpty
    for category in isOne ? [] : report.categories { table.add(row(category, category.name, hasGroups)) }
    table.add(row(report.overall, "all", hasGroups))
    return table.text
  }

  private func row(_ score: CategoryScore, _ name: String, _ hasGroups: Bool) -> [String] {
    let interval = score.accuracy == nil ? "-" : "\(percent(score.lower)) ... \(percent(score.upper))"
    let baseline = score.baselineAnswer.map { "\(percent(score.baseline)) (\($0.prefix(20)))" } ?? "-"
    let groups = score.groupCount.map { "\(score.rightGroupCount ?? 0) of \($0)" } ?? "-"
    return [
      name.isEmpty ? "(none)" : name, score.scoredCount == 0 ? "-" : "\(score.rightCount) of \(score.scoredCount)",
      percent(score.accuracy), interval,
    ] + (report.overall.lenientAccuracy == nil ? [] : [percent(score.lenientAccuracy)]) + (hasGroups ? [groups] : [])
      + [baseline]
  }

  private func percent(_ share: Double?) -> String { share.map { "\(Format.decimal(100 * $0, 1)) %" } ?? "-" }
}
