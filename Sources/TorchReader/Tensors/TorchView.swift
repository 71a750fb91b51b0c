import FusionCore

/// A tensor of a file: elements of a storage by offset, sizes and strides.
struct TorchView: Sendable, Hashable {
  let dtype: DType
  let shape: Shape
  /// Elements from one index of a dimension to the next; never negative, and 0 where there is no next one.
  let strides: [Int]
  /// Bytes from the start of the storage to the first element.
  let byteOffset: Int
  /// Position in the file's list of storages.
  let storageIndex: Int

  /// Bytes of the tensor when it is laid out densely.
  var byteCount: Int { shape.elementCount * dtype.byteWidth }

  /// Whether the elements lie in the storage as they would in a dense tensor.
  var isContiguous: Bool {
    var expected = 1
    for (size, stride) in zip(shape.dimensions, strides).reversed() {
      if size == 0 { return true }
      if size > 1, stride != expected { return false }
      expected *= size
    }
    return true
  }

  /// Elements from the first to the last one that the view touches, both counted; 0 without elements; `nil` on
  /// overflow.
  static func extent(_ shape: Shape, strides: [Int]) -> Int? {
    if shape.elementCount == 0 { return 0 }
    var last = 0
    for (size, stride) in zip(shape.dimensions, strides) {
      guard let step = CheckedArithmetic.product(size - 1, stride), let sum = CheckedArithmetic.sum(last, step) else {
        return nil
      }
      last = sum
    }
    return CheckedArithmetic.sum(last, 1)
  }
}
