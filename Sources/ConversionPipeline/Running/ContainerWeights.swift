import ContainerFormat
import FusionCore
import FusionRuntime
import NumericKernels
import WeightGraph

/// A container's weights as the runtime wants them, codes still codes: in place in the mapped file where they are stored
/// raw, decompressed where they are not.
struct ContainerWeights: ModelWeights {
  let model: ContainerModel
  let configuration: ModelConfiguration

  private let graph: CanonicalGraph
  private let tensors: [String: ContainerTensor]
  /// Whether bytes of the mapped file were given out.
  private let hasLent = Protected(false)

  /// Proves that the container's tensors are those of its configuration.
  ///
  /// - Throws: what is wrong with the configuration; `.graphMismatch`.
  init(_ model: ContainerModel) throws {
    graph = try model.graph()
    self.model = model
    configuration = graph.configuration
    tensors = Dictionary(
      model.reader.index.tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  func matrix(_ name: String) throws -> WeightMatrix {
    guard let matrix = try matrices([name], team: WorkerTeam(threads: 1), onLoaded: { _ in }).first else {
      throw FusionError.missingWeight(name, file: model.path)
    }
    return matrix
  }

  func matrices(
    _ names: [String], team: WorkerTeam, onLoaded: @Sendable (_ position: Int) -> Void
  ) throws -> [WeightMatrix] {
    let loads = try names.map { try TensorLoad(tensor($0), name: $0, file: model.path) }
    let pieces = loads.enumerated().flatMap { position, load in load.pieces(ofLoad: position) }
      .sorted { $0.offset < $1.offset }
    let decoders = (0..<team.threads).map { _ in ThreadDecoder() }
    let missing = Protected(loads.map(\.chunkCount))
    for piece in pieces.prefix(Self.readAheadCount) { model.reader.willRead(piece.entry) }
    try team.runThrowing(count: pieces.count) { worker, index in
      let piece = pieces[index]
      if index + Self.readAheadCount < pieces.count {
        model.reader.willRead(pieces[index + Self.readAheadCount].entry)
      }
      try loads[piece.load].read(piece, from: model.reader, using: decoders[worker].decoder)
      let isComplete = missing.withLock { missing in
        missing[piece.load] -= 1
        return missing[piece.load] == 0
      }
      if isComplete { onLoaded(piece.load) }
    }
    if loads.contains(where: \.isLent) { hasLent.withLock { $0 = true } }
    return loads.map { $0.matrix() }
  }

  /// Chunks that the system is asked for ahead of the one that is read: enough to keep a disk busy.
  private static let readAheadCount = 64

  private func tensor(_ name: String) throws -> ContainerTensor {
    guard let found = graph.tensor(named: name), let tensor = tensors[found.description.name] else {
      throw FusionError.missingWeight(name, file: model.path)
    }
    guard tensor.dtype.isQuantizable else {
      throw FusionError.unusableWeight(name, tensor.dtype, file: model.path)
    }
    return tensor
  }

  func checkUnchanged() throws {
    // Every chunk was proven by its checksum when it was read; what was decoded then cannot change any more.
    if hasLent.withLock({ $0 }) { try model.reader.checkUnchanged() }
  }
}
