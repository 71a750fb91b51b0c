import FusionCore
import NumericKernels

/// Looks at float values without changing them; one object for each thread.
final class ValueScanner {
  let kernels: KernelSet
  private var buffer = [Float](repeating: 0, count: 65_536)
  /// The second side of a comparison; empty until one is made.
  var other: [Float] = []

  init(kernels: KernelSet) { self.kernels = kernels }

  /// Count, extremes and sums of values of a type that widens to float32.
  func moments(of bytes: UnsafeRawBufferPointer, type: DType) -> Moments {
    var moments = Moments()
    forEachBatch(of: bytes, type: type) { values, _ in kernels.accumulate(values, into: &moments) }
    return moments
  }

  /// Lends the values as float32, a batch at a time, with the position of the batch.
  func forEachBatch(
    of bytes: UnsafeRawBufferPointer, type: DType, _ body: (UnsafeBufferPointer<Float>, Int) -> Void
  ) {
    let width = type.byteWidth
    let count = bytes.count / width
    buffer.withUnsafeMutableBufferPointer { all in
      for start in stride(from: 0, to: count, by: all.count) {
        let used = UnsafeMutableBufferPointer(rebasing: all[..<min(all.count, count - start)])
        let part = UnsafeRawBufferPointer(rebasing: bytes[(start * width)..<((start + used.count) * width)])
        kernels.widen(part, type: type, into: used)
        body(UnsafeBufferPointer(used), start)
      }
    }
  }

  /// The values as another float type, rounded to nearest, ties to even.
  func convert(_ bytes: UnsafeRawBufferPointer, from type: DType, to target: DType) -> [UInt8] {
    let count = bytes.count / type.byteWidth
    var result = [UInt8](repeating: 0, count: count * target.byteWidth)
    result.withUnsafeMutableBytes { output in
      forEachBatch(of: bytes, type: type) { values, start in
        let range = (start * target.byteWidth)..<((start + values.count) * target.byteWidth)
        kernels.narrow(values, type: target, into: UnsafeMutableRawBufferPointer(rebasing: output[range]))
      }
    }
    return result
  }
}

extension ValueScanner {
  /// Squared differences of values and their converted form.
  func difference(
    _ bytes: UnsafeRawBufferPointer, _ type: DType, _ converted: [UInt8], _ target: DType
  ) -> DifferenceSums {
    var sums = DifferenceSums()
    forEachPair(bytes, type, converted, target) { reference, other in
      kernels.accumulate(reference: reference, other: other, into: &sums)
    }
    return sums
  }

  /// Lends both sides as float32, a batch at a time.
  func forEachPair(
    _ bytes: UnsafeRawBufferPointer, _ type: DType, _ converted: [UInt8], _ target: DType,
    _ body: (UnsafeBufferPointer<Float>, UnsafeBufferPointer<Float>) -> Void
  ) {
    if other.isEmpty { other = [Float](repeating: 0, count: 65_536) }
    converted.withUnsafeBytes { convertedBytes in
      other.withUnsafeMutableBufferPointer { all in
        forEachBatch(of: bytes, type: type) { values, start in
          let used = UnsafeMutableBufferPointer(rebasing: all[..<values.count])
          let range = (start * target.byteWidth)..<((start + values.count) * target.byteWidth)
          kernels.widen(UnsafeRawBufferPointer(rebasing: convertedBytes[range]), type: target, into: used)
          body(values, UnsafeBufferPointer(used))
        }
      }
    }
  }
}
