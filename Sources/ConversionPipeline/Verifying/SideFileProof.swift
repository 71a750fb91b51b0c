import ContainerFormat
import Crypto
import FusionCore

/// Proves that the files which travel with the weights are those beside the source: configuration, tokenizer, template.
struct SideFileProof {
  /// The container.
  let model: ContainerModel
  /// What it was made from.
  let source: Checkpoint

  /// One file that is not the same on both sides.
  private struct Difference {
    let name: String
    let inContainer: String
    let besideSource: String
    /// The same in a sentence, for one that does not matter.
    let notice: String
    let matters: Bool
  }

  /// Beginnings and endings of the names of files that decide what a model is asked and answers.
  private static let beginnings = [
    "config.json", "generation_config.json", "tokenizer", "special_tokens_map.json", "added_tokens.json", "vocab.",
    "merges.txt", "chat_template", "preprocessor_config.json", "processor_config.json",
  ]
  private static let endings = [".model", ".tiktoken", ".jinja"]

  /// Whether a file decides what a model is asked and answers; others, such as a read-me, only travel along.
  static func decidesAnswers(_ name: String) -> Bool {
    beginnings.contains(where: name.hasPrefix) || endings.contains(where: name.hasSuffix)
  }

  /// Compares all files.
  ///
  /// - Parameter isExact: whether every file must be there on both sides with the same bytes.
  /// - Returns: what differs and does not matter, a sentence each.
  /// - Throws: `.sideFileDiffers`, naming every file that does matter; what reading the files throws.
  func check(isExact: Bool) throws -> [String] {
    var notices: [String] = []
    var differences: [Difference] = []
    let own = Set(model.reader.index.files.map(\.name))
    let others = Dictionary(source.sideFiles.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    for name in own.union(others.keys).sorted() {
      let ours = own.contains(name) ? try model.file(name) : nil
      let theirs = try others[name]?.read()
      guard let difference = Self.difference(name, ours, theirs) else { continue }
      if isExact || difference.matters {
        differences.append(difference)
      } else {
        notices.append(difference.notice)
      }
    }
    guard let first = differences.first else { return notices }
    let more = differences.dropFirst().map(\.name)
    throw FusionError(
      .sideFileDiffers, "a file in the container is not the one beside the source", file: model.path,
      place: first.name, expected: "beside \(source.path): \(first.besideSource)",
      found: first.inContainer + (more.isEmpty ? "" : "; other files that differ: \(more.joined(separator: ", "))"),
      remedy: "convert the checkpoint again, or compare the weights alone with --weights-only")
  }

  private static func difference(_ name: String, _ ours: [UInt8]?, _ theirs: [UInt8]?) -> Difference? {
    guard ours != theirs else { return nil }
    var fields: [String]?
    if let ours, let theirs, name.hasSuffix(".json"), let one = JSONMeaning(ours), let other = JSONMeaning(theirs) {
      fields = one.differences(from: other)
    }
    let notice =
      switch (ours, theirs) {
      case (nil, _): "\(name) is beside the source, but not in the container"
      case (_, nil): "\(name) is in the container, but not beside the source"
      default:
        fields == [] ? "\(name) says the same as the source's in other bytes" : "\(name) differs from the source's"
      }
    return Difference(
      name: name, inContainer: describe(ours, fields ?? []), besideSource: describe(theirs, []), notice: notice,
      matters: fields != [] && decidesAnswers(name))
  }

  private static func describe(_ bytes: [UInt8]?, _ fields: [String]) -> String {
    guard let bytes else { return "no such file" }
    let digest = Array(SHA256.hash(data: bytes)).hexadecimal.prefix(12)
    let names = fields.prefix(3).map { $0.isEmpty ? "its value" : $0 } + (fields.count > 3 ? ["..."] : [])
    return "\(bytes.count) bytes, SHA-256 \(digest)..."
      + (names.isEmpty ? "" : ", with other values of \(names.joined(separator: ", "))")
  }
}

extension FusionError.Code {
  /// A configuration, tokenizer or template inside a container is not the source's.
  public static let sideFileDiffers = Self("verify.sideFileDiffers")
}
