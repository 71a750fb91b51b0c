import ConversionPipeline
import Foundation
import FusionCore
import TestSupport
import Testing

/// The numbers of a statistics file against sums in float64 of what an ordinary run multiplies.
@Suite struct CalibrationValueTests {
  private static let weight = 0.25

  /// Two questions without answers, one with a picture, through collector and runs.
  private func collected(
    _ fixture: String, _ folder: TemporaryFolder, isFull: Bool
  ) throws -> (path: String, expected: [String: InputSums.Site]) {
    let lines: [(text: String, picture: String?, answer: String?)] = [
      ("What is in the picture?", "image1.png", nil), ("Say something.", nil, nil),
    ]
    let data = try Calibration.questions(lines, in: folder)
    let path = folder.file("statistics.safetensors")
    try Calibration.collect(Fixtures.path(fixture), data, to: path) {
      $0.imagesPath = Calibration.imagesPath
      $0.isFull = isFull
      $0.visionWeight = Self.weight
    }
    let sums = InputSums(visionWeight: Self.weight)
    var settings = RunSettings()
    settings.inputObserver = sums
    let runner = try ModelRunner(
      path: Fixtures.path(fixture), settings: settings, execution: try Pipeline.execution())
    for line in lines {
      var request = RunRequest(questions: [line.text])
      request.imagePath = line.picture.map { "\(Calibration.imagesPath)/\($0)" }
      // The first token comes from the prompt: nothing else goes through a layer.
      request.maximumTokenCount = 1
      _ = try runner.run(request)
    }
    return (path, sums.sites)
  }

  @Test(arguments: Pipeline.fixtures)
  func everySiteHasTheSumsOfARun(fixture: String) throws {
    let folder = try TemporaryFolder()
    let (path, expected) = try collected(fixture, folder, isFull: true)
    let file = try RawSafetensors(path: path)
    let parts = Set(expected.keys.map { $0.split(separator: ".")[0] })
    #expect(parts == ["language", "vision", "projector", "aux_projector", "samplers"])
    #expect(file.tensors.count == 3 * expected.count)
    var generator = SplitMix64(seed: 4)
    for (weight, site) in expected where weight != "language.head.weight" {
      let name = String(weight.dropLast(".weight".count))
      let squares = try #require(file.tensors["\(name).square_sums"]).doubles
      let magnitudes = try #require(file.tensors["\(name).magnitude_sums"]).doubles
      let products = try #require(file.tensors["\(name).second_moment_sums"]).floats
      let width = site.width
      #expect(squares.count == width && magnitudes.count == width && products.count == width * (width + 1) / 2)
      for _ in 0..<24 {
        let i = Int.random(in: 0..<width, using: &generator)
        let j = Int.random(in: i..<width, using: &generator)
        let (sum, magnitude) = site.product(i, j)
        // Row i of the triangle comes after rows of width, width - 1, ... values.
        let found = Double(products[i * width - i * (i - 1) / 2 + j - i])
        #expect(abs(found - sum) <= Double(site.rows.count + 2) * 0x1p-24 * magnitude, "\(name) \(i) \(j)")
        let square = site.product(j, j).sum
        #expect(abs(squares[j] - square) <= 1e-12 * square, "\(name) \(j)")
        let expected = site.rows.reduce(0) { $0 + $1.weight * Double(abs($1.values[j])) }
        #expect(abs(magnitudes[j] - expected) <= 1e-12 * expected, "\(name) \(j)")
      }
    }
  }

  /// The final norm of all positions is in a trace; the head reads all but the last, which nothing is compared with.
  @Test(arguments: Pipeline.fixtures)
  func theHeadReadsWhatWordsArePredictedFrom(fixture: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("statistics.safetensors")
    let data = try Calibration.questions([("Say something.", nil, nil)], in: folder)
    try Calibration.collect(Fixtures.path(fixture), data, to: path) { $0.isFull = true }
    var request = RunRequest(questions: ["Say something."])
    request.maximumTokenCount = 1
    let runner = try ModelRunner(
      path: Fixtures.path(fixture), settings: RunSettings(), execution: try Pipeline.execution())
    _ = try ModelTracer(runner).trace(request, answer: nil, to: folder.file("trace"), replacing: false)
    let states = try #require(try RawSafetensors(path: folder.file("trace")).tensors["final_norm"])
    let width = try #require(states.shape.last)
    let values = states.floats.dropLast(width)
    let squares = try #require(try RawSafetensors(path: path).tensors["language.head.square_sums"]).doubles
    for column in 0..<width {
      let expected = stride(from: column, to: values.count, by: width).reduce(0.0) {
        $0 + Double(values[$1]) * Double(values[$1])
      }
      #expect(abs(squares[column] - expected) <= 1e-12 * expected)
    }
    let head = try #require(try CalibrationStatistics(path: path).inputs(ofWeight: "language.head.weight"))
    #expect(head.languageRowCount == values.count / width && head.visionRowCount == 0)
  }

  @Test func answersArePartOfWhatIsRead() throws {
    let folder = try TemporaryFolder()
    let source = Fixtures.path("fusion-phi-tiny")
    func head(_ answer: String?) throws -> Int {
      let path = folder.file("\(answer?.count ?? 0)")
      let data = try Calibration.questions([("What is it?", "image1.png", answer)], in: folder)
      try Calibration.collect(source, data, to: path) { $0.imagesPath = Calibration.imagesPath }
      let statistics = try CalibrationStatistics(path: path)
      let layer = try #require(statistics.inputs(ofWeight: "language.layers.0.attention.qkv.weight"))
      let head = try #require(statistics.inputs(ofWeight: "language.head.weight"))
      #expect(layer.languageRowCount > head.languageRowCount)
      return head.languageRowCount
    }
    // Only the answer is predicted, in training as here.
    let (short, long) = (try head("red"), try head("It is a red circle on a blue ground, I think."))
    #expect(short >= 1 && long > short)
  }

  @Test func sitesThatShareAnInputAreOne() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("s")
    try Calibration.collect(Fixtures.path("fusion-x-llama-tiny"), .generated, to: path) { $0.sampleLimit = 2 }
    let statistics = try CalibrationStatistics(path: path)
    for layer in ["language.layers.0", "vision.layers.1"] {
      let names = ["q", "k", "v"].map { "\(layer).attention.\($0).weight" }
      let inputs = try names.map { try #require(statistics.inputs(ofWeight: $0)) }
      #expect(inputs.allSatisfy { $0.site == "\(layer).attention.q" && $0.weights == names })
    }
    #expect(statistics.inputs(ofWeight: "language.layers.0.mlp.up.weight")?.site == "language.layers.0.mlp.gate")
    #expect(statistics.inputs(ofWeight: "samplers.0.attention.k.weight")?.weights.count == 1)
    #expect(statistics.inputs(ofWeight: "language.embedding.weight") == nil)
    #expect(statistics.inputs(ofWeight: "language.layers.0.attention_norm.weight") == nil)
  }
}
