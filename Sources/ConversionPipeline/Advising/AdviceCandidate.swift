/// A way to convert a checkpoint, as a user would ask for it.
public struct AdviceCandidate: Sendable, Hashable {
  /// What the bulk of the weights becomes.
  public let scheme: WeightScheme
  /// How scales and codes are chosen.
  public let method: QuantizationMethod
  /// The options of `convert` that ask for both.
  public let options: String

  /// Reads a scheme.
  ///
  /// - Throws: `.badScheme`.
  public init(_ schemeName: String, method: QuantizationMethod = .auto) throws {
    scheme = try WeightScheme(parsing: schemeName)
    self.method = method
    options = "--quant \(schemeName)" + (method == .auto ? "" : " --method \(method.rawValue)")
  }

  /// The scheme and method whose quality others are measured against: what `convert` does unless told otherwise.
  public static let standardOptions = "--quant int4-g32"

  /// The ways that are worth a comparison, few enough to be read at one glance.
  ///
  /// - Parameters:
  ///   - isCalibrated: whether statistics of inputs are there, which some methods cannot do without.
  ///   - compresses: whether streams are compressed, without which entropy-coded steps save nothing.
  /// - Throws: nothing but `.badScheme`, for a name that is no longer one.
  public static func standard(isCalibrated: Bool, compresses: Bool = true) throws -> [AdviceCandidate] {
    var candidates = try ["keep", "int8", "int8-g32", "int4-g32", "int4-g128", "int4-sym-g32", "int4-nl-g32"].map {
      try AdviceCandidate($0)
    }
    candidates.append(try AdviceCandidate("int4-g32", method: .rtn))
    if isCalibrated { candidates.append(try AdviceCandidate("int4-g32", method: .awq)) }
    guard compresses else { return candidates }
    return try candidates + ["entropy-5", "entropy-4.25", "entropy-3.5", "entropy-3"].map { try AdviceCandidate($0) }
  }
}
