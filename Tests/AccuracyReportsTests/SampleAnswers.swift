import AccuracyReports
import Foundation

/// Answers of two made-up models.
enum SampleAnswers {
  /// Text that must not become markup, code or a terminal's command anywhere.
  static let hostileText =
    "</td><script>window.hacked=1</script>\"'&amp;`|*_\u{1B}[31m\u{202E}\u{0}\r\n<img src=x onerror=hacked()>"

  private static let categories = ["SynthColor", "SynthCount", "SynthSpatial", "SynthScene", "SynthText"]
  private static let colors: [(String, [UInt8])] = [
    ("red", [200, 40, 40]), ("blue", [40, 70, 190]), ("green", [40, 150, 70]), ("yellow", [230, 200, 60]),
  ]

  static func make(changed: Int, hostile: Bool) -> AnswerComparison {
    AnswerComparison(
      questionCount: 200, changedCount: changed + 3,
      referenceAccuracy: ReportedEstimate(value: 0.935, low: 0.892, high: 0.962),
      candidateAccuracy: ReportedEstimate(value: 0.915, low: 0.868, high: 0.946),
      categories: categories.enumerated().map { index, name in
        CategoryAccuracy(
          category: hostile ? name + hostileText : name, questionCount: 40,
          reference: ReportedEstimate(value: 0.95 - 0.01 * Double(index), low: 0.84, high: 0.98),
          candidate: ReportedEstimate(value: 0.925 - 0.005 * Double(index), low: 0.81, high: 0.97),
          majorityGuess: 0.31)
      },
      pairedTest: PairedTest(referenceOnlyCount: 7, candidateOnlyCount: 3, pValue: 0.34375),
      changed: (0..<changed).map { answer($0, hostile ? hostileText : "") })
  }

  private static func answer(_ index: Int, _ suffix: String) -> ChangedAnswer {
    let (name, color) = colors[index % colors.count]
    let (other, background) = colors[(index + 1) % colors.count]
    let sides: [CorrectSide] = [.reference, .candidate, .neither, .reference, .both, .unknown]
    let side = sides[index % sides.count]
    return ChangedAnswer(
      id: "synth-\(index)\(suffix)", category: categories[index % categories.count],
      question: "What colour is the large circle on the left of the picture? Answer with a single word.\(suffix)",
      rightAnswer: side == .unknown ? nil : name + suffix, referenceAnswer: name + suffix,
      candidateAnswer: other + suffix,
      correct: side,
      image: index % 5 == 4
        ? nil
        : AnswerImage(
          name: "images/\(index).png\(suffix)", mediaType: .png, bytes: SamplePicture.png(of: color, on: background)))
  }
}
