/// The report as one HTML file for a browser.
///
/// The file asks for nothing from elsewhere, and its content security policy forbids it to. Everything can be read
/// without JavaScript, which only adds sorting and filtering. All text from files is escaped.
public struct HTMLReport {
  let findings: ReportFindings

  /// Prepares a report.
  public init(_ report: DiffReport) { findings = ReportFindings(report) }

  var report: DiffReport { findings.report }

  /// The whole page, ending with a line feed.
  public var text: String {
    let page = element("html", ["lang": "en"]) {
      element("head") {
        element("meta", ["charset": "utf-8"])
        element("meta", ["http-equiv": "Content-Security-Policy", "content": Self.policy])
        element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
        element("meta", ["name": "color-scheme", "content": "light dark"])
        element("meta", ["name": "referrer", "content": "no-referrer"])
        element("meta", ["name": "generator", "content": report.programVersion])
        element("title") { "\(report.candidate.path) against \(report.reference.path): accuracy report" }
        element("style") { PageStyle.markup }
      }
      element("body") {
        header
        element("main") {
          verdictSection
          gateSection
          predictionSection
          layerSection
          tensorSection
          answerSection
          sensitivitySection
          modelSection
          adviceSection
          termSection
        }
        element("footer") { footer }
        element("script") { PageScript.markup }
      }
    }
    return "<!DOCTYPE html>\n" + page.html + "\n"
  }

  /// What the page may load: nothing but its own style and script, and pictures that are in it.
  public static let policy =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    + "form-action 'none'"

  private var header: Markup {
    element("header") {
      element("div", ["class": "inner"]) {
        element("h1") { "Accuracy report" }
        element("p", ["class": "models"]) {
          element("span", ["class": "path"]) { Markup(name: report.candidate.path) }
          element("span", ["class": "against"]) { "against" }
          element("span", ["class": "path"]) { Markup(name: report.reference.path) }
        }
        element("nav", ["aria-label": "Sections"]) {
          for (id, title) in sectionTitles {
            element("a", ["href": "#\(id)"]) { title }
          }
        }
      }
    }
  }

  private var sectionTitles: [(String, String)] {
    var titles = [("verdict", "Verdict")]
    if report.gate != nil { titles.append(("gate", "Gate")) }
    titles.append(("predictions", "Predictions"))
    if !report.activations.isEmpty { titles.append(("layers", "Layers")) }
    if !report.tensors.isEmpty { titles.append(("tensors", "Tensors")) }
    if report.answers != nil { titles.append(("answers", "Answers")) }
    if report.sensitivity != nil { titles.append(("sensitivity", "Sensitivity")) }
    return titles + [("models", "Size and speed"), ("next", "What to do next")]
  }

  private var footer: Markup {
    var parts = [report.programVersion, "schema \(report.schema)"]
    if let seconds = report.elapsedSeconds { parts.append("the comparison took \(ReportFormat.seconds(seconds))") }
    return Markup(text: parts.filter { !$0.isEmpty }.joined(separator: " · "))
  }

  /// A section with a heading that the navigation can point to.
  func section(_ id: String, _ title: String, @MarkupBuilder _ content: () -> Markup) -> Markup {
    element("section", ["id": id, "aria-labelledby": "\(id)-title"]) {
      element("h2", ["id": "\(id)-title"]) { title }
      content()
    }
  }
}
