import FusionCore

/// A token that is cut out of the text before the vocabulary is applied to the rest.
struct AddedToken: Sendable, Equatable {
  /// Longest content, in bytes. Published tokens stay below 100; the search for tokens takes this times the text.
  static let maximumByteCount = 1024

  let content: [UInt8]
  /// Only where no word character stands on either side.
  var singleWord = false
  /// Takes the white space on its left along.
  var stripsLeft = false
  /// Takes the white space on its right along.
  var stripsRight = false
  /// Is looked for in the normalized text.
  var isNormalized = false
  /// Is left out when special tokens are skipped.
  var isSpecial = false

  /// A token as the libraries make it from its text alone.
  init(content: [UInt8], isSpecial: Bool, isNormalized: Bool) {
    self.content = content
    self.isSpecial = isSpecial
    self.isNormalized = isNormalized
  }

  /// Reads the object form that `tokenizer.json` and the configuration share.
  ///
  /// - Parameter isSpecial: overrules the field, for maps whose tokens are all special.
  init(_ object: TokenizerObject, isSpecial overrule: Bool? = nil) throws {
    content = Array(try object.requiredString("content").utf8)
    singleWord = try object.bool("single_word") ?? false
    stripsLeft = try object.bool("lstrip") ?? false
    stripsRight = try object.bool("rstrip") ?? false
    let special = try overrule ?? object.bool("special") ?? false
    isSpecial = special
    isNormalized = try object.bool("normalized") ?? !special
    try AddedToken.check(content, place: object.path("content"))
  }

  /// Proves that a content can be looked for.
  static func check(_ content: [UInt8], place: String) throws {
    guard content.count <= maximumByteCount else {
      throw FusionError.badAddedToken(
        place, expected: "at most \(maximumByteCount) bytes", found: "\(content.count) bytes")
    }
  }
}
