import FusionCore

/// A size together with the configuration fields that it is computed from, so that the two cannot disagree.
///
/// Values are capped where the configuration is read; no product of them overflows.
struct SizeFormula {
  let value: Int
  let text: String

  init(_ value: Int, _ text: String) {
    self.value = value
    self.text = text
  }

  static func + (a: SizeFormula, b: SizeFormula) -> SizeFormula {
    SizeFormula(a.value + b.value, "\(a.text) + \(b.text)")
  }

  /// The product of two formulas that are not sums.
  static func * (a: SizeFormula, b: SizeFormula) -> SizeFormula {
    SizeFormula(a.value * b.value, "\(a.text) * \(b.text)")
  }

  static func * (factor: Int, b: SizeFormula) -> SizeFormula {
    SizeFormula(factor * b.value, "\(factor) * \(b.text)")
  }

  static func constant(_ value: Int) -> SizeFormula { SizeFormula(value, "\(value)") }
}
