import FusionRuntime
import TestSupport

/// Random pictures and questions for small models.
enum SmallPicture {
  static func request(
    side: Int, queryLength: Int, imageTokenCount: Int? = nil, instruction: [Int] = [3, 0, 7, 9]
  ) -> VisionRequest {
    var generator = SplitMix64(seed: 21)
    let crops = (0..<5).map { _ in
      ImageCropPixels(
        side: side, values: (0..<(3 * side * side)).map { _ in Float.random(in: -1...1, using: &generator) })
    }
    return VisionRequest(
      crops: crops, instruction: instruction, queryLength: queryLength, imageTokenCount: imageTokenCount)
  }

  /// A prompt with latents, a picture and text.
  static let prompt = PromptTokens(
    ids: [1, PromptTokens.imagePlaceholder, 2, PromptTokens.latentPlaceholder, 4, 5, 6])
}
