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

  private struct Stored: Codable {
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
  /// - Throws: `.malformedPlan`; what is wrong with the file.
  public init(path: String) throws {
    let bytes = try SideFile.read(path, limit: Self.largestByteCount)
    guard let stored = try? JSONDecoder().decode(Stored.self, from: Data(bytes)), stored.schema == Self.schema else {
      throw FusionError(
        .malformedPlan, "the file is no plan", file: path, place: "schema, tensors",
        expected: "a JSON object with schema \(Self.schema) and a scheme for each tensor name", found: "something else",
        remedy: "write one with fusion-convert diff --sensitivity tensors --plan FILE, or convert --save-plan FILE")
    }
    tensors = stored.tensors
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
  /// - Throws: `.badScheme`.
  public func overrides(groupSize: Int?) throws -> [QuantizationRecipe.Override] {
    try tensors.sorted { $0.key < $1.key }.map { name, scheme in
      QuantizationRecipe.Override(
        pattern: NamePattern(name), scheme: try WeightScheme(parsing: scheme, groupSize: groupSize),
        reason: "named by the plan")
    }
  }
}

extension FusionError.Code {
  /// A file that `--plan` names is not a plan.
  public static let malformedPlan = Self("plan.malformed")
}
