import Foundation
import FusionCore

/// What a tensor is to become, as an option names it: an encoding, or a type to store the values in.
public enum WeightScheme: Sendable, Hashable {
  /// Stored bit for bit, in the source's type.
  case keep
  /// Stored as values of another float type.
  case convert(DType)
  /// Stored as integer codes.
  case quantize(TensorEncoding)
  /// Stored as entropy-coded integer codes of eight bits whose steps are chosen for a size on disk: so many bits a
  /// weight, scales and the overhead of coding included.
  case entropy(bits: Double)

  /// The forms that ``init(parsing:groupSize:)`` takes, for help and error texts.
  public static let forms =
    "keep, bf16, f32, int8, int8-gN, int4, int4-gN, int4-sym, int4-sym-gN, int4-nl, int4-nl-gN (N: 16, 32, 64, 128, 256),"
    + " the same with -cs before -gN for column scales, entropy-B (B bits a weight, 1.5 to 8)"

  /// Bits a weight that ``entropy(bits:)`` may ask for.
  public static let entropyBits = 1.5...8.0

  /// Group size of int4 when none is given.
  public static let defaultGroupSize = 32

  /// Reads a scheme.
  ///
  /// - Parameters:
  ///   - text: one of ``forms``, for example `int4-sym-g64`.
  ///   - groupSize: columns that share a scale where `text` does not say; `nil` for the scheme's own default, which is
  ///     a whole row for int8 and ``defaultGroupSize`` for int4.
  /// - Throws: a usage error that lists the forms.
  public init(parsing text: String, groupSize: Int? = nil) throws {
    switch text {
    case "keep": self = .keep
    case "bf16": self = .convert(.bf16)
    case "f32": self = .convert(.f32)
    case let text where text.hasPrefix(Self.entropyMark):
      guard let bits = Double(text.dropFirst(Self.entropyMark.count)), Self.entropyBits.contains(bits) else {
        throw FusionError(
          .badScheme, "no such number of bits", place: text,
          expected: "entropy- and a number from \(Self.entropyBits.lowerBound) to \(Self.entropyBits.upperBound)",
          found: text, remedy: "write for example entropy-4.25")
      }
      self = .entropy(bits: bits)
    default:
      var base = text
      var size = groupSize
      if let mark = text.range(of: "-g", options: .backwards) {
        guard let number = Int(text[mark.upperBound...]), number > 0 else { throw Self.unknown(text) }
        base = String(text[..<mark.lowerBound])
        size = number
      }
      guard let whole = TensorEncoding(label: base, groupSize: 0), whole.isQuantized else { throw Self.unknown(text) }
      let standard = whole.codeBits == 8 ? 0 : Self.defaultGroupSize
      guard let encoding = TensorEncoding(label: base, groupSize: size ?? standard) else {
        throw FusionError(
          .badScheme, "no such group size", place: text, expected: "16, 32, 64, 128 or 256", found: "\(size ?? 0)",
          remedy: "choose one of these with --group-size or in the scheme's name")
      }
      self = .quantize(encoding)
    }
  }

  /// The scheme's name, which ``init(parsing:groupSize:)`` reads back.
  public var name: String {
    switch self {
    case .keep: "keep"
    case .convert(let type): type.rawValue.lowercased()
    case .quantize(let encoding): encoding.name
    case .entropy(let bits): Self.entropyMark + "\(bits)"
    }
  }

  /// The name without the number of bits of entropy-coded weights.
  var family: String {
    if case .entropy = self { "entropy" } else { name }
  }

  /// One name for schemes of one family: that of all, or the least and the greatest number of bits.
  static func names(of schemes: [WeightScheme]) -> String {
    let bits = schemes.compactMap { scheme in
      if case .entropy(let bits) = scheme { bits } else { nil }
    }
    guard let least = bits.min(), let greatest = bits.max(), least < greatest else { return schemes.first?.name ?? "" }
    return "\(entropyMark)\(least) to \(greatest)"
  }

  /// Whether a number of bits on disk decides the steps.
  var isEntropyCoded: Bool {
    if case .entropy = self { true } else { false }
  }

  /// The encoding in a container.
  public var encoding: TensorEncoding {
    switch self {
    case .keep, .convert: .verbatim
    case .quantize(let encoding): encoding
    case .entropy: .int8ColumnScaledGroup64
    }
  }

  private static let entropyMark = "entropy-"

  private static func unknown(_ text: String) -> FusionError {
    FusionError(
      .badScheme, "unknown quantization scheme", place: text, expected: forms, found: text,
      remedy: "choose one of these names")
  }
}

extension FusionError.Code {
  /// A scheme's name or group size is not known.
  public static let badScheme = Self("options.badScheme", .usage)
  /// A name pattern of an option fits no tensor.
  public static let patternWithoutMatch = Self("options.patternWithoutMatch", .usage)
  /// Two options contradict each other, or one has no meaning here.
  public static let badOption = Self("options.badOption", .usage)
}
