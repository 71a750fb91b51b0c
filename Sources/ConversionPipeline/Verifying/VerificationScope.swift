/// What of a source a container is held against.
public enum VerificationScope: Sendable {
  /// The weights alone.
  case weights
  /// Weights, configuration, tokenizer and template, and what is recorded of the source's files where they have the
  /// recorded names. The same weights may lie in other files.
  case content
  /// All of that, byte for byte in the recorded files.
  case exactFiles
}
