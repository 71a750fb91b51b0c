/// The part of a model that a tensor belongs to; the raw value is the first component of canonical names.
public enum ModelPart: String, Sendable, CaseIterable, Codable {
  /// The decoder with its embedding and head.
  case language
  /// The vision tower.
  case vision
  /// The projector from vision to language.
  case projector
  /// The projector from language to vision.
  case auxProjector = "aux_projector"
  /// The samplers.
  case sampler = "samplers"
}
