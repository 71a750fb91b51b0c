import ConversionPipeline
import FusionCore

/// A plan of `convert --plan`: the same after it was written, and schemes that their own names give again.
enum PlanFuzzing {
  static func run(_ bytes: UnsafeRawBufferPointer) throws {
    let contents = Array(bytes)
    let plan = try ScratchFile.with(contents, "plan.json") { try TensorPlan(path: $0) }
    let written = try Array(plan.text().utf8)
    let again = try FuzzFinding.accepting("the plan") {
      try ScratchFile.with(written, "written.json") { try TensorPlan(path: $0) }
    }
    try FuzzFinding.require(again.hasSameNames(as: plan), "the plan changed by being written")
    let overrides = try plan.overrides(groupSize: nil)
    try FuzzFinding.require(
      overrides.count == plan.tensors.count, "\(overrides.count) of \(plan.tensors.count) entries")
    for override in overrides {
      let scheme = try FuzzFinding.accepting("the name of a scheme") { try WeightScheme(parsing: override.scheme.name) }
      try FuzzFinding.require(scheme == override.scheme, "\(override.scheme.name) is read as \(scheme.name)")
      _ = override.pattern.matches("model.layers.0.mlp.down_proj.weight", "language.layers.0.mlp.down.weight")
    }
  }
}

extension TensorPlan {
  /// Equal as texts: names that only look alike stay apart.
  fileprivate func hasSameNames(as other: TensorPlan) -> Bool {
    func bytes(_ plan: TensorPlan) -> [[UInt8]] {
      plan.tensors.map { Array("\($0.key)\n\($0.value)".utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
    }
    return bytes(self) == bytes(other)
  }
}
