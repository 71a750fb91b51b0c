/// The prefixes of published tensor names.
enum SourceNames {
  static let decoderLayers = "model.layers."
  static let vision = "model.vision_tower.vision_tower.vision_model."
  static let visionLayers = "model.vision_tower.vision_tower.vision_model.encoder.layers."
  static let samplers = "model.vision_sampler_layers."

  /// The number that follows a prefix, if it is one as written by a program and below a million.
  static func layerNumber(_ name: String, after prefix: String) -> Int? {
    guard name.hasPrefix(prefix) else { return nil }
    let digits = name.utf8.dropFirst(prefix.utf8.count).prefix(8).prefix { $0 != UInt8(ascii: ".") }
    return number(digits)
  }

  /// The value of one component of a name if it is a plain number of at most seven digits without leading zeros.
  static func number(_ component: Substring.UTF8View) -> Int? {
    guard let first = component.first, component.count <= 7, component.count == 1 || first != UInt8(ascii: "0") else {
      return nil
    }
    var value = 0
    for byte in component {
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return value
  }
}
