import ConversionPipeline
import Foundation
import FusionCore
import NumericKernels
import TestSupport

/// A conversion that is interrupted and gone on with, in a folder of its own.
struct ResumedConversion {
  /// What a killed process leaves at some moment.
  struct Remains {
    let partial: Data
    let journal: Data

    /// Lines of the journal with their ends.
    var lines: [Data] {
      var lines: [Data] = []
      var rest = journal[...]
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        lines.append(Data(rest[...end]))
        rest = rest[(end + 1)...]
      }
      return lines
    }

    /// The same with another journal.
    func with(journal: Data) -> Remains { Remains(partial: partial, journal: journal) }

    /// The same with other lines in the journal.
    func with(lines: [Data]) -> Remains { with(journal: lines.reduce(Data(), +)) }
  }

  /// A refusal changed what it refused.
  struct Changed: Error {}

  let folder: TemporaryFolder
  var source: String
  var recipe: QuantizationRecipe
  var statistics: String?
  var threads = 2
  var level: InstructionSetLevel?
  var verifies = true
  var producer = "test"

  var output: String { folder.file("model.fusion") }
  var partial: String { folder.file("model.fusion.partial") }
  var journal: String { folder.file("model.fusion.partial.journal") }

  init(_ recipe: QuantizationRecipe, source: String = Fixtures.path("fusion-phi-tiny")) throws {
    folder = try TemporaryFolder()
    self.source = source
    self.recipe = recipe
  }

  @discardableResult
  func run(
    to output: String? = nil, resumes: Bool = true, replacing: Bool = false, progress: ProgressHandler? = nil
  ) throws -> ConversionReport {
    try Converter(
      checkpoint: try Checkpoint(path: source), recipe: recipe,
      calibration: try statistics.map { try CalibrationStatistics(path: $0) },
      execution: try Pipeline.execution(threads: threads, level: level)
    ).write(
      to: output ?? self.output, replacing: replacing, verifies: verifies, resumes: resumes, producer: producer,
      progress: progress)
  }

  /// The bytes of a conversion that nothing interrupts.
  func expected() throws -> Data {
    let path = folder.file("expected.fusion")
    try run(to: path, resumes: false)
    return try Pipeline.bytes(path)
  }

  /// What is on the disk at moments of a conversion that go evenly through it. The output is deleted.
  func remains(count: Int) throws -> [Remains] {
    let seen = Protected<[Remains]>([])
    let steps = Protected(0)
    let (partial, journal) = (partial, journal)
    let blockCount = Protected(0)
    try run(to: folder.file("counted.fusion"), resumes: false) { _ in blockCount.withLock { $0 += 1 } }
    try FileManager.default.removeItem(atPath: folder.file("counted.fusion"))
    let every = max(1, blockCount.withLock { $0 } / count)
    try run { update in
      let step = steps.withLock { steps in
        steps += 1
        return steps
      }
      guard update.done < update.total, step % every == 0, let bytes = try? Pipeline.bytes(partial),
        let lines = try? Pipeline.bytes(journal)
      else { return }
      seen.withLock { $0.append(Remains(partial: bytes, journal: lines)) }
    }
    try FileManager.default.removeItem(atPath: output)
    return seen.withLock { $0 }
  }

  /// Puts remains where the conversion looks for them.
  func place(_ remains: Remains) throws {
    try? FileManager.default.removeItem(atPath: output)
    try remains.partial.write(to: URL(fileURLWithPath: partial))
    try remains.journal.write(to: URL(fileURLWithPath: journal))
  }

  /// Goes on from remains to the end.
  ///
  /// - Returns: the report, and the container's bytes.
  func finish(_ remains: Remains) throws -> (report: ConversionReport, bytes: Data) {
    try place(remains)
    let report = try run()
    return (report, try Pipeline.bytes(output))
  }

  /// Why remains are refused; nothing of them may change.
  func refusal(_ remains: Remains) throws -> FusionError? {
    try place(remains)
    let error = Pipeline.refusal { try run() }
    guard try Pipeline.bytes(partial) == remains.partial, try Pipeline.bytes(journal) == remains.journal,
      !FileManager.default.fileExists(atPath: output)
    else { throw Changed() }
    return error
  }
}
