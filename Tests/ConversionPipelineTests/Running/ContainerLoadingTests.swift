import ContainerFormat
import ConversionPipeline
import Foundation
import FusionCore
import FusionRuntime
import NumericKernels
import TestSupport
import Testing

/// Weights of containers whose chunks are used in place, decoded, or both.
@Suite struct ContainerLoadingTests {
  static let fixture = "fusion-x-llama-tiny"
  static let ways: [String: FinelyCutContainer] = [
    "raw": FinelyCutContainer(),
    "scales compressed": FinelyCutContainer(policy: { $0 == .codes || $0 == .values ? .raw : .zstd }),
    "compressed": FinelyCutContainer(rowsPerChunk: 100, policy: { _ in .zstd }),
  ]

  private func containers(_ scheme: String, _ way: String, _ folder: TemporaryFolder) throws -> (String, String) {
    let (plain, cut) = (folder.file("plain.fusion"), folder.file("cut.fusion"))
    try Pipeline.convert(Fixtures.path(Self.fixture), to: plain, try Pipeline.recipe(scheme), verifies: false)
    try #require(Self.ways[way]).write(plain, to: cut)
    return (plain, cut)
  }

  private func runner(_ path: String, _ precision: ActivationPrecision, threads: Int = 3) throws -> ModelRunner {
    var settings = RunSettings()
    settings.precision = precision
    return try ModelRunner(path: path, settings: settings, execution: try Pipeline.execution(threads: threads))
  }

  private func answer(_ runner: ModelRunner) throws -> [Int] {
    var request = RunRequest(questions: ["What is in the picture?"])
    request.imagePath = Fixtures.path("images/image1.png")
    request.maximumTokenCount = 8
    request.stopsAtEndToken = false
    return try runner.run(request).tokens
  }

  @Test(arguments: ["int4", "int8", "int4-cs-g32", "int4-nl-g32", "keep"], ways.keys.sorted())
  func theSameWeights(scheme: String, way: String) throws {
    let folder = try TemporaryFolder()
    let (plain, cut) = try containers(scheme, way, folder)
    let (a, b) = (try RunnableModel(path: plain).weights, try RunnableModel(path: cut).weights)
    let execution = try Pipeline.execution()
    let comparison = WeightComparison(ComputeContext(kernels: execution.kernels, threads: execution.threads))
    for tensor in try ContainerReader(path: cut).index.tensors where tensor.dtype.isQuantizable {
      let difference = comparison.compare(
        reference: try a.matrix(tensor.canonicalName), candidate: try b.matrix(tensor.canonicalName))
      #expect(difference.isExact && difference.count == tensor.shape.elementCount, "\(tensor.canonicalName)")
    }
  }

  @Test(arguments: ["int4", "int4-cs-g32", "int4-nl-g32", "keep"], [ActivationPrecision.float32, .int8])
  func theSameAnswers(scheme: String, precision: ActivationPrecision) throws {
    let folder = try TemporaryFolder()
    let (plain, cut) = try containers(scheme, "raw", folder)
    let expected = try answer(try runner(plain, precision, threads: 1))
    #expect(expected.count == 8)
    #expect(try answer(try runner(cut, precision)) == expected)
  }

  /// Bytes in place are the file's: what was computed after it changed is worth nothing.
  @Test func aChangeOfTheFileIsNoticed() throws {
    let folder = try TemporaryFolder()
    let (_, cut) = try containers("int4", "raw", folder)
    let runner = try runner(cut, .float32)
    #expect(try answer(runner).count == 8)
    let file = try #require(FileHandle(forWritingAtPath: cut))
    try file.seekToEnd()
    try file.write(contentsOf: Data([0]))
    try file.close()
    let error = Pipeline.refusal { try answer(runner) }
    #expect(error?.code == .changedWhileReading && error?.file == cut)
  }

  @Test(arguments: ["raw", "compressed"])
  func damageIsNamed(way: String) throws {
    let folder = try TemporaryFolder()
    let (_, cut) = try containers("int8", way, folder)
    let name = "language.layers.1.attention.output.weight"
    let tensor = try #require(try ContainerReader(path: cut).tensor(canonicalName: name))
    let chunk = try #require(tensor.streams[0].chunks.last)
    #expect(tensor.streams[0].chunks.count > 1 || way == "compressed")
    let file = try #require(FileHandle(forUpdatingAtPath: cut))
    try file.seek(toOffset: UInt64(chunk.offset + chunk.storedByteCount - 1))
    let byte = try #require(try file.read(upToCount: 1)).first ?? 0
    try file.seek(toOffset: UInt64(chunk.offset + chunk.storedByteCount - 1))
    try file.write(contentsOf: Data([byte ^ 1]))
    try file.close()
    let error = Pipeline.refusal { try runner(cut, .float32) }
    #expect(error?.code == .containerChunkDamaged && error?.place?.contains(name) ?? false)
  }
}
