/// An activation function between two linear layers; the raw value is its name in config.json.
public enum Activation: String, Sendable, CaseIterable, Codable {
  /// x times the logistic function of x.
  case silu
  /// The exact form, by the error function.
  case gelu
  /// The tanh approximation of ``gelu``.
  case geluTanh = "gelu_pytorch_tanh"
}
