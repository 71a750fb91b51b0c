import ConversionPipeline
import FusionRuntime
import TestSupport
import Testing

/// Where the weights are, how they are held and how many threads work must not change a bit.
@Suite struct SameResultTests {
  @Test(arguments: GoldenCase.fixtures)
  func residencyAndThreadsChangeNothing(fixture: String) throws {
    let golden = try GoldenCase(fixture, "case1")
    var request = golden.request
    request.maximumTokenCount = 4
    let folder = try TemporaryFolder()
    try Containers.make(Fixtures.path(fixture), "keep", at: folder.file("model.fusion"))
    func run(_ model: String, _ name: String, _ settings: RunSettings, threads: Int) throws -> TraceRun {
      try TraceRun(model, request, answer: "A circle.", to: folder.file(name), settings: settings, threads: threads)
    }
    let one = try run(Fixtures.path(fixture), "one thread", RunSettings(), threads: 1)
    let streamed = try run(Fixtures.path(fixture), "streamed", .streamed, threads: 2)
    let container = try run(folder.file("model.fusion"), "streamed container", .streamed, threads: 5)
    #expect(one.report.tokens == Array(golden.document.generated.ids.prefix(4)))
    let expected = try one.bytes
    #expect(expected.count > 1_000_000)
    for other in [streamed, container] {
      #expect(other.report.tokens == one.report.tokens)
      #expect(try other.bytes == expected, "\(other.path)")
    }
  }

  @Test(arguments: GoldenCase.fixtures, ["int8", "int4"])
  func codesToo(fixture: String, scheme: String) throws {
    let request = try GoldenCase(fixture, "text_plain").request
    let folder = try TemporaryFolder()
    let model = folder.file("model.fusion")
    try Containers.make(Fixtures.path(fixture), scheme, at: model)
    for precision in [RunSettings(), .integerActivations] {
      let name = precision.precision.rawValue
      let one = try TraceRun(model, request, to: folder.file("1 \(name)"), settings: precision, threads: 1)
      var settings = precision
      settings.residency = .streamed
      let five = try TraceRun(model, request, to: folder.file("5 \(name)"), settings: settings, threads: 5)
      #expect(one.report.tokens.count == 24 && one.report.tokens == five.report.tokens)
      #expect(try one.bytes == five.bytes, "\(name)")
    }
  }
}
