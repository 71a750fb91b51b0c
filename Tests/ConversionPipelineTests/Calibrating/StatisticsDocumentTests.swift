import ConversionPipeline
import Foundation
import TestSupport
import Testing

/// The tables of `formats/statistics.md` against the code and a file.
@Suite struct StatisticsDocumentTests {
  private let document: FormatDocument

  init() throws { document = try FormatDocument("statistics.md") }

  @Test func namesAreTheDocumentedOnes() throws {
    #expect(
      try document.names(under: "### Tensors") == StatisticsSchema.Tensor.allCases.map { "{site}.\($0.rawValue)" })
    #expect(try document.names(under: "### Metadata") == StatisticsSchema.Key.allCases.map(\.rawValue))
    #expect(try document.names(under: "### Sites") == StatisticsSchema.SiteField.allCases.map(\.rawValue))
    #expect(try document.rows(under: "### Metadata")[0].last == "\(StatisticsSchema.name)")
  }

  @Test func aFileHasTheDocumentedTensors() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("s")
    try Calibration.collect(Fixtures.path("fusion-phi-tiny"), .generated, to: path) {
      $0.sampleLimit = 1
      $0.isFull = true
    }
    let file = try RawSafetensors(path: path)
    #expect(Set(try Calibration.metadata(path).keys) == Set(try document.names(under: "### Metadata")))
    let statistics = try CalibrationStatistics(path: path)
    for row in try document.rows(under: "### Tensors") {
      for site in statistics.sites {
        let tensor = try #require(file.tensors[row[0].replacing("{site}", with: site.site)])
        let size = row[2] == "K" ? site.width : site.width * (site.width + 1) / 2
        #expect(tensor.dtype == row[1] && tensor.shape == [size], "\(row)")
      }
    }
    #expect(file.tensors.count == 3 * statistics.sites.count)
  }

  @Test func theReportHasTheDocumentedFields() throws {
    let folder = try TemporaryFolder()
    let report = try Calibration.collect(Fixtures.path("fusion-phi-tiny"), .generated, to: folder.file("s")) {
      $0.sampleLimit = 1
    }
    let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(report)) as? [String: Any]
    #expect(Set(try #require(object).keys) == Set(try document.names(under: "### JSON of calibrate")))
    #expect(object?["schema"] as? String == "fusion-convert.calibration/1")
  }
}
