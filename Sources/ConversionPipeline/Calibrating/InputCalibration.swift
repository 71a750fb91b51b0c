import FusionCore
import MappedFiles

/// Statistics for a conversion: those of a file, or collected for it.
public struct InputCalibration {
  private let input: String
  private let output: String
  private let data: String?
  private let path: String?
  private let method: QuantizationMethod
  private let options: CheckpointOptions
  private let replacing: Bool
  private let resumes: Bool
  private let execution: ExecutionOptions
  private let programVersion: String
  private let pictureMemoryLimit: Int
  /// Where statistics lie that nobody wants to keep.
  private var scratch: ScratchFolder?

  /// Says where statistics come from.
  ///
  /// - Parameters:
  ///   - input: the checkpoint.
  ///   - output: the container; statistics that nobody wants to keep lie beside it while it is written.
  ///   - data: what to collect with, as `calibrate` takes it; `nil` to read `path`.
  ///   - path: the file to read, or to keep what is collected in; `nil` for none.
  ///   - method: decides whether means of pairs of columns are wanted.
  ///   - options: what the checkpoint is put together with.
  ///   - replacing: whether a file at `path` may be replaced by what is collected.
  ///   - resumes: whether a file at `path` that an earlier run collected of the same model and data is read instead.
  ///   - pictureMemoryLimit: bytes that reading a picture of the data may take.
  public init(
    input: String, output: String, data: String?, path: String?, method: QuantizationMethod, options: CheckpointOptions,
    replacing: Bool = false, resumes: Bool = false, execution: ExecutionOptions, programVersion: String,
    pictureMemoryLimit: Int = RunRequest.standardPictureMemoryLimit
  ) {
    self.input = input
    self.output = output
    self.data = data
    self.path = path
    self.method = method
    self.options = options
    self.replacing = replacing
    self.resumes = resumes
    self.execution = execution
    self.programVersion = programVersion
    self.pictureMemoryLimit = pictureMemoryLimit
  }

  /// The statistics, read and proven to be of the checkpoint; `nil` if none are wanted.
  ///
  /// - Throws: what collecting or reading throws; `.statisticsOfOtherModel`.
  public mutating func statistics(progress: ProgressHandler?) throws -> CalibrationStatistics? {
    guard let data else { return try path.map { try read($0) } }
    var collecting = CalibrationOptions(data: CalibrationData(argument: data))
    collecting.isFull = method == .auto || method == .gptq
    collecting.parts = options
    collecting.pictureMemoryLimit = pictureMemoryLimit
    let collector = CalibrationCollector(
      model: input, options: collecting, execution: execution, programVersion: programVersion)
    if let path, resumes, !replacing, try FileIdentity(path: path) != nil {
      let earlier = try read(path)
      let digest = try collector.dataDigest()
      guard earlier.dataDigest == digest, earlier.isFull || !collecting.isFull else {
        throw FusionError(
          .statisticsOfOtherData, "the statistics are not those that the interrupted run would have collected",
          file: path, place: "samples", expected: digest, found: earlier.dataDigest,
          remedy: "delete the file, or add --force to replace it")
      }
      return earlier
    }
    let target = try path ?? scratchFile()
    _ = try collector.collect(to: target, replacing: replacing, progress: progress)
    return try read(target)
  }

  /// Removes statistics that were collected for this conversion alone.
  public func discard() { scratch?.remove() }

  private mutating func scratchFile() throws -> String {
    let folder = try ScratchFolder(beside: output)
    scratch = folder
    return folder.file("inputs.statistics")
  }

  private func read(_ path: String) throws -> CalibrationStatistics {
    let statistics = try CalibrationStatistics(path: path)
    try statistics.check(areOf: input, options: options)
    return statistics
  }
}

extension FusionError.Code {
  /// Statistics that lie where others were to be collected.
  public static let statisticsOfOtherData = Self("calibration.otherData", .cannotCreate)
}
