/// A quantity of a report, over all samples or over some of them.
public struct GateMetric: Sendable, Hashable {
  /// Which samples count; the raw value stands before the quantity's name.
  public enum Scope: String, Sendable, CaseIterable {
    /// All samples.
    case all = ""
    /// Prompts with a picture.
    case image = "image."
    /// Prompts of text alone.
    case text = "text."
  }

  /// What is measured.
  public let quantity: GateQuantity
  /// Over which samples.
  public let scope: Scope

  /// Names a quantity of some samples.
  ///
  /// - Precondition: only a quantity that has scopes is asked for one other than ``Scope/all``.
  public init(_ quantity: GateQuantity, _ scope: Scope = .all) {
    precondition(scope == .all || quantity.hasScopes, "\(quantity.rawValue) is not measured by kind of prompt")
    self.quantity = quantity
    self.scope = scope
  }

  /// The metric with a name; nil if there is none.
  public init?(name: String) {
    guard let metric = Self.all.first(where: { $0.name == name }) else { return nil }
    self = metric
  }

  /// Name on the command line and in reports: `kld.mean`, `image.kld.mean`.
  public var name: String { scope.rawValue + quantity.rawValue }

  /// Every metric there is, by quantity and then by scope.
  public static let all: [GateMetric] = GateQuantity.allCases.flatMap { quantity in
    (quantity.hasScopes ? Scope.allCases : [.all]).map { GateMetric(quantity, $0) }
  }
}
