internal import CNumericKernels

/// The sets of processor instructions that kernels exist for, least first.
public enum InstructionSetLevel: String, Sendable, CaseIterable, Comparable {
  /// What the build's baseline has.
  case portable
  /// 256-bit integer and float vectors.
  case avx2
  /// As ``avx2`` with integer dot products of 256 bits (AVX-VNNI).
  case avx2vnni
  /// 512-bit vectors (F, BW, DQ, VL).
  case avx512
  /// 512-bit vectors with integer dot products (VNNI); all else as ``avx512``.
  case avx512vnni
  /// NEON with integer dot products; all else as ``portable``, which is NEON on Arm.
  case dotprod

  var code: fk_level {
    switch self {
    case .portable: FK_LEVEL_PORTABLE
    case .avx2: FK_LEVEL_AVX2
    case .avx2vnni: FK_LEVEL_AVX2VNNI
    case .avx512: FK_LEVEL_AVX512
    case .avx512vnni: FK_LEVEL_AVX512VNNI
    case .dotprod: FK_LEVEL_DOTPROD
    }
  }

  /// Whether `a` is the lesser level.
  public static func < (a: Self, b: Self) -> Bool { a.code.rawValue < b.code.rawValue }

  /// The levels that this machine can run.
  public static var available: [InstructionSetLevel] { allCases.filter { fk_kernels_for($0.code) != nil } }
}
