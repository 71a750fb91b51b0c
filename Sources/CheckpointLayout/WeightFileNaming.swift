import FusionCore

/// How publishers name the weight files of one format.
public struct WeightFileNaming: Sendable, Hashable {
  /// Name of the format for people.
  public let formatName: String
  /// What error codes of the format begin with.
  public let codePrefix: String
  /// What shards, and the single file, are called before their number and ending.
  public let stem: String
  /// The ending of shards and of the single file.
  public let suffix: String
  /// All endings of weight files, the usual one first.
  public let suffixes: [String]
  /// Names that have such an ending and are never the weights of a model.
  private let companions: Set<String>
  /// What such names begin or end with, where they are numbered.
  private let companionStarts: [String]
  private let companionEnds: [String]
  /// The companion that holds a LoRA adapter.
  public let adapterName: String

  /// `model.safetensors`, `model-00001-of-00004.safetensors`, `model.safetensors.index.json`.
  public static let safetensors = WeightFileNaming(
    formatName: "safetensors", codePrefix: "safetensors", stem: "model", suffix: ".safetensors",
    suffixes: [".safetensors"], companions: ["adapter_model.safetensors"], companionStarts: [],
    companionEnds: [], adapterName: "adapter_model.safetensors")

  /// `pytorch_model.bin`, `pytorch_model-00001-of-00003.bin`, `pytorch_model.bin.index.json`, or one other file.
  public static let torch = WeightFileNaming(
    formatName: "PyTorch", codePrefix: "torch", stem: "pytorch_model", suffix: ".bin",
    suffixes: [".bin", ".pt", ".pth", ".ckpt"],
    companions: [
      "adapter_model.bin", "training_args.bin", "optimizer.pt", "optimizer.bin", "scheduler.pt", "scheduler.bin",
      "scaler.pt", "non_lora_trainables.bin", "mm_projector.bin",
    ], companionStarts: ["rng_state"], companionEnds: ["_optim_states.pt"], adapterName: "adapter_model.bin")

  /// The name of a checkpoint in one file.
  public var singleName: String { stem + suffix }

  /// The name of the file that says which shard holds which tensor.
  public var indexName: String { singleName + ".index.json" }

  /// Whether a file's name is that of a weight file.
  public func hasSuffix(_ name: String) -> Bool { suffixes.contains { name.hasSuffix($0) } }

  /// Whether a file lies beside weights and is never the weights of a model: adapters, optimizers, training state.
  public func isCompanion(_ name: String) -> Bool {
    companions.contains(name) || companionStarts.contains(where: name.hasPrefix)
      || companionEnds.contains(where: name.hasSuffix)
  }

  /// The name that publishers give a shard: five digits each.
  ///
  /// - Precondition: `1 <= number <= count <= 99999`.
  public func shardName(number: Int, of count: Int) -> String {
    precondition(number >= 1 && number <= count && count <= 99_999, "shard \(number) of \(count)")
    return ShardName.ShardSet(
      naming: self, numberWidth: 5, countText: ShardName.padded(count, 5), count: count
    ).name(of: number)
  }

  /// An error code of this format.
  public func code(_ name: String, _ category: FusionError.Category = .malformedInput) -> FusionError.Code {
    FusionError.Code("\(codePrefix).\(name)", category)
  }
}
