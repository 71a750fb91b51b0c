import FusionCore

/// Collects specifications in canonical order.
struct SpecificationList {
  private(set) var all: [TensorSpecification] = []

  /// Adds one tensor; `name` and `source` are completed by what the caller gives.
  ///
  /// - Precondition: at most eight sizes, whose product fits in an `Int`: the configuration's caps see to that.
  mutating func add(
    _ canonicalName: String, _ sourceName: String, _ role: TensorRole, _ module: ModelPart, _ sizes: [SizeFormula],
    parts: [(name: String, rows: Int)] = [], isOptional: Bool = false
  ) {
    guard let shape = Shape(sizes.map(\.value)) else {
      preconditionFailure("sizes of \(canonicalName) overflow in spite of the configuration's caps")
    }
    var start = 0
    var ranges: [TensorPart] = []
    for part in parts {
      ranges.append(TensorPart(canonicalName: part.name, rows: start..<(start + part.rows)))
      start += part.rows
    }
    precondition(parts.isEmpty || start == shape.rowCount, "parts of \(canonicalName) do not cover its rows")
    all.append(
      TensorSpecification(
        sourceName: sourceName, canonicalName: canonicalName, role: role, module: module, shape: shape,
        shapeFormula: sizes.map(\.text), parts: ranges, isOptional: isOptional))
  }

  /// Adds a weight and, if there is one, the bias of its output.
  mutating func addLinear(
    _ canonicalName: String, _ sourceName: String, _ role: TensorRole, _ module: ModelPart, rows: SizeFormula,
    columns: SizeFormula, hasBias: Bool, isOptional: Bool = false
  ) {
    add(canonicalName + ".weight", sourceName + ".weight", role, module, [rows, columns], isOptional: isOptional)
    if hasBias {
      add(canonicalName + ".bias", sourceName + ".bias", role, module, [rows], isOptional: isOptional)
    }
  }

  /// Adds a LayerNorm.
  mutating func addLayerNorm(
    _ canonicalName: String, _ sourceName: String, _ module: ModelPart, _ size: SizeFormula, isOptional: Bool = false
  ) {
    add(canonicalName + ".weight", sourceName + ".weight", .norm, module, [size], isOptional: isOptional)
    add(canonicalName + ".bias", sourceName + ".bias", .norm, module, [size], isOptional: isOptional)
  }
}
