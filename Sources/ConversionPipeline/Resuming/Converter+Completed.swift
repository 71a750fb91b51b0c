import ContainerFormat
import FusionCore
import MappedFiles
import WeightGraph

extension Converter {
  /// The report of this very conversion, if an earlier process has finished it and was ended before it could say so.
  ///
  /// The output must be the container that would be written: same program, recipe, statistics, plan, small files and, to
  /// the last byte, source. It is verified again. What lies beside it is taken away.
  ///
  /// - Returns: `nil` if there is no such output.
  /// - Throws: what reading and verifying throw.
  func completed(
    _ paths: ResumptionPaths, producer: String, verifies: Bool, progress: ProgressHandler?
  ) throws -> ConversionReport? {
    let start = ContinuousClock.now
    guard let output = try FileIdentity(path: paths.output), output.isRegularFile,
      try ContainerReader.recognizes(paths.output), try isLeftover(paths.partial, of: output),
      let model = try? ContainerModel(path: paths.output), try isResult(model.reader.index, producer),
      try isJournalOwn(paths, producer)
    else { return nil }
    let index = model.reader.index
    guard
      try index.provenance.sources.map(\.sha256)
        == SourceHasher.digests(
          of: checkpoint.source.files, step: "checking the source", progress: progress)
    else { return nil }
    let proof =
      verifies
      ? try ContainerVerifier(model: model, source: checkpoint, execution: execution).run(progress: progress) : nil
    for path in [paths.partial, paths.journal] where try FileIdentity(path: path) != nil { try OutputName.remove(path) }
    var report = outline(output: paths.output, outputBytes: model.reader.byteCount, index: index)
    report.plan = planLines(storedByteCounts: index.tensors.map(\.storedByteCount), index: index)
    report.sqnrDecibels = Self.sqnr(index.tensors)
    report.notices.append("an earlier run had finished this container; nothing was left to do")
    report.adapter = try adapterMeasurer?.report(progress: progress)
    report.verification = ConversionReport.Verification(
      performed: verifies, chunkCount: proof?.chunkCount ?? 0, tensorCount: proof?.tensorCount ?? 0,
      clippedShare: proof.map(Self.clippedShare) ?? 0,
      largestDeviation: index.tensors.compactMap { $0.statistics?.largestDeviation }.max().map { Double($0) })
    report.resumption = ConversionReport.Resumption(
      tensorCount: index.tensors.count, byteCount: index.tensors.reduce(0) { $0 + $1.storedByteCount })
    report.wallSeconds = (ContinuousClock.now - start).seconds
    report.peakResidentBytes = ProcessMemory.peakResidentByteCount
    return report
  }

  /// A partial file is in the way, unless it is the output under its earlier name.
  private func isLeftover(_ partial: String, of output: FileIdentity) throws -> Bool {
    try FileIdentity(path: partial)?.isSameFile(as: output) ?? true
  }

  /// Whether an index is the one that this conversion would write, as far as can be told without reading the source.
  private func isResult(_ index: ContainerIndex, _ producer: String) throws -> Bool {
    let sources = checkpoint.source.files.map {
      ProvenanceSource(name: $0.name, byteCount: $0.byteCount, sha256: [])
    }
    let expected = try self.index(tensors: [], files: [], sources: sources, producer: producer)
    var stated = index.provenance
    for position in stated.sources.indices { stated.sources[position].sha256 = [] }
    return stated == expected.provenance && index.aliases == expected.aliases
      && index.tensors.count == plan.entries.count
      && zip(index.tensors, plan.entries).allSatisfy { tensor, entry in
        tensor.canonicalName == entry.tensor.canonicalName && tensor.encoding == entry.encoding
          && tensor.dtype == entry.dtype && tensor.shape == entry.tensor.description.shape
      }
      && index.files.map(\.name) == checkpoint.sideFiles.map(\.name)
  }

  /// Whether a journal that is still there is of this conversion.
  private func isJournalOwn(_ paths: ResumptionPaths, _ producer: String) throws -> Bool {
    guard try FileIdentity(path: paths.journal) != nil else { return true }
    let journal = try AppendedFile(path: paths.journal)
    guard let bytes = try journal.read(limit: JournalSchema.largestByteCount),
      let end = bytes.firstIndex(of: UInt8(ascii: "\n"))
    else { return false }
    return try bytes[..<end].elementsEqual(JournalHeader(self, producer: producer).bytes.dropLast())
  }

  private static func clippedShare(_ report: VerificationReport) -> Double {
    guard !report.tensors.isEmpty else { return 0 }
    return report.tensors.reduce(0) { $0 + $1.clippedShare } / Double(report.tensors.count)
  }
}
