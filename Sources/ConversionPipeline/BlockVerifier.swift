import ContainerFormat
import FusionCore
import NumericKernels
import Quantizers

/// Proves blocks of a container, against the source where there is one; one object for each thread.
final class BlockVerifier {
  private let verifier: RowVerifier
  private let scanner: ValueScanner

  init(kernels: KernelSet) {
    verifier = RowVerifier(kernels: kernels)
    scanner = ValueScanner(kernels: kernels)
  }

  /// What comparing a block with its source found.
  struct Outcome {
    var clippedCount = 0
    var difference = DifferenceSums()
    /// Sum of squares of values that were kept, which a comparison of bytes does not give.
    var keptSignalEnergy = 0.0
  }

  /// Checks decoded streams of some rows for themselves: scales, codes, padding.
  func validate(_ streams: [[UInt8]], rows: Int, columns: Int, encoding: TensorEncoding) throws {
    guard encoding.isQuantized else { return }
    try StreamBytes.withBytes(of: streams) {
      try verifier.validate($0, rows: rows, columns: columns, encoding: encoding)
    }
  }

  /// Checks decoded streams of some rows against the source's bytes.
  ///
  /// Values that were kept must be equal bit for bit; converted ones must be within half a unit in the last place of
  /// the stored type; quantized ones must decode to the nearest code, or
  /// to one as close as the options ask for.
  func compare(
    _ streams: [[UInt8]], rows: Int, tensor: TensorDescription, encoding: TensorEncoding, dtype: DType,
    source: UnsafeRawBufferPointer, options: RowVerifier.Options = .init()
  ) throws -> Outcome {
    if encoding.isQuantized {
      let (clippedCount, difference) = try StreamBytes.withBytes(of: streams) {
        try verifier.verify(
          $0, against: source, type: tensor.dtype, rows: rows, columns: tensor.shape.columnCount, encoding: encoding,
          options: options)
      }
      return Outcome(clippedCount: clippedCount, difference: difference)
    }
    if dtype == tensor.dtype {
      guard streams[0].elementsEqual(source) else { throw Self.notEqual(streams[0], source, tensor) }
      return Outcome()
    }
    return try compareConverted(streams[0], dtype, source, tensor)
  }

  /// Sum of squares of the finite values among kept ones; 0 for types that do not widen to float32.
  func signalEnergy(of bytes: UnsafeRawBufferPointer, type: DType) -> Double {
    type.isQuantizable ? scanner.moments(of: bytes, type: type).squareSum : 0
  }

  private func compareConverted(
    _ stored: [UInt8], _ dtype: DType, _ source: UnsafeRawBufferPointer, _ tensor: TensorDescription
  ) throws -> Outcome {
    // bfloat16 keeps 8 significant bits: half a unit in the last place is at most 2^-8 of the value. Values below
    // the normal range have an absolute bound instead. Widening to float32 is exact.
    let relative: Float = dtype == .bf16 ? 0x1p-8 : 0
    var violations = 0
    var outcome = Outcome()
    outcome.difference = scanner.difference(source, tensor.dtype, stored, dtype)
    scanner.forEachPair(source, tensor.dtype, stored, dtype) { reference, other in
      for index in reference.indices {
        let (x, y) = (reference[index], other[index])
        let isClose = abs(x - y) <= abs(x) * relative + .leastNormalMagnitude * relative
        if !(isClose || x == y || (x.isNaN && y.isNaN) || (y.isInfinite && abs(x) > 0x1.FEp127)) { violations += 1 }
      }
    }
    guard violations == 0 else {
      throw FusionError(
        .outsideOfBound, "converted weights do not stand for the source", place: "tensor \(tensor.name)",
        expected: "every weight within half a unit in the last place of \(dtype.rawValue)",
        found: "\(violations) weights further away", remedy: "convert the source again")
    }
    return outcome
  }

  private static func notEqual(
    _ stored: [UInt8], _ source: UnsafeRawBufferPointer, _ tensor: TensorDescription
  ) -> FusionError {
    let offset = zip(stored, source).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? 0
    return FusionError(
      .sourceDiffers, "stored bytes differ from the source", place: "tensor \(tensor.name), byte \(offset) of a block",
      expected: "the source's bytes", found: "other bytes",
      remedy: "make sure that the source is the one that was converted, then convert it again")
  }
}

extension FusionError.Code {
  /// A container does not hold what its source holds.
  public static let sourceDiffers = Self("verify.sourceDiffers")
}
