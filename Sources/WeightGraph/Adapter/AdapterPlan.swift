import FusionCore

/// What an adapter does to a base checkpoint: which tensors get an update, which are replaced, which are added.
///
/// Only names, types and shapes are looked at; no weight is read.
public struct AdapterPlan: Sendable {
  /// Updates of low rank, sorted by the base's name.
  public let merges: [AdapterMerge]
  /// Whole tensors of the adapter that take the place of the base's, by the base's name. One of them may have an
  /// update too, which is then added to it.
  public let replaced: [String: AdapterTensor]
  /// Whole tensors that the base does not have, by their new name.
  public let added: [String: AdapterTensor]
  /// Rows of the embedding and the head, if the adapter was trained with more of them than the base has and brings them.
  public let grownVocabulary: Int?
  /// Things that a user should know, one sentence each.
  public let notices: [String]

  /// Maps an adapter to a base.
  ///
  /// - Parameters:
  ///   - configuration: what adapter_config.json says.
  ///   - base: all tensors of the base.
  ///   - files: the adapter's weight files.
  ///   - basePath: the base's path, for errors.
  /// - Throws: the `adapter` codes, with the file, the tensor, what was expected and what was found.
  public static func build(
    configuration: AdapterConfiguration, base: [TensorDescription], files: [AdapterTensorFile], basePath: String
  ) throws -> AdapterPlan {
    var builder = AdapterPlanBuilder(configuration: configuration, base: base, files: files, basePath: basePath)
    return try builder.build()
  }
}
