/// Cuts the tensors of a model into parts whose effect on the predictions is measured together.
public struct SensitivityPartition: Sendable {
  /// Tensors that are measured together.
  public struct Part: Sendable, Equatable {
    /// Name of the part: of its layers, and of what its tensors are called there.
    public let name: String
    /// Canonical names, in the order they were given in.
    public fileprivate(set) var tensors: [String]
  }

  /// Parts in the order of their first tensors.
  public let parts: [Part]

  /// A tower's layers are cut into so many bands at most.
  private static let bandCount = 8

  /// Cuts.
  ///
  /// - Parameters:
  ///   - names: canonical names.
  ///   - unit: how finely.
  public init(_ names: [String], by unit: SensitivityUnit) {
    let places = names.map(Place.init)
    var layerCounts: [String: Int] = [:]
    for case let place? in places { layerCounts[place.tower] = max(layerCounts[place.tower] ?? 0, place.layer + 1) }
    var parts: [Part] = []
    var positions: [String: Int] = [:]
    for (name, place) in zip(names, places) {
      let key = Self.partName(name, place, unit, layerCount: place.flatMap { layerCounts[$0.tower] } ?? 0)
      if let position = positions[key] {
        parts[position].tensors.append(name)
      } else {
        positions[key] = parts.count
        parts.append(Part(name: key, tensors: [name]))
      }
    }
    self.parts = parts
  }

  private static func partName(_ name: String, _ place: Place?, _ unit: SensitivityUnit, layerCount: Int) -> String {
    switch unit {
    case .tensors: return name
    case .layers:
      guard let place else { return name.split(separator: ".").dropLast().joined(separator: ".") }
      return "\(place.tower)\(place.layer)"
    case .parts:
      guard let place else { return name }
      // A sampler is small: what it does is measured as one.
      if place.tower == Place.samplers { return "\(place.tower)\(place.layer)" }
      let width = (layerCount + bandCount - 1) / bandCount
      let first = place.layer / width * width
      let last = min(first + width, layerCount) - 1
      return "\(place.tower)\(first == last ? "\(first)" : "\(first)-\(last)").\(place.kind)"
    }
  }

  /// Where in a stack of layers a tensor is.
  private struct Place {
    static let samplers = "samplers."
    private static let towers = ["language.layers.", "vision.layers.", samplers]

    /// Beginning of the names of all layers of the stack.
    let tower: String
    let layer: Int
    /// What the tensor is called within its layer.
    let kind: String

    /// - Returns: `nil` for a tensor outside of stacks.
    init?(_ name: String) {
      guard let tower = Self.towers.first(where: { name.hasPrefix($0) }) else { return nil }
      let words = name.dropFirst(tower.count).split(separator: ".", maxSplits: 1)
      guard words.count == 2, let layer = Int(words[0]), layer >= 0, layer < Int.max else { return nil }
      self.tower = tower
      self.layer = layer
      kind = String(words[1])
    }
  }
}
