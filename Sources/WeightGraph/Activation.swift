/// An activation function between two linear layers; the raw value is its name in config.json.
public enum Activation: String, Sendable, CaseIterable, Codable {
  /// x times the logistic function of x.
  case silu
  /// The exact form, by the error function.
  case gelu
  /// The tanh approximation of ``gelu``.
  case geluTanh = "gelu_pytorch_tanh"
  /// x times the logistic function of 1.702 x, another approximation of ``gelu`` (arXiv 1606.08415).
  case quickGelu = "quick_gelu"

  /// Other names of the same functions, as the transformers library has them.
  private static let synonyms: [String: Activation] = ["swish": .silu, "gelu_new": .geluTanh, "gelu_fast": .geluTanh]

  /// Finds a function by any of its names.
  init?(name: String) {
    guard let activation = Activation(rawValue: name) ?? Activation.synonyms[name] else { return nil }
    self = activation
  }

  static var allNames: [String] { (allCases.map(\.rawValue) + synonyms.keys).sorted() }
}
