import FusionCore
import NumericKernels
import WeightGraph

/// A base checkpoint with an adapter in it: updates added, tensors replaced and added.
///
/// Tensors with an update have the type F32 whatever the base has, so that nothing is rounded to a narrower type in
/// between, and are computed for the rows that are asked for. Every value is base + scaling * (B A) with sum and
/// scaling in float64, rounded once: the same bits on every machine, for every range and number of threads. All other
/// tensors are lent from their files.
public struct AdaptedSource: WeightSource {
  /// The base's format.
  public let formatName: String
  /// The base's files, then those of the adapter.
  public let files: [SourceFile]
  /// All tensors, sorted by name.
  public let tensors: [TensorDescription]
  /// Those of the base and of the adapter's files, and what the adapter did.
  public let notices: [String]
  /// Those of the base whose tensors the adapter leaves alone.
  public let aliases: [String: String]
  /// What the adapter does.
  public let plan: AdapterPlan

  let assembled: AssembledSource
  let adapters: [any WeightSource]
  let kernels: KernelSet
  private let originals: [String: TensorDescription]
  private let merges: [String: AdapterMerge]
  private let cache: FactorCache

  /// Puts an adapter over a base.
  ///
  /// - Parameters:
  ///   - base: the base's tensors.
  ///   - adapters: the adapter's weight files, in the order of the plan.
  ///   - plan: maps the adapter's tensors to the base's.
  ///   - path: names the whole in errors.
  ///   - kernels: what to compute with; the results do not depend on it.
  ///   - head: a tensor of the base that the whole has under a second name, its head.
  ///   - factorByteLimit: bytes of factors that are kept for the next rows of their tensors; the factors of one update
  ///     may be larger. The results do not depend on it.
  /// - Throws: `.assemblyDuplicateTensor`.
  public init(
    base: any WeightSource, adapters: [any WeightSource], plan: AdapterPlan, path: String, kernels: KernelSet,
    head: (name: String, tensor: TensorDescription)? = nil, factorByteLimit: Int = 256 << 20
  ) throws {
    let kept = base.tensors.filter { plan.replaced[$0.name] == nil }
    var parts = [
      AssembledSource.Part(
        source: base, folder: "", tensors: kept.map { (name: $0.name, tensor: $0) } + (head.map { [$0] } ?? []))
    ]
    let whole = plan.replaced.merging(plan.added) { first, _ in first }
    for (index, adapter) in adapters.enumerated() {
      let own = whole.filter { $0.value.fileIndex == index }.map { (name: $0.key, tensor: $0.value.description) }
      parts.append(AssembledSource.Part(source: adapter, folder: "adapter", tensors: own))
    }
    assembled = try AssembledSource(parts: parts, path: path)
    let merges = Dictionary(uniqueKeysWithValues: plan.merges.map { ($0.name, $0) })
    self.merges = merges
    originals = Dictionary(uniqueKeysWithValues: assembled.tensors.map { ($0.name, $0) })
    tensors = assembled.tensors.map { tensor in
      guard merges[tensor.name] != nil, let byteCount = tensor.shape.byteCount(of: .f32) else { return tensor }
      return TensorDescription(
        name: tensor.name, dtype: .f32, shape: tensor.shape, fileIndex: tensor.fileIndex, offset: tensor.offset,
        byteCount: byteCount)
    }
    formatName = assembled.formatName
    files = assembled.files
    let touched = Set(merges.keys).union(plan.replaced.keys)
    // A group with one tensor that changes is a group no more.
    let changed = Set(assembled.aliases.flatMap { touched.contains($0) || touched.contains($1) ? [$1] : [] })
    aliases = assembled.aliases.filter { !changed.contains($0.value) }
    notices = assembled.notices
    self.adapters = adapters
    self.plan = plan
    self.kernels = kernels
    cache = FactorCache(byteLimit: factorByteLimit)
  }

  /// Lends part of a tensor's bytes; of one with an update, the rows around the range are computed.
  ///
  /// - Throws: what the sources throw.
  public func withBytes<Result>(
    of tensor: TensorDescription, in range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    guard let merge = merges[tensor.name] else { return try assembled.withBytes(of: original(tensor), in: range, body) }
    precondition(
      range.lowerBound >= 0 && range.upperBound <= tensor.byteCount,
      "range \(range) in tensor \(tensor.name) of \(tensor.byteCount) bytes")
    guard !range.isEmpty else { return try body(UnsafeRawBufferPointer(start: nil, count: 0)) }
    let rowByteCount = tensor.shape.columnCount * MemoryLayout<Float>.size
    let rows = (range.lowerBound / rowByteCount)..<CheckedArithmetic.ceilingDivision(range.upperBound, rowByteCount)
    var values = [Float](repeating: 0, count: rows.count * tensor.shape.columnCount)
    try values.withUnsafeMutableBufferPointer { try fill($0, rows: rows, merge) }
    return try values.withUnsafeBytes { bytes in
      let start = range.lowerBound - rows.lowerBound * rowByteCount
      return try body(UnsafeRawBufferPointer(rebasing: bytes[start..<(start + range.count)]))
    }
  }

  /// Lends all bytes of a tensor; one with an update is computed into memory of its own.
  ///
  /// - Throws: what the sources throw.
  public func borrow(_ tensor: TensorDescription) throws -> BorrowedBytes {
    guard let merge = merges[tensor.name] else { return try assembled.borrow(original(tensor)) }
    let memory = AlignedMemory(byteCounts: [tensor.byteCount])
    let target = memory.buffers[0]
    let columns = tensor.shape.columnCount
    let rowsPerStep = max(1, Self.stepElementCount / max(columns, 1))
    for first in stride(from: 0, to: tensor.shape.rowCount, by: rowsPerStep) where columns > 0 {
      let rows = first..<min(first + rowsPerStep, tensor.shape.rowCount)
      let bytes = UnsafeMutableRawBufferPointer(
        rebasing: target[(4 * first * columns)..<(4 * rows.upperBound * columns)])
      try fill(bytes.bindMemory(to: Float.self), rows: rows, merge)
      discard(tensor, in: (4 * first * columns)..<(4 * rows.upperBound * columns))
    }
    return BorrowedBytes(UnsafeRawBufferPointer(target)) { _ = memory }
  }

  /// Takes the base's part of a tensor out of resident memory.
  public func discard(_ tensor: TensorDescription, in range: Range<Int>) {
    let original = original(tensor)
    guard merges[tensor.name] != nil else { return assembled.discard(original, in: range) }
    let width = original.dtype.byteWidth
    assembled.discard(original, in: (range.lowerBound / 4 * width)..<(range.upperBound / 4 * width))
  }

  /// Proves that no file of base or adapter has changed.
  ///
  /// - Throws: `.changedWhileReading`.
  public func checkUnchanged() throws { try assembled.checkUnchanged() }

  /// Values that are computed in one step where a whole tensor is wanted.
  private static let stepElementCount = 1 << 20

  private func original(_ tensor: TensorDescription) -> TensorDescription {
    guard let original = originals[tensor.name] else {
      preconditionFailure("tensor \(tensor.name) is of another source")
    }
    return original
  }

  /// Computes some rows of a tensor with an update.
  private func fill(_ target: UnsafeMutableBufferPointer<Float>, rows: Range<Int>, _ merge: AdapterMerge) throws {
    try readBase(into: target, rows: rows, merge)
    let before = nonfiniteCount(target)
    try addUpdate(to: target, rows: rows, merge)
    // What the base has is the base's; factors that are finite may still have a product that is not.
    guard nonfiniteCount(target) == before else {
      throw FusionError.adapterNonfinite(merge, file: adapters.first?.files.first?.path ?? "")
    }
  }

  private func nonfiniteCount(_ values: UnsafeMutableBufferPointer<Float>) -> Int {
    var moments = Moments()
    kernels.accumulate(UnsafeBufferPointer(values), into: &moments)
    return moments.nonfiniteCount
  }

  /// The values of some rows before the update, as float32.
  func readBase(into target: UnsafeMutableBufferPointer<Float>, rows: Range<Int>, _ merge: AdapterMerge) throws {
    guard let original = originals[merge.name] else { preconditionFailure("an update of no tensor: \(merge.name)") }
    let rowByteCount = original.shape.columnCount * original.dtype.byteWidth
    let range = (rows.lowerBound * rowByteCount)..<(rows.upperBound * rowByteCount)
    try assembled.withBytes(of: original, in: range) { kernels.widen($0, type: original.dtype, into: target) }
  }

  /// Takes the base's values of some rows out of resident memory.
  func discardBase(rows: Range<Int>, _ merge: AdapterMerge) {
    guard let original = originals[merge.name] else { return }
    let rowByteCount = original.shape.columnCount * original.dtype.byteWidth
    assembled.discard(original, in: (rows.lowerBound * rowByteCount)..<(rows.upperBound * rowByteCount))
  }

  /// Adds the update of some rows to values.
  func addUpdate(to target: UnsafeMutableBufferPointer<Float>, rows: Range<Int>, _ merge: AdapterMerge) throws {
    let factors = try cache.factors(named: merge.name) {
      try LowRankFactors(merge, sources: adapters, kernels: kernels)
    }
    factors.left.withUnsafeBufferPointer { left in
      let part = left[(rows.lowerBound * merge.rank)..<(rows.upperBound * merge.rank)]
      kernels.addLowRank(
        left: UnsafeBufferPointer(rebasing: part), panels: factors.panels, scale: merge.scaling, to: target)
    }
  }
}
