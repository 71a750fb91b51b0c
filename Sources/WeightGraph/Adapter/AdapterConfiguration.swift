import FusionCore

/// What an adapter_config.json says about an adapter of low rank, checked: rank, strength, and nothing that would
/// change the weights in a way that merging does not know.
///
/// Fields that only matter in training, such as dropout, are passed over; those that are not known are told.
public struct AdapterConfiguration: Sendable, Hashable {
  /// Bytes that the file may have; published ones stay below 10 KiB.
  public static let maximumByteCount = 4 << 20
  /// Ranks that make sense; a greater rank than the sizes of a weight gains nothing.
  static let ranks = 1...65_536
  /// Greatest magnitude of a strength; published ones stay below 1,000.
  static let greatestAlpha = 1e6

  /// Rank of the updates that no pattern names.
  public let rank: Int
  /// Strength of the updates that no pattern names.
  public let alpha: Double
  /// Whether the scaling is alpha / sqrt(rank) instead of alpha / rank.
  public let isRankStabilized: Bool
  /// Whether the base's weights are stored as inputs x outputs, so that an update is transposed.
  public let storesInputsFirst: Bool
  /// Ranks of modules that a pattern fits, in the file's order; the first one that fits decides.
  public let rankPatterns: [(pattern: AdapterPattern, rank: Int)]
  /// Strengths of modules that a pattern fits, in the file's order; the first one that fits decides.
  public let alphaPatterns: [(pattern: AdapterPattern, alpha: Double)]
  /// Last components of the modules that were trained; empty if the file has a pattern or nothing instead.
  public let targetModules: [String]
  /// Names of modules that were trained and saved whole.
  public let savedModules: [String]
  /// Whether single layers were chosen for training (`layers_to_transform`, `layers_pattern`, `exclude_modules`), so that
  /// others are left alone on purpose.
  public let choosesLayers: Bool
  /// Whether an embedding and a head that are one parameter stay one (`ensure_weight_tying`).
  public let keepsTies: Bool
  /// What a person should know of the file, a sentence each.
  public let notices: [String]

  /// Rank of the update of a module.
  public func rank(of module: String) -> Int {
    let name = Array(module.utf8)
    return rankPatterns.first { $0.pattern.matches(name) }?.rank ?? rank
  }

  /// Strength of the update of a module.
  public func alpha(of module: String) -> Double {
    let name = Array(module.utf8)
    return alphaPatterns.first { $0.pattern.matches(name) }?.alpha ?? alpha
  }

  /// The factor before an update: alpha / rank, or alpha / sqrt(rank).
  public func scaling(rank: Int, alpha: Double) -> Double {
    alpha / (isRankStabilized ? Double(rank).squareRoot() : Double(rank))
  }

  /// Equal if everything that decides about weights is equal.
  public static func == (a: AdapterConfiguration, b: AdapterConfiguration) -> Bool { a.summary == b.summary }

  /// Hashes what equality compares.
  public func hash(into hasher: inout Hasher) { hasher.combine(summary) }

  /// All fields in one text.
  private var summary: String {
    let ranks = rankPatterns.map { "\($0.pattern.text)=\($0.rank)" }
    let alphas = alphaPatterns.map { "\($0.pattern.text)=\($0.alpha)" }
    return
      "\(rank) \(alpha) \(isRankStabilized) \(storesInputsFirst) \(ranks) \(alphas) \(targetModules) \(savedModules) \(choosesLayers)"
      + " \(keepsTies)"
  }
}
