import ConversionPipeline
import Foundation
import FusionCore
import TestSupport
import Testing

/// Reading statistics files, good and bad.
@Suite struct CalibrationStatisticsTests {
  @Test func meansAndSecondMomentsComeBack() throws {
    let folder = try TemporaryFolder()
    let path = try StatisticsFile().write(in: folder)
    let statistics = try CalibrationStatistics(path: path)
    #expect(statistics.isFull && statistics.family == "llama" && statistics.dataDigest.hasPrefix("dd"))
    #expect(statistics.weights == TokenWeights(language: 2, vision: 0.5))
    #expect(statistics.sites.map(\.site) == ["a.q", "b"])
    let inputs = try #require(statistics.inputs(ofWeight: "a.k.weight"))
    #expect(inputs.site == "a.q" && inputs.weights == ["a.q.weight", "a.k.weight"])
    #expect(inputs.languageRowCount == 3 && inputs.visionRowCount == 4 && inputs.weightedRowCount == 8)
    #expect(inputs.squareMeans == [1, 2, 3] && inputs.magnitudeMeans == [0.5, 1, 1.5] && inputs.width == 3)
    #expect(try statistics.packedSecondMoment(ofWeight: "a.q.weight") == [1, 2, 3, 4, 5, 6])
    #expect(try statistics.secondMoment(ofWeight: "a.k.weight") == [1, 2, 3, 2, 4, 5, 3, 5, 6])
    #expect(statistics.inputs(ofWeight: "c.weight") == nil)
    #expect(try statistics.secondMoment(ofWeight: "c.weight") == nil)
  }

  @Test func aWholeFileComesBack() throws {
    let folder = try TemporaryFolder()
    let source = Fixtures.path("fusion-x-llama-tiny")
    let path = folder.file("s")
    try Calibration.collect(source, .generated, to: path) {
      $0.sampleLimit = 2
      $0.isFull = true
    }
    let statistics = try CalibrationStatistics(path: path)
    try statistics.check(areOf: source)
    #expect(Pipeline.refusal { try statistics.check(areOf: Fixtures.path("fusion-phi-tiny")) }?.file == path)
    for site in statistics.sites {
      let weight = site.weights[site.weights.count - 1]
      let matrix = try #require(try statistics.secondMoment(ofWeight: weight))
      let packed = try #require(try statistics.packedSecondMoment(ofWeight: weight))
      let width = site.width
      #expect(matrix.count == width * width && packed.count == width * (width + 1) / 2)
      var index = 0
      for row in 0..<width {
        for column in row..<width {
          #expect(matrix[row * width + column] == packed[index] && matrix[column * width + row] == packed[index])
          index += 1
        }
        let mean = site.squareMeans[row]
        #expect(abs(Double(matrix[row * width + row]) - mean) <= 1e-4 * mean, "\(site.site) \(row)")
      }
    }
  }

  /// Rows that count little make a mean that float32 cannot hold of a sum that it can.
  @Test func aProductWhoseMeanIsNotFiniteIsRefused() throws {
    let folder = try TemporaryFolder()
    var file = StatisticsFile()
    file.metadata["language_weight"] = "1e-6"
    file.setFloat("b.second_moment_sums", [1e35])
    let path = try file.write(in: folder)
    let statistics = try CalibrationStatistics(path: path)
    for read in [statistics.secondMoment, statistics.packedSecondMoment] {
      let error = Pipeline.refusal { try read("b.weight") }
      #expect(error?.code == .malformedStatistics && error?.file == path, "\(String(describing: error))")
      #expect(error?.place == #"tensor "b.second_moment_sums""#)
    }
  }

  @Test func withoutSecondMomentsThereAreNone() throws {
    let folder = try TemporaryFolder()
    var file = StatisticsFile()
    file.tensors = file.tensors.filter { !$0.name.hasSuffix("second_moment_sums") }
    let statistics = try CalibrationStatistics(path: try file.write(in: folder))
    #expect(!statistics.isFull && statistics.inputs(ofWeight: "b.weight")?.hasSecondMoment == false)
    #expect(try statistics.secondMoment(ofWeight: "b.weight") == nil)
  }

  @Test(arguments: StatisticsDefect.all)
  func defectsAreRefused(_ defect: StatisticsDefect) throws {
    let folder = try TemporaryFolder()
    var file = StatisticsFile()
    defect.change(&file)
    let path = try file.write(in: folder)
    let error = try #require(Pipeline.refusal { try CalibrationStatistics(path: path) }, "\(defect.name)")
    #expect(error.code.rawValue == defect.code, "\(defect.name): \(error)")
    #expect(error.file == path && error.place?.contains(defect.place) == true, "\(defect.name): \(error)")
    #expect(error.expected != nil && error.found != nil && error.remedy != nil, "\(defect.name)")
  }

  @Test func aProductThatIsNoNumberIsRefusedWhenItIsRead() throws {
    let folder = try TemporaryFolder()
    var file = StatisticsFile()
    file.setFloat("b.second_moment_sums", [.nan])
    let statistics = try CalibrationStatistics(path: try file.write(in: folder))
    for read in [statistics.secondMoment(ofWeight:), statistics.packedSecondMoment(ofWeight:)] {
      let error = Pipeline.refusal { try read("b.weight") }
      #expect(error?.code == .malformedStatistics && error?.place == "tensor \"b.second_moment_sums\"")
    }
  }

  @Test func otherFilesAreRefused() throws {
    let folder = try TemporaryFolder()
    for (name, bytes) in [("empty", []), ("text", Array("not at all a safetensors file".utf8))] {
      let path = try folder.write(name, bytes)
      #expect(Pipeline.refusal { try CalibrationStatistics(path: path) }?.file == path)
    }
    #expect(Pipeline.refusal { try CalibrationStatistics(path: folder.file("x")) }?.code.category == .missingInput)
    let weights = Fixtures.path("fusion-phi-tiny/model-00001-of-00004.safetensors")
    #expect(Pipeline.refusal { try CalibrationStatistics(path: weights) }?.code == .malformedStatistics)
    // Every shorter file is refused too.
    let whole = try StatisticsFile().write(in: folder)
    let bytes = [UInt8](try Pipeline.bytes(whole))
    for count in stride(from: 0, to: bytes.count, by: 7) {
      let path = try folder.write("cut", Array(bytes[..<count]))
      #expect(Pipeline.refusal { try CalibrationStatistics(path: path) } != nil, "\(count) bytes")
    }
  }
}
