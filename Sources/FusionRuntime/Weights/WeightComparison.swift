import FusionCore
import NumericKernels
import Quantizers

/// Compares weights as float32 numbers, whatever they are held as.
public struct WeightComparison: Sendable {
  /// Values of a block of rows: enough to keep a thread busy, few enough for its cache.
  private static let blockValueCount = 1 << 18
  /// An outlier lies further from the mean than this many standard deviations; that of `inspect --stats`.
  private static let outlierDeviations = 6.0

  private let context: ComputeContext

  /// Compares with the threads and kernels of a context.
  public init(_ context: ComputeContext) { self.context = context }

  /// The difference of two weights; the same bits for every number of threads.
  ///
  /// - Precondition: the same shape.
  public func compare(reference: WeightMatrix, candidate: WeightMatrix) -> WeightDifference {
    precondition(reference.shape == candidate.shape, "\(reference.shape) against \(candidate.shape)")
    let columns = reference.columnCount
    var result = WeightDifference()
    guard reference.rowCount > 0, columns > 0 else { return result }
    let moments = moments(of: reference)
    let spread = Self.outlierDeviations * moments.standardDeviation
    let limits = Float(moments.mean - spread)...Float(moments.mean + spread)
    let parts = blocks(of: reference) { worker, rows in
      self.part(reference, candidate, rows: rows, limits: limits, scratch: self.context.scratch(worker))
    }
    var difference = DifferenceSums()
    var other = Moments()
    for part in parts {
      difference.merge(part.difference)
      other.merge(part.candidate)
      result.clippedCount += part.clippedCount
      result.outlierCount += part.outlierCount
    }
    result.referenceEnergy = difference.signalEnergy
    result.errorEnergy = difference.errorEnergy
    result.maximumError = Double(difference.maximumError)
    result.candidateEnergy = other.squareSum
    result.nonfiniteCounts = (moments.nonfiniteCount, other.nonfiniteCount)
    result.count = moments.count
    return result
  }

  private struct Part: Sendable {
    var difference = DifferenceSums()
    var candidate = Moments()
    var clippedCount = 0
    var outlierCount = 0
  }

  private func moments(of matrix: WeightMatrix) -> Moments {
    let reading = WeightReading(kernels: context.kernels)
    var result = Moments()
    let parts = blocks(of: matrix) { worker, rows in
      var moments = Moments()
      let values = self.context.scratch(worker).floats(rows.count * matrix.columnCount)
      reading.decode(matrix, rows: rows, into: values)
      self.context.kernels.accumulate(UnsafeBufferPointer(values), into: &moments)
      return moments
    }
    for part in parts { result.merge(part) }
    return result
  }

  private func part(
    _ reference: WeightMatrix, _ candidate: WeightMatrix, rows: Range<Int>, limits: ClosedRange<Float>,
    scratch: WorkerScratch
  ) -> Part {
    let reading = WeightReading(kernels: context.kernels)
    let count = rows.count * reference.columnCount
    let both = scratch.floats(2 * count)
    let x = UnsafeMutableBufferPointer(rebasing: both[..<count])
    let y = UnsafeMutableBufferPointer(rebasing: both[count...])
    reading.decode(reference, rows: rows, into: x)
    reading.decode(candidate, rows: rows, into: y)
    var part = Part()
    context.kernels.accumulate(
      reference: UnsafeBufferPointer(x), other: UnsafeBufferPointer(y), into: &part.difference)
    context.kernels.accumulate(UnsafeBufferPointer(y), into: &part.candidate)
    for value in x where value < limits.lowerBound || value > limits.upperBound { part.outlierCount += 1 }
    if candidate.encoding.isQuantized {
      if let scales = candidate.columnScales {
        context.kernels.divide(x, byColumns: scales)
      }
      let decoder = RowDecoder(
        kernels: context.kernels, encoding: candidate.encoding, columns: candidate.columnCount)
      candidate.forEachRun(of: rows) { run, streams in
        let first = (run.lowerBound - rows.lowerBound) * candidate.columnCount
        let x = UnsafeMutableBufferPointer(rebasing: x[first...])
        decoder.forEachRange(streams, rows: run.count) { values, low, high in
          for value in x[values] where value < low || value > high { part.clippedCount += 1 }
        }
      }
    }
    return part
  }

  /// Runs a body over blocks of rows; the results in the order of the rows.
  private func blocks<Result: Sendable>(
    of matrix: WeightMatrix, _ body: @Sendable (_ worker: Int, _ rows: Range<Int>) -> Result
  ) -> [Result] {
    let size = max(1, Self.blockValueCount / matrix.columnCount)
    let count = CheckedArithmetic.ceilingDivision(matrix.rowCount, size)
    let results = Protected([Result?](repeating: nil, count: count))
    context.team.run(count: count) { worker, block in
      let result = body(worker, (block * size)..<min((block + 1) * size, matrix.rowCount))
      results.withLock { $0[block] = result }
    }
    return results.withLock { $0.compactMap { $0 } }
  }
}
