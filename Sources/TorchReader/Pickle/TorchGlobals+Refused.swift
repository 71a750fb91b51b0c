import CheckpointLayout

/// Classes and functions that are known, harmless or not, and that this reader has no use for: said with a reason,
/// because people meet them in real files.
extension TorchGlobals {
  /// Why a known class or function is refused; `nil` for one that is not known.
  static func refusal(of global: PickleGlobal) -> Refusal? {
    guard isPlain(global.module), isPlain(global.name) else { return nil }
    if let refusal = exactRefusals[global] { return refusal }
    return families.first { global.module == $0.module || global.module.hasPrefix($0.module + ".") }?.refusal
  }

  /// Whether a text looks like what Python code is named by; a hostile name gets no friendly advice.
  private static func isPlain(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."): true
        default: false
        }
      }
  }

  private static let exactRefusals: [PickleGlobal: Refusal] = {
    var table: [PickleGlobal: Refusal] = [:]
    for (refusal, modules, names) in exactRows {
      for module in modules.split(separator: " ") {
        for name in names.split(separator: " ") {
          table[PickleGlobal(module: String(module), name: String(name))] = refusal
        }
      }
    }
    return table
  }()

  private static let exactRows: [(Refusal, modules: String, names: String)] = [
    (quantized, "torch._utils", "_rebuild_qtensor"),
    (quantized, "torch torch.cuda", "QInt8Storage QUInt8Storage QInt32Storage QUInt4x2Storage QUInt2x4Storage"),
    (quantized, "torch", "qint8 quint8 qint32 quint4x2 quint2x4"),
    (
      quantized, "torch",
      "per_tensor_affine per_tensor_symmetric per_channel_affine per_channel_symmetric "
        + "per_channel_affine_float_qparams"
    ),
    (sparse, "torch._utils", "_rebuild_sparse_tensor _rebuild_sparse_csr_tensor"),
    (sparse, "torch", "sparse_coo sparse_csr sparse_csc sparse_bsr sparse_bsc"),
    (
      Refusal(
        reason: "tensors of the meta device, which have no values",
        remedy: "load the weights before saving the model"),
      "torch._utils", "_rebuild_meta_tensor_no_storage"
    ),
    (
      Refusal(
        reason: "nested tensors",
        remedy: "save each tensor of a nested tensor under a name of its own"),
      "torch._utils", "_rebuild_nested_tensor"
    ),
    (
      Refusal(
        reason: "tensors of a class of their own, such as DTensor",
        remedy: "turn them into plain tensors before saving: v.full_tensor() for each DTensor v of model.state_dict(),"
          + " v.dequantize() or v.data for others"),
      "torch._utils", "_rebuild_wrapper_subclass"
    ),
    (
      Refusal(
        reason: "tensors of an accelerator",
        remedy: "move the model to the CPU before saving: model.cpu()"),
      "torch._utils",
      "_rebuild_device_tensor_from_numpy _rebuild_device_tensor_from_cpu_tensor _rebuild_xla_tensor "
        + "_rebuild_mlc_tensor _rebuild_ort_tensor"
    ),
    (
      Refusal(
        reason: "complex numbers",
        remedy: "remove the complex tensors; no part of a FUSION model has any"),
      "torch torch.cuda", "ComplexFloatStorage ComplexDoubleStorage"
    ),
    (
      Refusal(
        reason: "tensors that were pickled without torch.save",
        remedy: "load it where it was made, and save it with torch.save"),
      "torch.storage", "_load_from_bytes"
    ),
  ]

  private static let quantized = Refusal(
    reason: "quantized tensors", remedy: "convert the weights from before they were quantized")
  private static let sparse = Refusal(
    reason: "sparse tensors", remedy: "save them dense: tensor.to_dense()")

  /// Modules that are refused with everything below them.
  private static let families: [(module: String, refusal: Refusal)] = {
    let wholeModel = Refusal(
      reason: "a whole model as Python objects, made by torch.save(model)",
      remedy: "save the weights only: torch.save(model.state_dict(), ...)")
    let trainer = Refusal(
      reason: "the state of a training program beside the weights",
      remedy: "export the weights alone: torch.save(model.state_dict(), ...)")
    let arguments = Refusal(
      reason: "the settings of a training run: training_args.bin is not a file of weights",
      remedy: "leave it out; name the folder or the files of the weights")
    let distributed = Refusal(
      reason: "tensors that are spread over several processes",
      remedy: "gather the full state dictionary before saving")
    let parts = Refusal(
      reason: "the directory of a distributed checkpoint, whose weights lie in *.distcp files",
      remedy: ForeignWeights.distributedRemedy)
    let ownClass = Refusal(
      reason: "objects of a class of the program that saved it, such as a whole model",
      remedy: "save the weights only: torch.save(model.state_dict(), ...)")
    return [
      ("__main__", ownClass),
      ("torch.nn.modules", wholeModel), ("torch.nn.parallel", wholeModel), ("transformers.models", wholeModel),
      ("transformers_modules", wholeModel), ("timm.models", wholeModel), ("llava.model", wholeModel),
      (
        "__torch__",
        Refusal(
          reason: "a TorchScript program",
          remedy: "save the weights of the original model: torch.save(model.state_dict(), ...)")
      ),
      (
        "torch.optim",
        Refusal(
          reason: "an optimizer as a Python object", remedy: "save optimizer.state_dict(), or leave it out")
      ),
      ("deepspeed", trainer), ("pytorch_lightning", trainer), ("lightning", trainer), ("lightning_fabric", trainer),
      ("accelerate", trainer), ("omegaconf", trainer),
      ("transformers.training_args", arguments), ("transformers.training_args_seq2seq", arguments),
      ("transformers.trainer_utils", arguments), ("transformers.trainer_pt_utils", arguments),
      ("llava.train", arguments),
      ("torch.distributed.checkpoint", parts), ("torch.distributed._shard", distributed),
      ("torch.distributed._tensor", distributed),
      ("torch.distributed.tensor", distributed),
      ("torch.sparse", sparse), ("torchao", quantized), ("bitsandbytes", quantized),
    ]
  }()
}
