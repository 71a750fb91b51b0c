/// Heads of an attention.
struct AttentionShape: Sendable {
  /// Heads of the queries.
  let headCount: Int
  /// Heads of keys and values; each serves as many query heads.
  let keyValueHeadCount: Int
  /// Values in a head.
  let headDimension: Int
  /// What scores are multiplied with.
  var scale: Float { Float(1 / Double(headDimension).squareRoot()) }

  var queryWidth: Int { headCount * headDimension }
  var keyValueWidth: Int { keyValueHeadCount * headDimension }
  /// Query heads that share a key and value head: head h has that of number h / headsPerKeyValueHead.
  var headsPerKeyValueHead: Int { headCount / keyValueHeadCount }
}
