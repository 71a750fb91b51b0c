import ConversionPipeline

/// The numbers that an option takes: the only way by which a number gets from the command line into the program.
///
/// An option reads its text with ``parse``, so that a number that is none, does not fit into its type, is not finite or
/// lies outside of the range is refused before anything computes with it, for all options in the same words. Upper ends
/// are far above all that makes sense, and low enough that sums and products of such numbers fit into an `Int`.
struct NumberRange<Number: Sendable>: Sendable {
  /// What the option takes, for help and refusals: `a whole number from 1 to 1024`.
  let words: String
  /// The ends alone, for help: `1 to 1024`.
  let span: String
  private let read: @Sendable (String) -> Number?

  /// Reads an option's text.
  ///
  /// - Throws: ``NumberRefusal``.
  var parse: @Sendable (String) throws -> Number {
    { text in
      guard let number = read(text) else { throw NumberRefusal(description: "it takes \(words)") }
      return number
    }
  }
}

/// An option's text that is not one of its numbers; the parser of arguments says which option and which text.
struct NumberRefusal: Error, CustomStringConvertible {
  /// What the option takes instead.
  let description: String
}

extension NumberRange where Number == Int {
  /// Whole numbers.
  static func whole(_ range: ClosedRange<Int>) -> NumberRange {
    let span = "\(range.lowerBound) to \(range.upperBound)"
    return NumberRange(words: "a whole number from \(span)", span: span) { text in
      Int(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// A few whole numbers, in ascending order.
  static func oneOf(_ numbers: [Int]) -> NumberRange {
    let span = numbers.dropLast().map(String.init).joined(separator: ", ") + " or \(numbers.last ?? 0)"
    return NumberRange(words: span, span: span) { text in Int(text).flatMap { numbers.contains($0) ? $0 : nil } }
  }

  static var threads: NumberRange { whole(1...1024) }
  static var groupSize: NumberRange { oneOf([16, 32, 64, 128, 256]) }
  /// Tokens of an answer; what the model's context leaves room for is less.
  static var answerTokens: NumberRange { whole(1...10_000_000) }
  static var contextTokens: NumberRange { whole(2...10_000_000) }
  static var windows: NumberRange { whole(1...1_000_000) }
  static var pictureTokens: NumberRange { whole(1...1_000_000) }
  /// Samples of one kind, of which none may be wanted.
  static var samples: NumberRange { whole(0...100_000) }
  static var calibrationSamples: NumberRange { whole(1...100_000) }
  static var evaluatedQuestions: NumberRange { whole(1...1_000_000_000) }
  static var writtenQuestions: NumberRange { whole(1...QuestionSynthesizer.greatestQuestionCount) }
  static var pictureSide: NumberRange { whole(QuestionSynthesizer.sides) }
  static var shardBytes: NumberRange { whole(1...ByteSize.greatest) }
  static var topTokens: NumberRange { whole(0...10_000_000) }
}

extension NumberRange where Number == Double {
  /// Numbers from one end to the other, both included.
  static func real(_ range: ClosedRange<Double>) -> NumberRange {
    let span = "\(text(range.lowerBound)) to \(text(range.upperBound))"
    return finite("a number from \(span)", span) { range.contains($0) }
  }

  private static func finite(
    _ words: String, _ span: String, _ contains: @escaping @Sendable (Double) -> Bool
  ) -> NumberRange {
    NumberRange(words: words, span: span) { text in
      // White space is refused by the standard library, NaN and infinity are in no range.
      Double(text).flatMap { $0.isFinite && contains($0) ? $0 : nil }
    }
  }

  private static func text(_ number: Double) -> String { Format.significant(number, 12) }

  static var bits: NumberRange { real(WeightScheme.entropyBits) }
  /// Bits a weight of a whole container: no weight takes more than 32, and the file's index and files are little.
  static var targetBits: NumberRange { real(0.1...64) }
  static var visionWeight: NumberRange { real(TokenWeights.permitted) }
  static var temperature: NumberRange {
    finite("0, or a number from 0.001 to 100", "0, or 0.001 to 100") { $0 == 0 || (0.001...100).contains($0) }
  }
  static var topProbability: NumberRange {
    finite("a number above 0 and at most 1", "above 0 to 1") { $0 > 0 && $0 <= 1 }
  }
  static var leastProbability: NumberRange {
    finite("a number from 0 on and below 1", "0 to below 1") { $0 >= 0 && $0 < 1 }
  }
  static var repetitionPenalty: NumberRange { real(0.01...100) }
}

extension NumberRange where Number == UInt64 {
  static var seed: NumberRange {
    NumberRange(words: "a whole number from 0 to \(UInt64.max)", span: "0 to \(UInt64.max)") { UInt64($0) }
  }
}

extension NumberRange where Number == ByteSize {
  /// Sizes in bytes, with or without a unit.
  static func bytes(_ range: ClosedRange<Int>) -> NumberRange {
    let span = "\(range.lowerBound) B to \(range.upperBound / 1_000_000_000_000) TB"
    return NumberRange(words: "a number of bytes such as 800MB or 2.5GB, \(span)", span: span) { text in
      ByteSize(argument: text).flatMap { range.contains($0.byteCount) ? $0 : nil }
    }
  }

  /// Memory that a step may use; steps that need more than this take what they need.
  static var memory: NumberRange { bytes(0...ByteSize.greatest) }
  static var containerSize: NumberRange { bytes(1...ByteSize.greatest) }
}
