import FusionCore
import NumericKernels

extension ScaleSearch {
  /// The search that an encoding is made with.
  ///
  /// Factors are of the scale that just covers a group; below 1 the largest values are clipped to make the steps
  /// finer. Ranges were chosen on Gaussian and Laplacian samples, so that the best factor lies inside for all but
  /// about one group in a thousand. Factors of four bits are multiples of 1/256, so that 1 itself is among them.
  /// With the finer scales at the end the squared error is at most 8/7 of that of plain rounding.
  ///
  /// - Precondition: the encoding is quantized.
  public static func standard(for encoding: TensorEncoding) -> ScaleSearch {
    let fineBits = encoding.scaleType == .bf16 ? 7 : 23
    // Scales are a fortieth of what codes of eight bits in groups of 16 take, but an eighth of codes of four bits.
    let bits = encoding.groupSize == 0 || encoding.codeBits == 8 ? fineBits : 4
    switch encoding.kind {
    case .verbatim: preconditionFailure("verbatim values have no scale")
    case .int8:
      return ScaleSearch(
        codes: -127...127, firstFactor: 1, factorStep: -0.05, candidateCount: 11, refinementCount: 1,
        scaleMantissaBits: bits, fineMantissaBits: fineBits)
    case .int4Symmetric:
      return ScaleSearch(
        codes: -8...7, firstFactor: 1.0625, factorStep: -0.03125, candidateCount: 18, refinementCount: 2,
        scaleMantissaBits: bits, fineMantissaBits: fineBits)
    case .int4Asymmetric:
      return ScaleSearch(
        codes: 0...15, firstFactor: 1.03515625, factorStep: -0.03515625, candidateCount: 14, refinementCount: 2,
        scaleMantissaBits: bits, fineMantissaBits: fineBits)
    case .int4NonLinear:
      return ScaleSearch(
        codes: 0...15, spacing: .grid, firstFactor: 1.0625, factorStep: -0.03125, candidateCount: 18,
        refinementCount: 2, scaleMantissaBits: bits, fineMantissaBits: fineBits)
    }
  }

  /// No search: the scale that just covers a group.
  ///
  /// - Precondition: the encoding is quantized.
  public static func covering(for encoding: TensorEncoding) -> ScaleSearch {
    var search = standard(for: encoding)
    search.firstFactor = 1
    search.candidateCount = 1
    search.refinementCount = 0
    search.scaleMantissaBits = search.fineMantissaBits
    return search
  }
}
