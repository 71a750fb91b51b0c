import ConversionPipeline
import Foundation
import FusionCore
import NumericKernels
import TestSupport

/// Short forms of what most pipeline tests do.
enum Pipeline {
  static let fixtures = ["fusion-phi-tiny", "fusion-x-llama-tiny"]

  static func execution(threads: Int = 2, level: InstructionSetLevel? = nil) throws -> ExecutionOptions {
    guard let level else { return try ExecutionOptions.forThisMachine(threads: threads) }
    guard let kernels = KernelSet(level: level) else { throw PipelineTestError.levelMissing(level.rawValue) }
    return ExecutionOptions(threads: threads, kernels: kernels)
  }

  static func recipe(
    _ scheme: String, tensorTypes: [String] = [], keep: [String] = [], groupSize: Int? = nil, compresses: Bool = true
  ) throws -> QuantizationRecipe {
    QuantizationRecipe(
      scheme: try WeightScheme(parsing: scheme, groupSize: groupSize),
      overrides: try tensorTypes.map { try QuantizationRecipe.override(parsing: $0, groupSize: groupSize) },
      keep: keep.map { NamePattern($0) }, compresses: compresses)
  }

  @discardableResult
  static func convert(
    _ input: String, to output: String, _ recipe: QuantizationRecipe, execution: ExecutionOptions? = nil,
    replacing: Bool = false, verifies: Bool = true
  ) throws -> ConversionReport {
    let converter = try Converter(
      checkpoint: try Checkpoint(path: input), recipe: recipe, execution: try execution ?? self.execution())
    return try converter.write(to: output, replacing: replacing, verifies: verifies, producer: "test")
  }

  static func verify(_ path: String, source: String?) throws -> VerificationReport {
    try ContainerVerifier(
      model: try ContainerModel(path: path), source: try source.map { try Checkpoint(path: $0) },
      execution: try execution()
    ).run()
  }

  static func export(_ path: String, to output: String, dtype: DType? = nil) throws -> ExportReport {
    try ContainerExporter(model: try ContainerModel(path: path), dtype: dtype, execution: try execution())
      .write(to: output, replacing: false)
  }

  static func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

  /// The error that a step throws.
  static func refusal<Result>(of step: () throws -> Result) -> FusionError? {
    do {
      _ = try step()
      return nil
    } catch {
      return error as? FusionError
    }
  }
}

enum PipelineTestError: Error {
  case levelMissing(String)
}
