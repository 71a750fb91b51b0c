import ContainerFormat
import Foundation
import FusionCore

/// The options that decide what becomes of each tensor; with the source they determine every byte of the output.
public struct QuantizationRecipe: Sendable, Hashable {
  /// A scheme for the tensors that a pattern fits.
  public struct Override: Sendable, Hashable {
    /// Source or canonical names.
    public let pattern: NamePattern
    /// What they become.
    public let scheme: WeightScheme
    /// Who wants that, in a few words for a person.
    public let reason: String
    /// Path of the plan that asks for it; `nil` for an option.
    public let file: String?

    /// Collects the fields.
    ///
    /// - Parameters:
    ///   - reason: `nil` for the option that names single patterns.
    ///   - file: the plan that it is from.
    public init(pattern: NamePattern, scheme: WeightScheme, reason: String? = nil, file: String? = nil) {
      self.pattern = pattern
      self.scheme = scheme
      self.file = file
      self.reason = reason ?? "--tensor-type \(pattern.text)"
    }
  }

  /// What the bulk of the weights becomes.
  public var scheme: WeightScheme
  /// How scales and codes are chosen.
  public var method: QuantizationMethod
  /// Exceptions; the last one that fits a tensor decides.
  public var overrides: [Override]
  /// Tensors to store bit for bit, before anything else is asked.
  public var keep: [NamePattern]
  /// Whether chunks are compressed.
  public var compresses: Bool

  /// Collects the fields.
  public init(
    scheme: WeightScheme, method: QuantizationMethod = .auto, overrides: [Override] = [], keep: [NamePattern] = [],
    compresses: Bool = true
  ) {
    self.scheme = scheme
    self.method = method
    self.overrides = overrides
    self.keep = keep
    self.compresses = compresses
  }

  /// The same, in the container's words.
  var policy: CompressionPolicy { compresses ? .zstd : .raw }

  /// Reads `glob=scheme`, as `--tensor-type` takes it.
  ///
  /// - Throws: a usage error if there is no `=` or the scheme is unknown.
  public static func override(parsing text: String, groupSize: Int?) throws -> Override {
    guard let mark = text.lastIndex(of: "="), mark != text.startIndex else {
      throw FusionError(
        .badOption, "--tensor-type needs a pattern and a scheme", place: text, expected: "'PATTERN=SCHEME'",
        found: text, remedy: "write for example --tensor-type 'vision.*=int8'")
    }
    return Override(
      pattern: NamePattern(String(text[..<mark])),
      scheme: try WeightScheme(parsing: String(text[text.index(after: mark)...]), groupSize: groupSize))
  }

  /// The recipe as it is stored in a container: one line of JSON with sorted keys.
  ///
  /// - Parameter statistics: digest of the statistics that help to choose; `nil` if there are none.
  /// - Throws: what the JSON encoder throws, which for strings is nothing.
  public func provenanceText(statistics: String? = nil) throws -> String {
    struct Stored: Encodable {
      let compression: String
      let keep: [String]
      let method: String
      let scheme: String
      let statistics: String?
      let tensorTypes: [String]
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let stored = Stored(
      compression: compresses ? "zstd" : "none", keep: keep.map(\.text), method: method.rawValue, scheme: scheme.name,
      statistics: statistics, tensorTypes: overrides.map { "\($0.pattern.text)=\($0.scheme.name)" })
    return String(decoding: try encoder.encode(stored), as: UTF8.self)
  }
}
