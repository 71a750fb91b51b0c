import AccuracyReports
import FusionCore
import FusionRuntime
import MappedFiles
import WeightGraph

/// Converts for real and compares with the checkpoint, one conversion at a time, so that the disk holds one container.
public struct AdviceMeasurer {
  /// What a conversion turned out to cost.
  struct Measurement {
    /// Mean divergence of the next token in nats; `nil` if it is no number.
    let divergence: Double?
    /// Seconds of the conversion.
    let seconds: Double
  }

  /// What both models are shown.
  public let data: String
  private let input: String
  private let output: String
  private let options: ComparisonOptions
  private let execution: ExecutionOptions
  private let producer: String

  /// Finds out whether there is something to compare on, before hours of work.
  ///
  /// - Parameters:
  ///   - input: path of the checkpoint.
  ///   - output: what containers lie beside while they are measured.
  ///   - data: as `calibrate` takes it.
  ///   - parts: what the checkpoint is put together with.
  ///   - producer: name and version of the program.
  ///   - pictureMemoryLimit: bytes that reading a picture of the data may take.
  /// - Throws: what is wrong with the data or with the model's tokenizer.
  public init(
    input: String, output: String, data: String, parts: CheckpointOptions, execution: ExecutionOptions,
    producer: String, pictureMemoryLimit: Int = RunRequest.standardPictureMemoryLimit
  ) throws {
    self.input = input
    self.output = output
    self.data = data
    self.execution = execution
    self.producer = producer
    options = ComparisonOptions(measuringOn: data, parts: parts, pictureMemoryLimit: pictureMemoryLimit)
    let reference = try ComparedModel(input, parts, precision: .float32, refusesNonfinite: true, execution: execution)
    _ = try ComparisonSource(options: options, runner: reference.runner).samples()
  }

  /// Converts, compares, and removes what was converted.
  ///
  /// - Throws: what a conversion or a comparison throws.
  func measure(_ converter: Converter, progress: ProgressHandler?) throws -> Measurement {
    let folder = try ScratchFolder(beside: output)
    defer { folder.remove() }
    let path = folder.file("measured.fusion")
    let conversion = try converter.write(
      to: path, replacing: false, verifies: true, producer: producer, progress: progress)
    let comparison = try ModelComparer(
      reference: input, candidate: path, options: options, execution: execution, programVersion: producer
    ).compare(progress: progress)
    let mean = comparison.outputs.all?.divergence.mean.value
    return Measurement(
      divergence: mean.flatMap { $0.isFinite ? $0 : nil }, seconds: conversion.wallSeconds)
  }
}
