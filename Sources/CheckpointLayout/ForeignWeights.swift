/// Weights in forms of other programs, told from names, with what makes files of them that can be read.
package struct ForeignWeights {
  /// What puts the weights of a DeepSpeed checkpoint together.
  package static let zeroRemedy =
    "gather the weights with the script that DeepSpeed leaves beside them: python zero_to_fp32.py FOLDER OUTPUT"
  /// What puts the weights of a distributed checkpoint together.
  package static let distributedRemedy =
    "gather them: python -m torch.distributed.checkpoint.format_utils dcp_to_torch FOLDER pytorch_model.bin"

  /// The first file that tells.
  let name: String
  let found: String
  let remedy: String

  /// Endings of names, what they stand for, and what to do.
  private static let kinds: [(endings: [String], found: String, remedy: String)] = [
    (
      [".distcp"], "a distributed checkpoint of torch.distributed.checkpoint",
      distributedRemedy
    ),
    (
      ["_optim_states.pt", "_model_states.pt"], "shards of a DeepSpeed ZeRO checkpoint",
      zeroRemedy
    ),
    (
      [".gguf"], "a GGUF file, which holds weights that are quantized already",
      "start from the checkpoint in bf16 that it was made from"
    ),
  ]

  /// - Returns: `nil` if nothing tells.
  static func recognise(_ names: [String]) -> ForeignWeights? {
    for kind in kinds {
      guard let name = names.first(where: { name in kind.endings.contains(where: name.hasSuffix) }) else { continue }
      return ForeignWeights(name: name, found: kind.found, remedy: kind.remedy)
    }
    return nil
  }
}
