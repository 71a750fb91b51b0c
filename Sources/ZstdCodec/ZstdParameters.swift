/// What a ``ZstdEncoder`` should look for.
public enum ZstdParameters: Sendable, Hashable {
  /// For integer codes and byte planes, which have skewed symbols but hardly any repeated strings.
  ///
  /// The fast strategy with the longest minimum match and a tiny table finds next to no matches, so nearly all bytes
  /// become Huffman-coded literals: within 0.05 to 0.08 bit a symbol of the order-0 entropy, where levels of the
  /// library lose up to 0.7 bit to matches that cost more than the literals they replace. What is left is the loss of
  /// Huffman codes of at most 11 bits, the format's limit.
  case literalsOnly
  /// For text: a level of the library, 1 (fastest) to 19 (smallest).
  case general(level: Int)
}
