import AccuracyReports
import Foundation
import Testing

/// A page of a report with a script at its end that uses it as a reader would, and writes down what happened.
struct DrivenPage {
  /// What the script found, as JSON.
  struct Findings: Decodable {
    let errors: [String]
    let requests: [String]
    let names: [String]
    let buttonCount: Int
    let ascending: [String]
    let descending: [String]
    let byName: [String]
    let sortMarks: [String]
    let filtered: [String]
    let filterCount: String
    let byPart: [String]
    let inexactCount: Int
    let answers: [String]
    let imageWidths: [Int]
    let pageWidth: Int
  }

  private static let listener = """
    <script>
    window.testErrors = [];
    window.addEventListener("error", function (e) { testErrors.push(String(e.message || e.target.outerHTML)); }, true);
    document.addEventListener("securitypolicyviolation", function (e) { testErrors.push("policy: " + e.blockedURI); });
    </script>
    """

  private static let driver = """
    <script>
    window.addEventListener("load", function () {
      const table = document.getElementById("tensor-table");
      const rows = function () { return Array.from(table.tBodies[0].rows); };
      const name = function (row) { return row.cells[0].textContent; };
      const names = function () { return rows().map(name); };
      const shown = function () { return rows().filter(function (r) { return !r.hidden; }).map(name); };
      const head = function (title) {
        return Array.from(table.tHead.rows[0].cells).find(function (h) { return h.textContent.trim() === title; });
      };
      const enter = function (id, value) {
        const field = document.getElementById(id);
        if (field.type === "checkbox") field.checked = value; else field.value = value;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      };
      const found = { names: names(), buttonCount: table.querySelectorAll("th button").length };
      head("cosine").firstChild.click();
      found.descending = names();
      head("cosine").firstChild.click();
      found.ascending = names();
      found.sortMarks = Array.from(table.querySelectorAll("[aria-sort]"), function (h) {
        return h.textContent.trim() + " " + h.getAttribute("aria-sort");
      });
      head("tensor").firstChild.click();
      found.byName = names();
      enter("tensor-filter", "LAYERS.3 int4");
      found.filtered = shown();
      found.filterCount = document.getElementById("tensor-count").textContent;
      enter("tensor-filter", "");
      enter("tensor-part", "projector");
      found.byPart = shown();
      enter("tensor-part", "");
      enter("tensor-inexact", true);
      found.inexactCount = shown().length;
      enter("answer-outcome", "candidate");
      found.answers = Array.from(document.querySelectorAll("#answer-list article"))
        .filter(function (a) { return !a.hidden; }).map(function (a) { return a.querySelector(".id").textContent; });
      const images = Array.from(document.images);
      for (const image of images) image.loading = "eager";
      Promise.all(images.map(function (image) { return image.decode().catch(function () {}); })).then(function () {
        found.imageWidths = images.map(function (image) { return image.naturalWidth; });
        found.pageWidth = document.documentElement.scrollWidth - document.documentElement.clientWidth;
        found.errors = testErrors;
        found.requests = performance.getEntriesByType("resource").map(function (e) { return e.name; })
          .filter(function (n) { return !n.startsWith("data:"); });
        const result = document.createElement("pre");
        result.id = "test-result";
        result.textContent = btoa(unescape(encodeURIComponent(JSON.stringify(found))));
        document.body.append(result);
      });
    });
    </script>
    """

  let findings: Findings
  let console: [String]

  /// Opens a page and lets the script use it.
  init(_ report: DiffReport) throws {
    let html = HTMLReport(report).text.replacing("<style>", with: Self.listener + "<style>", maxReplacements: 1)
      .replacing("</body>", with: Self.driver + "</body>")
    let outcome = try HeadlessBrowser().open(html)
    console = outcome.console
    let start = try #require(outcome.dom.range(of: "<pre id=\"test-result\">"), "the script did not come to its end")
    let text = outcome.dom[start.upperBound...].prefix { $0 != "<" }
    let data = try #require(Data(base64Encoded: String(text)))
    findings = try JSONDecoder().decode(Findings.self, from: data)
  }
}
