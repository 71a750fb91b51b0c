import ConversionPipeline
import Foundation
import TestSupport
import Testing

/// What must not change a byte of a statistics file, and what must.
@Suite struct CalibrationSameTests {
  @Test(arguments: Pipeline.fixtures)
  func threadsAndBatchesChangeNoByte(fixture: String) throws {
    let folder = try TemporaryFolder()
    func collect(_ name: String, threads: Int, memory: Int) throws -> (batches: Int, bytes: Data) {
      let report = try Calibration.collect(
        Fixtures.path(fixture), .generated, to: folder.file(name), threads: threads
      ) {
        $0.sampleLimit = 5
        $0.isFull = true
        $0.memoryLimit = memory
      }
      return (report.batchCount, try Pipeline.bytes(folder.file(name)))
    }
    let whole = try collect("whole", threads: 2, memory: 4_000_000_000)
    #expect(whole.batches == 1)
    let one = try collect("one thread", threads: 1, memory: 4_000_000_000)
    #expect(one.bytes == whole.bytes)
    // Pictures come first, so the last batches have none.
    let single = try collect("batches", threads: 3, memory: 1)
    #expect(single.batches == 5 && single.bytes == whole.bytes)
  }

  @Test func weightsOfPicturesCount() throws {
    let folder = try TemporaryFolder()
    let source = Fixtures.path("fusion-phi-tiny")
    func collect(_ weight: Double?) throws -> CalibrationStatistics {
      let path = folder.file("w\(weight ?? 0)")
      try Calibration.collect(source, .generated, to: path) {
        $0.sampleLimit = 2
        $0.visionWeight = weight
      }
      return try CalibrationStatistics(path: path)
    }
    let name = "language.layers.2.mlp.down.weight"
    let (half, whole) = (try collect(0.5), try collect(1))
    let (x, y) = (try #require(half.inputs(ofWeight: name)), try #require(whole.inputs(ofWeight: name)))
    #expect(x.languageRowCount == y.languageRowCount && x.visionRowCount == y.visionRowCount)
    #expect(x.visionRowCount > x.languageRowCount && x.languageRowCount > 0)
    #expect(x.weightedRowCount == Double(x.languageRowCount) + 0.5 * Double(x.visionRowCount))
    // Sums are linear in the weight: from two of them those of words alone follow, and none is negative.
    for column in 0..<x.width {
      let words =
        2 * x.squareMeans[column] * x.weightedRowCount - y.squareMeans[column] * y.weightedRowCount
      #expect(words >= -1e-9)
    }
    // Where there are no words, the weight cancels out.
    let patches = "vision.patch_embedding.weight"
    let means = try [half, whole].map { try #require($0.inputs(ofWeight: patches)).squareMeans }
    for (a, b) in zip(means[0], means[1]) { #expect(abs(a - b) <= 1e-12 * b) }

    let balanced = try collect(nil)
    let metadata = try Calibration.metadata(folder.file("w0.0"))
    let counts = try ["language_tokens", "vision_tokens"].map { try #require(Double(metadata[$0] ?? "")) }
    #expect(balanced.weights == TokenWeights(language: 1, vision: counts[0] / counts[1]))
    let decoder = try #require(balanced.inputs(ofWeight: name))
    #expect(counts == [Double(decoder.languageRowCount), Double(decoder.visionRowCount)])
  }

  @Test func picturesNeverCountMoreThanWords() {
    #expect(TokenWeights.balanced(languageCount: 50, visionCount: 800).vision == 0.0625)
    #expect(TokenWeights.balanced(languageCount: 500, visionCount: 80).vision == 1)
    #expect(TokenWeights.balanced(languageCount: 500, visionCount: 0).vision == 1)
    #expect(TokenWeights.balanced(languageCount: 0, visionCount: 7) == TokenWeights(language: 1, vision: 1))
  }
}
