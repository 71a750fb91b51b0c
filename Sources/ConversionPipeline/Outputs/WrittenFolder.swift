import CheckpointLayout
import MappedFiles

/// What the commands that write folders write into them, by name: `--force` replaces a folder only if nothing else is in it.
enum WrittenFolder {
  /// Small files of published checkpoints that an earlier run may have written of another model.
  private static let usualNames: Set<String> = [
    "config.json", "generation_config.json", "tokenizer.json", "tokenizer.model", "tokenizer_config.json",
    "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt", "chat_template.json",
    "chat_template.jinja", "preprocessor_config.json", "processor_config.json",
  ]

  /// A checkpoint: weight files under the customary names, their index, and small files.
  ///
  /// - Parameters:
  ///   - names: of all files that this run writes.
  ///   - namings: of the weight files that the command writes.
  static func checkpoint(_ names: some Sequence<String>, _ namings: [WeightFileNaming]) -> FolderFiles {
    let known = usualNames.union(names)
    return FolderFiles { name in
      known.contains(name)
        || namings.contains { naming in
          name == naming.singleName || name == naming.indexName || ShardName(fileName: name, naming: naming) != nil
        }
    }
  }

  /// A set of questions with pictures.
  static let questions = FolderFiles(folders: ["images"]) { name in
    if ["questions.jsonl", "conversations.jsonl", "scenes.jsonl"].contains(name) { return true }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0] == "images", parts[1].hasSuffix(".png") else { return false }
    // Seven digits; a longer number has no zeros in front.
    let number = parts[1].dropLast(4).utf8
    return number.count >= 7 && (number.count == 7 || number.first != UInt8(ascii: "0"))
      && number.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}
