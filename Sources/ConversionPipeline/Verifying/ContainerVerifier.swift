import AccuracyMetrics
import ContainerFormat
import FusionCore
import NumericKernels
import Quantizers
import WeightGraph

/// Proves a whole container: every byte under some checksum, every rule of the format, every weight against the source.
public struct ContainerVerifier: Sendable {
  /// The container.
  public let model: ContainerModel
  /// What it was made from, if that is at hand.
  public let source: Checkpoint?
  /// What of the source is compared.
  public let scope: VerificationScope
  /// Threads and kernels.
  public let execution: ExecutionOptions

  /// Collects the fields.
  public init(
    model: ContainerModel, source: Checkpoint?, scope: VerificationScope = .content, execution: ExecutionOptions
  ) {
    self.model = model
    self.source = source
    self.scope = scope
    self.execution = execution
  }

  /// Checks everything; the first thing that does not hold is thrown.
  ///
  /// - Parameter progress: is told how far it has come.
  public func run(progress: ProgressHandler? = nil) throws -> VerificationReport {
    let clock = ContinuousClock()
    let start = clock.now
    let index = model.reader.index
    try model.reader.verifyPadding()
    for file in index.files { _ = try model.file(file.name) }
    try checkGraph()
    let partners = try sourcePartners()
    var notices = try sideFileNotices()
    let outcomes = try checkTensors(partners, progress: progress)
    try checkStatedErrors(outcomes)
    if let source, scope != .weights {
      notices += try SourceFileProof(model: model, source: source.source)
        .check(isExact: scope == .exactFiles, progress: progress)
    }
    try source?.source.checkUnchanged()
    let schemes = RecordedSchemes(index)
    let tensors = zip(index.tensors, outcomes).map { tensor, outcome in
      VerificationReport.Tensor(
        name: tensor.name, scheme: schemes.name(of: tensor), sqnrDecibels: Self.decibels(outcome.difference),
        clippedShare: Double(outcome.clippedCount) / Double(max(tensor.shape.elementCount, 1)),
        maximumError: Double(outcome.difference.maximumError))
    }
    return VerificationReport(
      path: model.path, source: source?.path, byteCount: model.reader.byteCount, tensorCount: index.tensors.count,
      chunkCount: model.blocks.reduce(0) { $0 + index.tensors[$1.entryIndex].streams.count }
        + index.files.reduce(0) { $0 + $1.chunks.count },
      fileCount: index.files.count, sqnrDecibels: source == nil ? nil : wholeModelDecibels(outcomes),
      tensors: source == nil ? [] : tensors, wallSeconds: (clock.now - start).seconds, notices: notices)
  }

  /// The tensors inside must make up the model that the configuration inside describes.
  private func checkGraph() throws {
    let graph = try model.graph()
    let roles = Dictionary(
      graph.tensors.map { ($0.description.name, ($0.canonicalName, $0.role.rawValue)) }, uniquingKeysWith: { a, _ in a }
    )
    for tensor in model.reader.index.tensors {
      guard let (canonicalName, role) = roles[tensor.name], canonicalName == tensor.canonicalName, role == tensor.role
      else {
        throw FusionError(
          .graphDisagrees, "the container's index and its configuration disagree", file: model.path,
          place: "tensor \(tensor.name)", expected: "\(roles[tensor.name]?.0 ?? "no such tensor")",
          found: "\(tensor.canonicalName) with role \(tensor.role)", remedy: "convert the checkpoint again")
      }
    }
  }

  /// Codes that are not the nearest ones could be anything within their reach; the error that was stated of them must
  /// be the one that they have.
  private func checkStatedErrors(_ outcomes: [BlockVerifier.Outcome]) throws {
    guard source != nil else { return }
    for (tensor, outcome) in zip(model.reader.index.tensors, outcomes) {
      guard let stated = tensor.statistics, stated.largestDeviation != nil else { continue }
      let found = outcome.difference.errorEnergy
      guard abs(found - stated.errorEnergy) <= Self.errorSlack * stated.errorEnergy else {
        throw FusionError(
          .outsideOfBound, "the error of a tensor is not the stated one", file: model.path,
          place: "tensor \(tensor.name)", expected: "a sum of squared errors of \(stated.errorEnergy)",
          found: "\(found)", remedy: "make sure that the source is the one that was converted, then convert it again")
      }
    }
  }

  /// Sums of squares are added in float64 over blocks of any size.
  private static let errorSlack = 1e-9

  /// For each tensor of the container, the source's tensor that it stands for.
  ///
  /// Tensors that one side shares and the other has twice are the same model as long as the two are equal.
  private func sourcePartners() throws -> [TensorDescription]? {
    guard let source else { return nil }
    let index = model.reader.index
    let graph = source.graph
    let known = Set(index.tensors.map(\.canonicalName) + index.aliases.map(\.canonicalName))
    let missing = graph.tensors.filter { !known.contains($0.canonicalName) }.map(\.description.name)
    let unknown = index.tensors.filter { graph.tensor(named: $0.canonicalName) == nil }.map(\.name)
    guard missing.isEmpty, unknown.isEmpty else {
      throw FusionError(
        .sourceDiffers, "the container and the source do not hold the same tensors", file: model.path,
        expected: "\(graph.tensors.count) tensors of \(source.path)",
        found: "\(missing.count) missing\(Self.examples(missing)), \(unknown.count) unknown\(Self.examples(unknown))",
        remedy: "name the checkpoint that this container was made from")
    }
    for alias in index.aliases {
      guard let own = graph.tensor(named: alias.canonicalName)?.description,
        let target = graph.tensor(named: alias.targetCanonicalName)?.description, own != target
      else { continue }
      try checkEqual(own, target, of: source.source)
    }
    return try index.tensors.map { tensor in
      guard let partner = graph.tensor(named: tensor.canonicalName)?.description, partner.shape == tensor.shape else {
        throw FusionError(
          .sourceDiffers, "a tensor has another shape in the source", file: model.path, place: "tensor \(tensor.name)",
          expected: graph.tensor(named: tensor.canonicalName)?.description.shape.description ?? "",
          found: tensor.shape.description, remedy: "name the checkpoint that this container was made from")
      }
      return partner
    }
  }

  /// Proves that two tensors of the source, which the container holds as one, are the same.
  private func checkEqual(_ one: TensorDescription, _ other: TensorDescription, of source: any WeightSource) throws {
    var areEqual = one.dtype == other.dtype && one.shape == other.shape
    for start in stride(from: 0, to: one.byteCount, by: Self.comparedByteCount) where areEqual {
      let range = start..<min(start + Self.comparedByteCount, one.byteCount)
      areEqual = try source.withBytes(of: one, in: range) { first in
        try source.withBytes(of: other, in: range) { first.elementsEqual($0) }
      }
      for tensor in [one, other] { source.discard(tensor, in: range) }
    }
    guard areEqual else {
      throw FusionError(
        .sourceDiffers, "the container holds two tensors of the source as one, and they differ", file: model.path,
        place: "tensor \(one.name)", expected: "the values of \(other.name)", found: "other values",
        remedy: "name the checkpoint that this container was made from")
    }
  }

  /// Bytes of two tensors that are compared in one step.
  private static let comparedByteCount = 4 << 20

  private func checkTensors(
    _ partners: [TensorDescription]?, progress: ProgressHandler?
  ) throws -> [BlockVerifier.Outcome] {
    let blocks = model.blocks
    let index = model.reader.index
    let total = index.tensors.reduce(0) { $0 + ($1.shape.byteCount(of: $1.dtype) ?? 0) }
    let outcomes = OutcomeCollector(count: index.tensors.count)
    let (model, source, kernels) = (self.model, self.source?.source, execution.kernels)
    try OrderedWorkers.run(
      count: blocks.count, threads: execution.threads,
      makeContext: { (verifier: BlockVerifier(kernels: kernels), decoder: ChunkDecoder()) },
      produce: { context, position -> BlockVerifier.Outcome in
        let block = blocks[position]
        let tensor = index.tensors[block.entryIndex]
        do {
          let streams = try model.streams(of: block, decoder: context.decoder)
          try context.verifier.validate(
            streams, rows: block.rows.count, columns: tensor.shape.columnCount, encoding: tensor.encoding)
          guard let partner = partners?[block.entryIndex], let source else { return BlockVerifier.Outcome() }
          let range = block.byteRange(in: partner)
          defer { source.discard(partner, in: range) }
          return try source.withBytes(of: partner, in: range) { bytes in
            var outcome = try context.verifier.compare(
              streams, rows: block.rows.count, tensor: partner, encoding: tensor.encoding, dtype: tensor.dtype,
              source: bytes,
              options: RowVerifier.Options(largestDeviation: tensor.statistics?.largestDeviation.map { Float($0) }))
            if !tensor.encoding.isQuantized, tensor.dtype == partner.dtype {
              outcome.keptSignalEnergy = context.verifier.signalEnergy(of: bytes, type: partner.dtype)
            }
            return outcome
          }
        } catch var error as FusionError {
          let place = "tensor \(tensor.name), rows from \(block.rows.lowerBound)"
          error.place = error.place.map { $0.contains(tensor.name) ? $0 : "\(place): \($0)" } ?? place
          throw error.inFile(model.path)
        }
      },
      commit: { position, outcome in
        outcomes.add(outcome, to: blocks[position].entryIndex)
        let tensor = index.tensors[blocks[position].entryIndex]
        outcomes.doneByteCount += blocks[position].rows.count * tensor.shape.columnCount * tensor.dtype.byteWidth
        progress?(
          ProgressUpdate(step: "verifying", doneByteCount: outcomes.doneByteCount, totalByteCount: total))
      })
    return outcomes.values
  }

  /// Proves the side files, as far as the scope asks for that.
  private func sideFileNotices() throws -> [String] {
    guard let source, scope != .weights else { return [] }
    return try SideFileProof(model: model, source: source).check(isExact: scope == .exactFiles)
  }

  private func wholeModelDecibels(_ outcomes: [BlockVerifier.Outcome]) -> Double? {
    var sum = DifferenceSums()
    var kept = 0.0
    for outcome in outcomes {
      sum.merge(outcome.difference)
      kept += outcome.keptSignalEnergy
    }
    guard sum.errorEnergy > 0 else { return nil }
    return SignalToQuantizationNoise.decibels(signalEnergy: sum.signalEnergy + kept, errorEnergy: sum.errorEnergy)
  }

  private static func decibels(_ sums: DifferenceSums) -> Double? {
    guard sums.errorEnergy > 0, sums.signalEnergy > 0 else { return nil }
    return SignalToQuantizationNoise.decibels(signalEnergy: sums.signalEnergy, errorEnergy: sums.errorEnergy)
  }

  private static func examples(_ names: [String]) -> String {
    names.isEmpty ? "" : " (\(names.prefix(3).joined(separator: ", "))\(names.count > 3 ? ", ..." : ""))"
  }
}

/// Outcomes by tensor, filled by ordered steps only.
private final class OutcomeCollector {
  var values: [BlockVerifier.Outcome]
  var doneByteCount = 0
  init(count: Int) { values = Array(repeating: BlockVerifier.Outcome(), count: count) }

  func add(_ outcome: BlockVerifier.Outcome, to index: Int) {
    values[index].clippedCount += outcome.clippedCount
    values[index].difference.merge(outcome.difference)
    values[index].keptSignalEnergy += outcome.keptSignalEnergy
  }
}

extension FusionError.Code {
  /// A container's tensors are not those of the model it says it is.
  public static let graphDisagrees = Self("verify.graphDisagrees")
}
