import FusionCore

/// Sizes of the vision tower; all counts are positive and capped.
public struct VisionConfiguration: Sendable, Hashable {
  /// Where the sizes were taken from, most trustworthy first; the raw value is for JSON.
  public enum Origin: String, Sendable, CaseIterable, Codable {
    /// The object `vision_config` of config.json.
    case visionConfig
    /// The published sizes of the tower that `mm_vision_tower` names.
    case knownTower
    /// The shapes of the tower's tensors; the head count is then assumed.
    case shapes
  }

  /// Width of the residual stream.
  public let hiddenSize: Int
  /// Width inside the MLP.
  public let intermediateSize: Int
  /// Encoder layers of the tower as its makers published it.
  public let publishedLayerCount: Int
  /// Attention heads; they divide ``hiddenSize``.
  public let headCount: Int
  /// Side of a square patch, in pixels.
  public let patchSize: Int
  /// Side of a square crop, in pixels; at least one patch.
  public let imageSize: Int
  /// Added to the variance in LayerNorm.
  public let layerNormEpsilon: Double
  /// Activation of the MLP.
  public let activation: Activation
  /// Where these values come from.
  public let origin: Origin

  /// Encoder layers that the model uses: the last published one is dropped.
  public var keptLayerCount: Int { publishedLayerCount - 1 }

  /// Whole patches along one side of a crop.
  public var patchesPerSide: Int { imageSize / patchSize }

  /// Patches of a crop, the rows of the position embedding.
  public var patchCount: Int { patchesPerSide * patchesPerSide }
}

extension VisionConfiguration {
  static let hiddenSizes = 1...65_536
  static let intermediateSizes = 1...1_048_576
  static let publishedLayerCounts = 2...1_024
  static let patchSizes = 1...1_024
  static let imageSizes = 1...16_384

  /// Reads an object `vision_config`.
  init(_ fields: ConfigurationFields) throws {
    let reason = "published towers stay far below"
    hiddenSize = try fields.integer("hidden_size", in: Self.hiddenSizes, reason)
    intermediateSize = try fields.integer("intermediate_size", in: Self.intermediateSizes, reason)
    publishedLayerCount = try fields.integer(
      "num_hidden_layers", in: Self.publishedLayerCounts, "the last layer is dropped and one must be left")
    headCount = try fields.integer("num_attention_heads", in: 1...1_024, reason)
    patchSize = try fields.integer("patch_size", in: Self.patchSizes, reason)
    imageSize = try fields.integer("image_size", in: Self.imageSizes, reason)
    layerNormEpsilon = try fields.optionalPositiveNumber("layer_norm_eps", upTo: 1) ?? 1e-6
    activation = try fields.activation("hidden_act", default: .geluTanh)
    origin = .visionConfig
    guard hiddenSize % headCount == 0 else {
      throw fields.inconsistent(
        "num_attention_heads", "a divisor of \(fields.place("hidden_size")) \(hiddenSize)", "\(headCount)")
    }
    guard imageSize >= patchSize else {
      throw fields.inconsistent(
        "image_size", "at least \(fields.place("patch_size")) \(patchSize)", "\(imageSize)")
    }
  }

  /// The published sizes of a tower, if it is one of the two that FUSION was trained with.
  ///
  /// - Parameter tower: the name of a repository, or a local path whose last component is that of its name.
  init?(knownTower tower: String) {
    switch tower.split(separator: "/").last {
    case "siglip-so400m-patch14-384":
      self.init(hidden: 1152, intermediate: 4304, layers: 27, patch: 14)
    case "siglip2-giant-opt-patch16-384":
      self.init(hidden: 1536, intermediate: 6144, layers: 40, patch: 16)
    default: return nil
    }
  }

  private init(hidden: Int, intermediate: Int, layers: Int, patch: Int) {
    self.init(
      hiddenSize: hidden, intermediateSize: intermediate, publishedLayerCount: layers, headCount: 16,
      patchSize: patch, imageSize: 384, layerNormEpsilon: 1e-6, activation: .geluTanh, origin: .knownTower)
  }
}
