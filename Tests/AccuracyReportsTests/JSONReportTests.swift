import AccuracyReports
import Foundation
import FusionCore
import Testing

struct JSONReportTests {
  @Test(arguments: [SampleReport.full(), SampleReport.full(hostile: true), SampleReport.empty(withNumbers: true)])
  func aReportSurvivesTheRoundTrip(report: DiffReport) throws {
    #expect(try JSONReport.decode(JSONReport.encode(report)) == report)
  }

  @Test func valuesThatAreNotFiniteSurvive() throws {
    let text = try JSONReport.encode(SampleReport.minimal())
    #expect(text.contains("\"relativeError\" : \"Infinity\""))
    #expect(text.contains("\"signalToNoise\" : \"-Infinity\""))
    #expect(text.contains("\"maximumError\" : \"NaN\""))
    let back = try JSONReport.decode(text)
    #expect(back.tensors[0].relativeError == .infinity)
    #expect(back.tensors[0].signalToNoise == -.infinity)
    #expect(back.tensors[0].maximumError.isNaN)
    // NaN is equal to nothing, so the texts are compared.
    #expect(try JSONReport.encode(back) == text)
  }

  @Test func picturesAreBase64() throws {
    let report = SampleReport.full()
    let image = try #require(report.answers?.changed.first?.image)
    #expect(image.bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    #expect(try JSONReport.encode(report).contains("\"bytes\" : \"\(image.bytes.base64EncodedString())\""))
  }

  @Test func nothingInTheTextCanDriveATerminal() throws {
    let text = try JSONReport.encode(SampleReport.full(hostile: true))
    #expect(!text.unicodeScalars.contains { $0 != "\n" && $0.isUnsafeInNames })
    #expect(text.hasSuffix("}\n"))
  }

  @Test func anotherSchemaIsRefused() throws {
    let text = try JSONReport.encode(SampleReport.empty()).replacing("fusion-convert.diff/2", with: "other/9")
    let error = #expect(throws: FusionError.self) { try JSONReport.decode(text, file: "report.json") }
    #expect(error?.code == .reportSchema)
    #expect(error?.file == "report.json")
    #expect(error?.place == "schema")
    #expect(error?.expected == ReportSchema.name)
    #expect(error?.found == "other/9")
  }

  @Test(arguments: [
    ("", ""), ("[1, 2]", ""), ("{}", "schema"), ("{\"schema\": \"fusion-convert.diff/2\"}", "programVersion"),
    ("{\"schema\": 3}", "schema"),
  ])
  func whatIsNoReportIsRefused(text: String, place: String) {
    let error = #expect(throws: FusionError.self) { try JSONReport.decode(text) }
    #expect(error?.code == .malformedReport)
    #expect(error?.place == place)
  }

  @Test func aWrongFieldIsNamed() throws {
    let text = try JSONReport.encode(SampleReport.minimal()).replacing(
      "\"cosine\" : \"NaN\"", with: "\"cosine\" : true")
    let error = #expect(throws: FusionError.self) { try JSONReport.decode(text) }
    #expect(error?.code == .malformedReport)
    #expect(error?.place == "tensors.[0].cosine" || error?.place == "activations.[0].cosine")
  }

  @Test func aNewerFieldIsIgnored() throws {
    let report = SampleReport.empty(withNumbers: true)
    let text = try JSONReport.encode(report).replacing("{\n  \"activations\"", with: "{\n  \"new\": 1, \"activations\"")
    #expect(text.contains("\"new\""))
    #expect(try JSONReport.decode(text) == report)
  }
}
