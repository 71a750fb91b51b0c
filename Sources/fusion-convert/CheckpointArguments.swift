import ArgumentParser
import ConversionPipeline
import FusionCore

/// Options that say what a checkpoint is put together from.
struct CheckpointArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "LoRA adapter to merge: folder with adapter_config.json and adapter_model.safetensors (or .bin).",
      valueName: "folder"))
  var adapter: String?

  @Option(
    help: ArgumentHelp(
      "SigLIP or SigLIP2 checkpoint, where the model is a language model alone.", valueName: "folder"))
  var visionTower: String?

  @Option(
    help: ArgumentHelp(
      "Weights between tower and language model, such as mm_projector.bin, with the FUSION config.json beside it.",
      valueName: "file"))
  var projector: String?

  @Option(
    help: ArgumentHelp("Which entry of a PyTorch file holds the weights; found if not given.", valueName: "key"))
  var stateDictKey: String?

  /// Whether any of them was given.
  var isEmpty: Bool { adapter == nil && visionTower == nil && projector == nil && stateDictKey == nil }

  /// The same options for a command that is proposed, each after a space.
  var proposal: String {
    [
      ("--adapter", adapter), ("--vision-tower", visionTower), ("--projector", projector),
      ("--state-dict-key", stateDictKey),
    ]
    .compactMap { name, value in value.map { " \(name) \($0.escapedForTerminal)" } }.joined()
  }

  /// The options for opening a checkpoint.
  var options: CheckpointOptions {
    CheckpointOptions(stateDictKey: stateDictKey, adapter: adapter, visionTower: visionTower, projector: projector)
  }
}
