import ContainerFormat
import FusionCore
import MappedFiles
import NumericKernels
import Quantizers
import WeightGraph

/// Converts a checkpoint into a container: one pass over the source, in bounded memory.
///
/// Blocks of rows are encoded by all threads, written in canonical order, and read back and compared with the source
/// while its pages are still in memory. The source files are hashed beside that. The output gets its name only when
/// everything has held.
public struct Converter: Sendable {
  /// What to convert.
  public let checkpoint: Checkpoint
  /// Options that decide the output's bytes.
  public let recipe: QuantizationRecipe
  /// Options that do not.
  public let execution: ExecutionOptions
  /// What is known of the inputs that the weights are multiplied with; `nil` if nothing.
  public let calibration: CalibrationStatistics?
  /// What becomes of each tensor.
  public let plan: QuantizationPlan

  /// Plans a conversion; nothing is written yet.
  ///
  /// - Parameter calibration: statistics of this checkpoint's inputs.
  /// - Throws: usage errors of the recipe; `.badOption` if its method needs statistics that are not there.
  public init(
    checkpoint: Checkpoint, recipe: QuantizationRecipe, calibration: CalibrationStatistics? = nil,
    execution: ExecutionOptions
  ) throws {
    try recipe.method.check(calibration)
    self.checkpoint = checkpoint
    self.calibration = calibration
    self.recipe = recipe
    self.execution = execution
    plan = try QuantizationPlan(graph: checkpoint.graph, recipe: recipe)
  }

  /// Writes the container.
  ///
  /// - Parameters:
  ///   - output: path of the container.
  ///   - replacing: whether a file of that name may be replaced.
  ///   - verifies: whether every chunk is read back and compared with the source.
  ///   - resumes: whether the work of an interrupted conversion is gone on with, and that of this one left if it is
  ///     interrupted: in two files beside the output, `formats/journal.md` says how.
  ///   - producer: name and version of the program, for the provenance.
  ///   - progress: is told how far the conversion has come.
  /// - Throws: refusals of the output (`.outputExists`, `.noSpace`, ...), of a tensor's values, of what was read back, of
  ///   the work of an interrupted conversion (`.resumeOtherConversion`, ...).
  public func write(
    to output: String, replacing: Bool, verifies: Bool, resumes: Bool = false, producer: String,
    progress: ProgressHandler? = nil
  ) throws -> ConversionReport {
    let clock = ContinuousClock()
    let start = clock.now
    let paths = ResumptionPaths(output: output)
    try refuseInputs(asOutputs: paths, resumes: resumes)
    if resumes, !replacing,
      let report = try completed(paths, producer: producer, verifies: verifies, progress: progress)
    {
      return report
    }
    let journal = try resumes ? openJournal(paths, replacing: replacing, producer: producer) : nil
    let writer =
      try journal.map { try ContainerWriter(continuing: $0.partial) }
      ?? ContainerWriter(path: output, replacing: replacing)
    try FreeSpace.require(largestOutputByteCount - (journal?.partial.foundByteCount ?? 0), for: output)

    let notices = try keptWorkNotices(paths, resumes: resumes) + lockNotices(journal)
    let adapter = try adapterMeasurer?.report(progress: progress)
    let session = ConversionSession(
      converter: self, writer: writer, journal: journal, verifies: verifies, progress: progress)
    try session.writeSideFiles()
    try session.takeOver()
    try session.run()
    try checkpoint.source.checkUnchanged()
    let index = try session.index(producer: producer)
    let byteCount = try writer.finish(index: index)
    // The finished file must open under the same rules as any other.
    if verifies { _ = try ContainerReader(path: output) }
    journal?.finish()

    var report = try report(
      output: output, outputBytes: byteCount, index: index, session: session, verified: verifies,
      seconds: (clock.now - start).seconds)
    report.adapter = adapter
    report.notices += notices
    report.resumption = journal.map { journal in
      ConversionReport.Resumption(
        tensorCount: journal.taken.count,
        byteCount: session.tensorRecords[..<journal.taken.count].reduce(0) { $0 + $1.storedByteCount })
    }
    return report
  }

  private func openJournal(
    _ paths: ResumptionPaths, replacing: Bool, producer: String
  ) throws -> ConversionJournal {
    try OutputName.check(paths.output, replacing: replacing)
    return try ConversionJournal(
      paths, try JournalHeader(self, producer: producer), plan.entries, replacing: replacing)
  }

  /// Work of an interrupted conversion that this one does not go on with.
  private func keptWorkNotices(_ paths: ResumptionPaths, resumes: Bool) throws -> [String] {
    guard !resumes, try FileIdentity(path: paths.journal) != nil, try FileIdentity(path: paths.partial) != nil else {
      return []
    }
    return [
      "\(paths.partial) holds the work of an interrupted conversion, which was not gone on with: --resume does that;"
        + " else delete it and \(paths.journal)"
    ]
  }

  private func lockNotices(_ journal: ConversionJournal?) -> [String] {
    guard let journal, !journal.isLocked else { return [] }
    return ["this file system has no locks: see to it that no other run writes the same output"]
  }

  var adapterMeasurer: AdapterMeasurer? {
    checkpoint.adapted.map { AdapterMeasurer(source: $0, path: checkpoint.adapterPath ?? "", execution: execution) }
  }

  /// No container of this plan is larger: everything uncompressed, and room for the index.
  var largestOutputByteCount: Int {
    let tensors = plan.entries.reduce(0) { $0 + $1.residentByteCount + 4096 + 128 * $1.chunkCount }
    return tensors + checkpoint.sideFiles.reduce(1 << 20) { $0 + $1.byteCount }
  }

  /// Refuses to write over a file that is being read (row M6): the output may be a link to it.
  private func refuseInputs(asOutputs paths: ResumptionPaths, resumes: Bool) throws {
    var files = CommandFiles()
    files.read(model: checkpoint.path, options: checkpoint.options)
    files.read(file: calibration?.path)
    files.write(file: paths.output)
    if resumes { for path in ResumptionPaths.all(of: paths.output) { files.write(file: path, until: paths.output) } }
    try files.check()
  }
}

extension Duration {
  /// This duration in seconds.
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
