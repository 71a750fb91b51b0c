/// A tensor of a file under its name.
struct TorchTensor: Sendable {
  let name: String
  let view: TorchView
}
