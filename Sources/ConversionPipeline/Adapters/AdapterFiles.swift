import FusionCore
import MappedFiles
import WeightGraph

/// The files of an adapter's folder, opened.
struct AdapterFiles {
  /// The folder, as given.
  let folder: String
  let configuration: AdapterConfiguration
  /// The updates, then what was trained whole, if there is such a file.
  let sources: [any WeightSource]
  let notices: [String]

  private static let configurationName = "adapter_config.json"
  private static let updateNames = ["adapter_model.safetensors", "adapter_model.bin"]
  private static let wholeNames = ["non_lora_trainables.safetensors", "non_lora_trainables.bin"]

  /// Files of a tokenizer, which an adapter brings where its vocabulary has grown.
  static let tokenizerNames: Set = [
    "added_tokens.json", "merges.txt", "special_tokens_map.json", "tokenizer.json", "tokenizer.model",
    "tokenizer_config.json", "vocab.json",
  ]

  /// - Throws: `.adapterIncomplete`; what is wrong with a file.
  init(folder: String) throws {
    guard let identity = try FileIdentity(path: folder) else { throw FusionError.cannotOpen(folder, errno: 2) }
    guard identity.isFolder else {
      throw FusionError(
        .adapterIncomplete, "an adapter is named by its folder", file: folder,
        expected: "a folder with \(Self.configurationName) and \(Self.updateNames[0])", found: "a file",
        remedy: "name the folder that the file is in")
    }
    let path = "\(folder)/\(Self.configurationName)"
    guard try FileIdentity(path: path) != nil else {
      throw FusionError(
        .adapterIncomplete, "the adapter has no \(Self.configurationName)", file: folder,
        expected: "\(Self.configurationName) beside the adapter's weights", found: "no such file",
        remedy: "copy the file that was saved with the adapter: it states rank and strength")
    }
    configuration = try AdapterConfiguration(
      json: try SideFile.read(path, limit: AdapterConfiguration.maximumByteCount), file: path)
    var notices: [String] = []
    let updates = try Self.choose(Self.updateNames, in: folder, &notices)
    let whole = try Self.choose(Self.wholeNames, in: folder, &notices)
    guard let updates else {
      throw FusionError(
        .adapterIncomplete, "the adapter has no weights", file: folder,
        expected: Self.updateNames.joined(separator: " or "), found: "no such file",
        remedy: "download or save the adapter again")
    }
    sources = try [updates, whole].compactMap { $0 }.map { try WeightFiles.open($0) }
    self.folder = folder
    self.notices = notices
  }

  /// The first of some names that is there.
  private static func choose(_ names: [String], in folder: String, _ notices: inout [String]) throws -> String? {
    let present = try names.filter { try FileIdentity(path: "\(folder)/\($0)") != nil }
    if present.count > 1 { notices.append("adapter: \(present[0]) is read, \(present[1]) beside it is not") }
    return present.first.map { "\(folder)/\($0)" }
  }
}

extension FusionError.Code {
  /// The folder of an adapter lacks one of its files.
  public static let adapterIncomplete = Self("adapter.incomplete", .missingInput)
}
