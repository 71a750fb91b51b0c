import FusionCore

/// How the decoder looks at the picture again: the samplers and the latents they rewrite.
public struct InteractionConfiguration: Sendable, Hashable {
  /// Samplers (`num_of_vision_sampler_layers`).
  public let samplerCount: Int
  /// The decoder layer after which the first sampler works (`start_of_vision_sampler_layers`).
  public let start: Int
  /// Decoder layers from one sampler to the next (`stride_of_vision_sampler_layers`); may be 0 where there is one only.
  public let stride: Int
  /// Numbers of latent tokens that the model was trained with (`query_len`), in the file's order; perfect squares.
  public let queryLengths: [Int]
  /// Whether a picture stands between tokens of its own in the prompt (`mm_use_im_start_end`; true if the field is absent,
  /// as in all published models).
  public let wrapsImages: Bool
  /// Side of the window of picture features behind one latent token (`window_size`), in features.
  public let windowSize: Int

  /// The decoder layers after which samplers work, within `layerCount` layers.
  public func samplerLayers(layerCount: Int) -> [Int] {
    (0..<samplerCount).map { start + $0 * stride }.filter { $0 < layerCount }
  }
}

extension InteractionConfiguration {
  init(_ fields: ConfigurationFields) throws {
    samplerCount = try fields.integer("num_of_vision_sampler_layers", in: 0...1_024, "no more than decoder layers")
    start = try fields.integer("start_of_vision_sampler_layers", in: 0...1_023, "a decoder layer")
    stride = try fields.integer("stride_of_vision_sampler_layers", in: 0...1_024, "a number of decoder layers")
    // A single sampler has no next one.
    guard stride > 0 || samplerCount <= 1 else {
      throw fields.inconsistent(
        "stride_of_vision_sampler_layers", "at least 1, since there are \(samplerCount) samplers", "0")
    }
    windowSize = try fields.integer("window_size", in: 1...64, "the picture's grid is no wider")
    queryLengths = try fields.queryLengths("query_len")
    wrapsImages = try fields.optionalBool("mm_use_im_start_end") ?? true
  }
}

extension ConfigurationFields {
  /// A list of perfect squares, written as one number, as a list, or as text with commas (as published).
  fileprivate func queryLengths(_ name: String) throws -> [Int] {
    let expected = "a number, or text of numbers with commas between"
    guard let value = self[name] else { throw missing(name, expected) }
    let numbers: [Int?]
    switch value {
    case .integer(let number): numbers = [number]
    case .string(let text):
      numbers = text.split(separator: ",", maxSplits: 64, omittingEmptySubsequences: false)
        .map { part in Int(String(part.filter { $0 != " " })) }
    case .array(let values):
      numbers = values.prefix(65).map { if case .integer(let number) = $0 { number } else { nil } }
    default: throw wrongType(name, expected, value)
    }
    guard !numbers.isEmpty, numbers.count <= 64 else { throw outOfRange(name, "1 to 64 numbers", value.summary) }
    return try numbers.map { number in
      guard let number else { throw wrongType(name, expected, value) }
      let length = try checked(number, name, in: 1...65_536, "latents come from a grid no larger")
      let side = Int(Double(length).squareRoot().rounded())
      guard side * side == length else {
        throw outOfRange(name, "perfect squares, since latents form a square", "\(length)")
      }
      return length
    }
  }
}
