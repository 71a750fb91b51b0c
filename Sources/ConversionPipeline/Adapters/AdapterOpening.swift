import CheckpointLayout
import Foundation
import FusionCore
import MappedFiles
import NumericKernels
import WeightGraph

/// Puts an adapter's folder over a base.
enum AdapterOpening {
  /// - Parameter isTied: whether the head of the base is its embedding.
  /// - Returns: the whole, what a person should know, and what the base's configuration no longer says rightly.
  /// - Throws: everything that can be wrong with the adapter, factors that are not finite among it.
  static func open(
    _ folder: String, over base: any WeightSource, basePath: String, isTied: Bool
  ) throws -> (source: AdaptedSource, notices: [String], edits: [ConfigurationEdit]) {
    let files = try AdapterFiles(folder: folder)
    let plan = try AdapterPlan.build(
      configuration: files.configuration, base: base.tensors,
      files: files.sources.map { AdapterTensorFile(path: $0.files.first?.path ?? folder, tensors: $0.tensors) },
      basePath: basePath)
    let kernels = try KernelSet.forThisMachine()
    let untrained = try untrainedUpdates(plan, files.sources, kernels, folder: folder)
    let unties = isTied && TiedHead.isUntied(by: plan, keepsTies: files.configuration.keepsTies)
    let source = try AdaptedSource(
      base: base, adapters: files.sources, plan: plan, path: basePath, kernels: kernels,
      head: unties ? TiedHead.headOfItsOwn(plan, in: base) : nil)
    var notices = files.notices + [summary(plan, name: FolderListing.lastComponent(of: folder))] + plan.notices
    var edits: [ConfigurationEdit] = []
    if unties {
      edits.append(TiedHead.untied)
      notices.append(
        "the adapter changes the embedding or the head alone: they are two tensors from here on, and tie_word_embeddings is"
          + " false in what is written")
    }
    if let rows = plan.grownVocabulary {
      edits.append(ConfigurationEdit(field: "vocab_size", value: "\(rows)"))
      let brings = try AdapterFiles.tokenizerNames.contains { try FileIdentity(path: "\(folder)/\($0)") != nil }
      notices.append(
        "embedding and head grow to the adapter's \(rows) rows"
          + (brings ? ", and its tokenizer is used" : "; it brings no tokenizer, so new rows have no text"))
    }
    if let first = untrained.first {
      notices.append(
        "\(untrained.count) of \(plan.merges.count) updates of the adapter are zero, such as that of \(first): it seems"
          + " to be untrained")
    }
    return (source, notices, edits)
  }

  /// Names of tensors whose update is zero, after a look at every factor.
  private static func untrainedUpdates(
    _ plan: AdapterPlan, _ sources: [any WeightSource], _ kernels: KernelSet, folder: String
  ) throws -> [String] {
    try plan.merges.filter { merge in
      var isZero = merge.scaling == 0
      for factor in [merge.factorA, merge.factorB] {
        var moments = Moments()
        try LowRankFactors.values(of: factor, sources, kernels).withUnsafeBufferPointer {
          kernels.accumulate($0, into: &moments)
        }
        guard moments.nonfiniteCount == 0 else {
          throw FusionError.adapterNonfinite(merge, file: sources[factor.fileIndex].path(of: factor.description))
        }
        isZero = isZero || (moments.maximum == 0 && moments.minimum == 0)
      }
      return isZero
    }.map(\.name)
  }

  private static func summary(_ plan: AdapterPlan, name: String) -> String {
    let ranks = range(plan.merges.map { Double($0.rank) })
    let alphas = range(plan.merges.map(\.alpha))
    let scalings = range(plan.merges.map(\.scaling))
    let merged =
      plan.merges.isEmpty
      ? "no tensor merged"
      : "\(plan.merges.count) tensors merged (rank \(ranks), alpha \(alphas), scaling \(scalings))"
    return "adapter \(name): \(merged), \(plan.replaced.count) replaced, \(plan.added.count) added"
  }

  /// Least and greatest of some numbers, or the one that all are.
  private static func range(_ values: [Double]) -> String {
    func text(_ value: Double) -> String {
      value == value.rounded() ? String(format: "%.0f", value) : "\(Float(value))"
    }
    guard let least = values.min(), let greatest = values.max() else { return "-" }
    return least == greatest ? text(least) : "\(text(least)) to \(text(greatest))"
  }
}
