internal import COpenBLAS

extension DenseProduct {
  /// The environment variable by which OpenBLAS is told which processor's kernels to use.
  public static let coreTypeVariable = "OPENBLAS_CORETYPE"

  /// The kernels that OpenBLAS should be told to use, or `nil` if it has chosen well.
  ///
  /// A library that is older than the processor falls back to AVX2 kernels on one that has AVX-512, at half the speed.
  /// It chooses when it is loaded, so only a new process can choose otherwise.
  ///
  /// - Parameter level: the level that this process uses.
  public static func betterCoreType(for level: InstructionSetLevel) -> String? {
    guard level >= .avx512, let name = openblas_get_corename().map({ String(cString: $0) }) else { return nil }
    return ["Haswell", "Zen", "Excavator"].contains(name) ? "SKYLAKEX" : nil
  }
}
