import FusionCore

/// The words that stand for images in a prompt's text.
public enum ImageMarker: String, CaseIterable, Sendable {
  /// A picture; not a token, the tokenizer's text is cut there.
  case image = "<image>"
  /// Latents; not a token either.
  case latentImage = "<latent_image>"
  /// Token before an image or latents.
  case visionStart = "<vision_start>"
  /// Token after an image or latents.
  case visionEnd = "<vision_end>"

  /// A picture's slot between its tokens.
  static let imageBlock = visionStart.rawValue + image.rawValue + visionEnd.rawValue
  /// A slot of latents between its tokens.
  static let latentBlock = visionStart.rawValue + latentImage.rawValue + visionEnd.rawValue

  /// A question without markers, so that what a user types cannot add slots to the prompt.
  ///
  /// White space at both ends goes too if a marker was found: question files begin with `<image>` and a line feed, and
  /// training trims there. Markers that appear when others are cut out are cut out as well. Text without a marker
  /// comes back unchanged.
  ///
  /// - Parameter kinds: the markers that are taken out.
  public static func removed(from text: String, _ kinds: [ImageMarker] = allCases) -> String {
    // Bytes, as the tokenizer cuts: a combining mark behind a marker would hide it from a search by characters.
    let markers = kinds.map { Array($0.rawValue.utf8) }
    var rest: [UInt8] = []
    var isCut = false
    for byte in text.utf8 {
      rest.append(byte)
      // Only here can a marker end, be it one of the text or one that was closed up by cutting another out.
      guard byte == UInt8(ascii: ">") else { continue }
      guard let marker = markers.first(where: { rest.suffix($0.count) == $0[...] }) else { continue }
      rest.removeLast(marker.count)
      isCut = true
    }
    guard isCut else { return text }
    return String(decoding: rest, as: UTF8.self).trimmed
  }
}
