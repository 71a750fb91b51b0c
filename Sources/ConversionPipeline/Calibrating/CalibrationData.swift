/// What a model is calibrated on.
public enum CalibrationData: Sendable, Hashable {
  /// A question file of any form that `eval` reads; the right answers are part of what the model sees.
  case questions(String)
  /// Plain text in UTF-8, cut into windows.
  case text(String)
  /// What `synth qa` makes: drawn pictures with questions, and texts.
  case generated

  /// The word that stands for generated data.
  public static let generatedWord = "synth"

  /// Takes an option's argument: the word `synth`, a file that ends in `.txt`, or a question file.
  public init(argument: String) {
    if argument == Self.generatedWord {
      self = .generated
    } else if argument.lowercased().hasSuffix(".txt") {
      self = .text(argument)
    } else {
      self = .questions(argument)
    }
  }

  /// The file, if there is one.
  public var path: String? {
    switch self {
    case .questions(let path), .text(let path): path
    case .generated: nil
    }
  }
}
