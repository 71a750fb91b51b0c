/// What one pickle may cost at most.
///
/// The largest published checkpoints have some thousand tensors and describe each with about 16 values and 30 opcodes.
/// The limits leave room for ten times that, and keep the refusal of a hostile pickle below 100 ms and 64 MiB.
public enum PickleLimits {
  /// Longest pickle in bytes, from its first opcode to its last.
  public static let byteCount = 16 << 20
  /// Most values, shared ones counted once.
  public static let values = 300_000
  /// Most opcodes. A pickle can be made of opcodes that leave nothing behind, so counting values is not enough.
  public static let opcodes = 1_500_000
  /// Most memory of texts, lists, dictionaries and calls in bytes, as they lie in memory.
  ///
  /// A reference costs one byte in a pickle and four or more here.
  public static let heapByteCount = 16 << 20
  /// Most values that wait on the stack at one time.
  public static let stackDepth = 300_000
  /// Most open marks: tuples, lists and dictionaries that were begun and not ended.
  public static let markDepth = 20_000
  /// Largest number of a memo entry. Writers count from 0, so there are never more than values.
  public static let memoIndex = 300_000
  /// Most times that a class or function is named; writers name each once and refer to it by memo afterwards.
  public static let globalMentions = 10_000
  /// Longest line of an opcode with text arguments, in bytes.
  public static let lineByteCount = 256
  /// Longest integer in bytes.
  public static let integerByteCount = 64 << 10
}
