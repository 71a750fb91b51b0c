import Foundation
import FusionCore

/// Statistics for a conversion: those of a file, or collected for it.
public struct InputCalibration {
  private let input: String
  private let data: String?
  private let path: String?
  private let isKept: Bool
  private let method: QuantizationMethod
  private let options: CheckpointOptions
  private let execution: ExecutionOptions
  private let programVersion: String
  private let pictureMemoryLimit: Int

  /// Says where statistics come from.
  ///
  /// - Parameters:
  ///   - input: the checkpoint.
  ///   - output: the container; statistics that nobody wants to keep lie beside it while it is written.
  ///   - data: what to collect with, as `calibrate` takes it; `nil` to read `path`.
  ///   - path: the file to read, or to keep what is collected in; `nil` for none.
  ///   - method: decides whether means of pairs of columns are wanted.
  ///   - options: what the checkpoint is put together with.
  ///   - pictureMemoryLimit: bytes that reading a picture of the data may take.
  /// - Throws: a usage error for data that is not known.
  public init(
    input: String, output: String, data: String?, path: String?, method: QuantizationMethod, options: CheckpointOptions,
    execution: ExecutionOptions, programVersion: String,
    pictureMemoryLimit: Int = RunRequest.standardPictureMemoryLimit
  ) throws {
    self.input = input
    self.data = data
    self.path = path ?? (data == nil ? nil : output + ".statistics")
    isKept = path != nil
    self.method = method
    self.options = options
    self.execution = execution
    self.programVersion = programVersion
    self.pictureMemoryLimit = pictureMemoryLimit
  }

  /// The statistics, read and proven to be of the checkpoint; `nil` if none are wanted.
  ///
  /// - Throws: what collecting or reading throws; `.statisticsOfOtherModel`.
  public func statistics(progress: ProgressHandler?) throws -> CalibrationStatistics? {
    guard let path else { return nil }
    if let data {
      var collecting = CalibrationOptions(data: CalibrationData(argument: data))
      collecting.isFull = method == .auto || method == .gptq
      collecting.parts = options
      collecting.pictureMemoryLimit = pictureMemoryLimit
      _ = try CalibrationCollector(
        model: input, options: collecting, execution: execution, programVersion: programVersion
      ).collect(to: path, replacing: false, progress: progress)
    }
    let statistics = try CalibrationStatistics(path: path)
    try statistics.check(areOf: input, options: options)
    return statistics
  }

  /// Removes statistics that were collected for this conversion alone.
  public func discard() {
    guard let path, data != nil, !isKept else { return }
    try? FileManager.default.removeItem(atPath: path)
  }
}
