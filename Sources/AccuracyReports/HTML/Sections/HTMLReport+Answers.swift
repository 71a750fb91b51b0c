import Foundation

extension HTMLReport {
  /// Task accuracy and the answers that changed.
  @MarkupBuilder var answerSection: Markup {
    if let answers = report.answers {
      section("answers", "Answers") {
        element("p", ["class": "remark"]) {
          "\(answers.changedCount) of \(answers.questionCount) answers changed."
          if let sentence = findings.pairedTestSentence { " " + sentence }
        }
        let table = findings.categoryTable
        if !table.isEmpty { HTMLTable.plain(table, caption: "Right answers by category, with 95 % intervals") }
        let changed = findings.changedAnswers
        if !changed.isEmpty {
          element("h3") { "Changed answers" }
          answerControls(changed)
          element("div", ["class": "answers", "id": "answer-list"]) {
            for answer in changed { card(answer) }
          }
        }
        if answers.changedCount > changed.count {
          element("p", ["class": "remark"]) { "\(answers.changedCount - changed.count) more are not listed." }
        }
      }
    }
  }

  private func answerControls(_ changed: [ChangedAnswer]) -> Markup {
    element("div", ["class": "controls", "id": "answer-controls", "hidden": ""]) {
      element("label") {
        "Show "
        element("select", ["id": "answer-outcome"]) {
          element("option", ["value": ""]) { "all" }
          for side in CorrectSide.allCases where changed.contains(where: { $0.correct == side }) {
            element("option", ["value": side.rawValue]) { ReportFormat.correct(side) }
          }
        }
      }
      element("label") {
        "Filter "
        element("input", ["type": "search", "id": "answer-filter", "placeholder": "question, answer or category"])
      }
      element("output", ["id": "answer-count", "aria-live": "polite"])
    }
  }

  private func card(_ answer: ChangedAnswer) -> Markup {
    element("article", ["data-outcome": answer.correct.rawValue]) {
      if let image = answer.image {
        element(
          "img",
          [
            "src": "data:\(image.mediaType.rawValue);base64,\(image.bytes.base64EncodedString())", "alt": image.name,
            "title": image.name, "loading": "lazy",
          ])
      }
      element("div") {
        element("p", ["class": "tags"]) {
          element("span", ["class": "tag \(answer.correct.rawValue)"]) { ReportFormat.correct(answer.correct) }
          element("span", ["class": "category"]) { Markup(name: answer.category) }
          element("span", ["class": "id"]) { Markup(name: answer.id) }
        }
        element("p", ["class": "question", "dir": "auto"]) { answer.question }
        element("dl") {
          if let right = answer.rightAnswer { line("right", right, "") }
          line("reference", answer.referenceAnswer, Self.isRight(answer.correct, .reference))
          line("candidate", answer.candidateAnswer, Self.isRight(answer.correct, .candidate))
        }
      }
    }
  }

  private func line(_ label: String, _ text: String, _ mark: String) -> Markup {
    element("div") {
      element("dt") { label }
      element("dd", ["dir": "auto", "class": mark]) { text }
    }
  }

  private static func isRight(_ correct: CorrectSide, _ side: CorrectSide) -> String {
    switch correct {
    case .both: "yes"
    case .neither: "no"
    case .unknown: ""
    case .reference, .candidate: correct == side ? "yes" : "no"
    }
  }
}
