/// A class or function that a pickle names.
public struct PickleGlobal: Sendable, Hashable {
  /// The module: `torch._utils`.
  public let module: String
  /// The name in it: `_rebuild_tensor_v2`; may have dots.
  public let name: String

  /// Collects the fields.
  public init(module: String, name: String) {
    self.module = module
    self.name = name
  }

  /// Both, joined by a dot.
  public var fullName: String { "\(module).\(name)" }

  /// Whether both name the same, byte for byte: Unicode holds more texts equal than Python does.
  public static func == (a: PickleGlobal, b: PickleGlobal) -> Bool {
    a.module.utf8.elementsEqual(b.module.utf8) && a.name.utf8.elementsEqual(b.name.utf8)
  }
}
