import FusionCore
import NumericKernels
import WeightGraph

/// Measures what an adapter changes, in a pass of its own over the tensors with an update: it reads them once and
/// computes every update once more.
struct AdapterMeasurer {
  let source: AdaptedSource
  let path: String
  let execution: ExecutionOptions

  private static let blockElementCount = 1 << 20

  private struct Pair {
    var base = Moments()
    var delta = Moments()
  }

  private final class Totals {
    var pairs: [Pair]
    var doneByteCount = 0
    init(count: Int) { pairs = Array(repeating: Pair(), count: count) }
  }

  /// The norms of every update.
  ///
  /// - Throws: `.adapterNonfinite` for an update with a value that float32 cannot hold.
  func report(progress: ProgressHandler?) throws -> AdapterReport {
    let merges = source.plan.merges
    let blocks = merges.enumerated().flatMap { index, merge in
      RowBlock.blocks(
        ofEntry: index, rowCount: merge.shape.rowCount,
        rowsPerChunk: max(1, Self.blockElementCount / max(merge.shape.columnCount, 1)))
    }
    let totals = Totals(count: merges.count)
    let byteCount = merges.reduce(0) { $0 + 4 * $1.shape.elementCount }
    try OrderedWorkers.run(
      count: blocks.count, threads: execution.threads, makeContext: {},
      produce: { _, index in try measure(blocks[index], merges[blocks[index].entryIndex]) },
      commit: { index, pair in
        let block = blocks[index]
        totals.pairs[block.entryIndex].base.merge(pair.base)
        totals.pairs[block.entryIndex].delta.merge(pair.delta)
        totals.doneByteCount += 4 * block.rows.count * merges[block.entryIndex].shape.columnCount
        progress?(
          ProgressUpdate(step: "measuring adapter", doneByteCount: totals.doneByteCount, totalByteCount: byteCount))
      })
    return try summary(totals.pairs)
  }

  private func measure(_ block: RowBlock, _ merge: AdapterMerge) throws -> Pair {
    var pair = Pair()
    var values = [Float](repeating: 0, count: block.rows.count * merge.shape.columnCount)
    try values.withUnsafeMutableBufferPointer { buffer in
      try source.readBase(into: buffer, rows: block.rows, merge)
      execution.kernels.accumulate(UnsafeBufferPointer(buffer), into: &pair.base)
      source.discardBase(rows: block.rows, merge)
      buffer.update(repeating: 0)
      try source.addUpdate(to: buffer, rows: block.rows, merge)
      execution.kernels.accumulate(UnsafeBufferPointer(buffer), into: &pair.delta)
    }
    return pair
  }

  private func summary(_ pairs: [Pair]) throws -> AdapterReport {
    var report = AdapterReport(path: path, plan: source.plan)
    var (delta, base) = (0.0, 0.0)
    for (index, pair) in pairs.enumerated() {
      guard pair.delta.nonfiniteCount == 0 else {
        throw FusionError.adapterNonfinite(source.plan.merges[index], file: path)
      }
      delta += pair.delta.squareSum
      base += pair.base.squareSum
      report.tensors[index].deltaNorm = pair.delta.squareSum.squareRoot()
      report.tensors[index].weightNorm = pair.base.squareSum.squareRoot()
      report.tensors[index].relativeDelta = Self.ratio(pair.delta.squareSum, pair.base.squareSum)
      report.tensors[index].maxDelta = Double(max(pair.delta.maximum.magnitude, pair.delta.minimum.magnitude))
    }
    report.deltaNorm = delta.squareRoot()
    report.weightNorm = base.squareRoot()
    report.relativeDelta = Self.ratio(delta, base)
    return report
  }

  private static func ratio(_ a: Double, _ b: Double) -> Double? { b > 0 ? (a / b).squareRoot() : nil }
}

extension FusionError {
  static func adapterNonfinite(_ merge: AdapterMerge, file: String) -> FusionError {
    FusionError(
      .adapterNonfinite, "an update of the adapter is not finite", file: file, place: "tensor \(merge.name)",
      expected: "finite factors and a finite product",
      found: "NaN or infinity in scaling \(merge.scaling) * B A of rank \(merge.rank)",
      remedy: "the training has diverged: use an earlier state of the adapter")
  }
}

extension FusionError.Code {
  /// An update holds NaN or infinity.
  public static let adapterNonfinite = Self("adapter.nonfinite")
}
