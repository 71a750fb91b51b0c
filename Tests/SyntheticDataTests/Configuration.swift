import Foundation
import SyntheticData
import Testing

/// The configuration file of a preset, parsed by a reader that is not ours.
struct Configuration {
  let fields: [String: Any]

  init(preset name: String) throws {
    let bytes = try #require(CheckpointPreset(name: name), "\(name)").configurationJSON
    fields = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
  }

  func integer(_ key: String) throws -> Int { try #require(fields[key] as? Int, "\(key)") }

  /// Weights of the checkpoint, counted from the sizes in the file and those of the published towers.
  func weightCount() throws -> Int {
    let hidden = try integer("hidden_size")
    let headSize = try hidden / integer("num_attention_heads")
    let queryRows = try integer("num_attention_heads") * headSize
    let keyRows = try integer("num_key_value_heads") * headSize
    let attention = hidden * (2 * queryRows + 2 * keyRows)
    let mlp = try 3 * hidden * integer("intermediate_size")
    let tables = fields["tie_word_embeddings"] as? Bool == true ? 1 : 2
    let language =
      try integer("num_hidden_layers") * (attention + mlp + 2 * hidden) + hidden
      + tables * integer("vocab_size") * hidden
    return try language + visionWeightCount(hidden: hidden)
  }

  private func visionWeightCount(hidden: Int) throws -> Int {
    guard let tower = fields["mm_vision_tower"] as? String else { return 0 }
    let isGiant = tower.contains("giant")
    let (width, mlp, layers) = isGiant ? (1536, 6144, 39) : (1152, 4304, 26)
    let (patch, patches) = isGiant ? (16, 576) : (14, 729)
    #expect(try integer("mm_hidden_size") == width)
    let layer = 4 * (width * width + width) + 2 * width * mlp + mlp + width + 4 * width
    let towerCount = layers * layer + width * (3 * patch * patch + 1) + patches * width + 2 * width
    let projector = 3 * width * hidden + hidden * hidden + 2 * hidden
    let auxiliary = hidden * width + width * width + 2 * width
    let sampler = 9 * hidden * hidden + 8 * hidden
    return try towerCount + projector + auxiliary + integer("num_of_vision_sampler_layers") * sampler
  }
}
