/// What the keys and values of earlier positions are held as.
public enum KeyValuePrecision: String, Sendable, CaseIterable {
  /// As they were computed.
  case float32
  /// Rounded to bfloat16: half the memory.
  case bf16
  /// Rounded to int8 with one scale for each key and each value of a head: a little more than a quarter of the memory.
  case int8
}
