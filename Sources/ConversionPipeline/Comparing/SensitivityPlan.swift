import AccuracyReports
import Foundation

/// A plan for the next conversion, from what a sensitivity measurement found.
enum SensitivityPlan {
  /// A unit is kept wider if its divergence is this many times the mean of all.
  static let wideningShare = 2.0

  /// The next wider scheme for tensors that are kept so now; `nil` if nothing is to gain.
  static func wider(_ schemes: [String]) -> String? {
    let quantized = Set(schemes.filter { $0.hasPrefix("int") })
    if quantized.contains(where: { $0.hasPrefix("int4") }) { return "int8" }
    return quantized.isEmpty ? nil : "keep"
  }

  /// The plan as `convert --plan` takes it; `nil` if nothing changes.
  static func text(_ tensors: [TensorDifference], changes: [(tensor: String, scheme: String)]) -> String? {
    guard !changes.isEmpty else { return nil }
    let changed = Dictionary(changes.map { ($0.tensor, $0.scheme) }, uniquingKeysWith: { first, _ in first })
    let entries = tensors.compactMap { tensor in
      (changed[tensor.name] ?? (tensor.scheme.hasPrefix("int") ? tensor.scheme : nil)).map { (tensor.name, $0) }
    }
    let plan = TensorPlan(tensors: Dictionary(entries, uniquingKeysWith: { first, _ in first }))
    return try? plan.text()
  }
}
