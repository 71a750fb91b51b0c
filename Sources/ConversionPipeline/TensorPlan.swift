import Foundation
import FusionCore
import WeightGraph

/// A scheme for each tensor by name: what `diff --sensitivity` proposes, `convert --save-plan` writes and
/// `convert --plan` takes.
public struct TensorPlan: Sendable, Hashable {
  /// Name and version of this form.
  public static let schema = "fusion-convert.plan/1"
  /// A plan names every tensor of a large model in far less.
  static let largestByteCount = 4 << 20

  /// Scheme by source or canonical name, as `--tensor-type` takes it.
  public let tensors: [String: String]

  private struct Stored: Encodable {
    let schema: String
    let tensors: [String: String]
  }

  /// Collects the entries.
  public init(tensors: [String: String]) { self.tensors = tensors }

  /// What a conversion makes of each tensor: with it, another one does the same, whatever its other options.
  public init(_ plan: QuantizationPlan) {
    let entries = plan.entries.map { ($0.tensor.canonicalName, $0.scheme.name) }
    tensors = Dictionary(entries, uniquingKeysWith: { first, _ in first })
  }

  /// Reads a plan.
  ///
  /// - Throws: `.malformedPlan`; `.cannotOpen`, `.sideFileTooLarge`.
  public init(path: String) throws {
    let bytes = try SideFile.read(path, limit: Self.largestByteCount)
    do {
      tensors = try bytes.withUnsafeBytes(Self.read)
    } catch let error as FusionError {
      let isOwn = error.code == .malformedPlan
      throw (isOwn ? error : Self.malformed(error.place ?? "", expected: "JSON", found: error.found ?? error.summary))
        .inFile(path)
    }
  }

  private static func read(_ bytes: UnsafeRawBufferPointer) throws -> [String: String] {
    var (schema, tensors) = (String?.none, [String: String]?.none)
    var scanner = try StrictJSONScanner(bytes, maximumDepth: 16)
    try scanner.beginObject()
    while let name = try scanner.nextKey() {
      switch (name, try scanner.kind()) {
      case ("schema", .string) where schema == nil: schema = try scanner.string()
      case ("tensors", .object) where tensors == nil: tensors = try schemes(&scanner)
      case ("schema", let kind), ("tensors", let kind):
        throw malformed(
          name, expected: "one \(name == "schema" ? "text" : "object") of this name", found: kind.phrase)
      default: try scanner.skipValue()
      }
    }
    try scanner.finish()
    guard schema == Self.schema else {
      throw malformed(
        "schema", expected: Self.schema, found: schema.map { String($0.unicodeScalars.prefix(80)) } ?? "no schema")
    }
    guard let tensors else { throw malformed("tensors", expected: "a scheme for each tensor name", found: "nothing") }
    return tensors
  }

  private static func schemes(_ scanner: inout StrictJSONScanner) throws -> [String: String] {
    var schemes: [String: String] = [:]
    try scanner.beginObject()
    while let name = try scanner.nextKey() {
      let place = "tensors, \(TensorName.quoted(name))"
      guard try scanner.kind() == .string else {
        throw malformed(place, expected: "the name of a scheme", found: try scanner.kind().phrase)
      }
      let scheme = try scanner.string()
      do {
        _ = try WeightScheme(parsing: scheme)
      } catch let error as FusionError {
        throw malformed(
          place, expected: error.expected ?? WeightScheme.forms, found: String(scheme.unicodeScalars.prefix(80)))
      }
      guard schemes.updateValue(scheme, forKey: name) == nil else {
        throw malformed(place, expected: "each tensor once", found: "a second scheme for it")
      }
    }
    return schemes
  }

  private static func malformed(_ place: String, expected: String, found: String) -> FusionError {
    FusionError(
      .malformedPlan, "the file is no plan", place: place.isEmpty ? nil : place, expected: expected, found: found,
      remedy: "write one with fusion-convert diff --sensitivity tensors --plan FILE, or convert --save-plan FILE")
  }

  /// The plan as JSON with sorted names.
  ///
  /// - Throws: what the JSON encoder throws, which for strings is nothing.
  public func text() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(Stored(schema: Self.schema, tensors: tensors)), as: UTF8.self)
  }

  /// The entries as exceptions of a recipe, in the order of their names.
  ///
  /// - Parameters:
  ///   - groupSize: columns that share a scale where a scheme does not say.
  ///   - file: path of the plan, for errors.
  /// - Throws: `.badScheme` for a group size that a scheme cannot have.
  public func overrides(groupSize: Int?, file: String? = nil) throws -> [QuantizationRecipe.Override] {
    try tensors.sorted { $0.key < $1.key }.map { name, scheme in
      QuantizationRecipe.Override(
        pattern: NamePattern(name), scheme: try WeightScheme(parsing: scheme, groupSize: groupSize),
        reason: "named by the plan", file: file)
    }
  }
}

extension FusionError.Code {
  /// A file that `--plan` names is not a plan.
  public static let malformedPlan = Self("plan.malformed")
  /// A plan names tensors of another model.
  public static let planOfOtherModel = Self("plan.otherModel")
}
