import FusionCore

/// Holds the tensors of a file to a size that has something to do with the file's own.
struct ExpansionBudget {
  private let byteCount: Int
  private var left: Int

  init(fileByteCount: Int) {
    let expanded = CheckedArithmetic.product(fileByteCount, TorchLimits.expansion) ?? Int.max
    byteCount = max(expanded, TorchLimits.expandedByteCount)
    left = byteCount
  }

  /// - Throws: `.torchRepeatedView`.
  mutating func take(_ count: Int, place: String) throws {
    guard count <= left else {
      throw FusionError(
        .torchRepeatedView, "tensors repeat the same elements too often", place: place,
        expected: "at most \(byteCount) bytes of tensors in a file of this size", found: "more, with this tensor",
        remedy: "do not trust this file; download it again from its author")
    }
    left -= count
  }
}
