import ConversionPipeline
import Foundation
import FusionCore
import FusionRuntime
import TestSupport
import TextTokenizer

/// One trace of a model, written to a file and read back without the project's own reader.
struct TraceRun {
  let report: TraceReport
  let path: String

  /// Runs a trace.
  ///
  /// - Parameter model: a checkpoint folder or a container.
  init(
    _ model: String, _ request: RunRequest, answer: String? = nil, to path: String,
    settings: RunSettings = RunSettings(), threads: Int = 2
  ) throws {
    let runner = try ModelRunner(
      path: model, settings: settings, execution: try ExecutionOptions.forThisMachine(threads: threads))
    report = try ModelTracer(runner).trace(request, answer: answer, to: path, replacing: false)
    self.path = path
  }

  func tensors() throws -> [String: RawSafetensors.Tensor] { try RawSafetensors(path: path).tensors }

  var bytes: Data {
    get throws { try Data(contentsOf: URL(fileURLWithPath: path)) }
  }
}

extension RunSettings {
  static var streamed: RunSettings {
    var settings = RunSettings()
    settings.residency = .streamed
    return settings
  }

  static var integerActivations: RunSettings {
    var settings = RunSettings()
    settings.precision = .int8
    return settings
  }

  static func using(_ tokenizer: TokenizerChoice) -> RunSettings {
    var settings = RunSettings()
    settings.tokenizer = tokenizer
    return settings
  }
}

/// Containers made for a test.
enum Containers {
  /// Converts a checkpoint with one scheme for all weights.
  static func make(_ source: String, _ scheme: String, at path: String) throws {
    let converter = try Converter(
      checkpoint: try Checkpoint(path: source),
      recipe: QuantizationRecipe(scheme: try WeightScheme(parsing: scheme)),
      execution: try ExecutionOptions.forThisMachine(threads: 2))
    _ = try converter.write(to: path, replacing: false, verifies: false, producer: "test")
  }

  /// Writes a container's values as a float32 checkpoint.
  static func export(_ container: String, to folder: String) throws {
    let exporter = ContainerExporter(
      model: try ContainerModel(path: container), dtype: .f32,
      execution: try ExecutionOptions.forThisMachine(threads: 2))
    _ = try exporter.write(to: folder, replacing: false)
  }
}
