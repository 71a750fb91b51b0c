import FusionCore

/// What a pickle says of a tensor, before it is compared with its storage.
struct TorchTensorRecord: Sendable {
  let storage: PickleDocument.Reference
  let dtype: DType?
  let offset: Int
  let sizes: [Int]
  let strides: [Int]
}
