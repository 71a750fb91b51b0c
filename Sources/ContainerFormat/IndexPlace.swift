import FusionCore

/// The words for places in an index, the same in every error.
enum IndexPlace {
  static func tensor(_ name: String) -> String { "tensor \"\(name)\"" }
  static func file(_ name: String) -> String { "file \"\(name)\"" }
  static func stream(_ tensor: String, _ kind: TensorEncoding.StreamKind) -> String {
    "\(self.tensor(tensor)), \(kind.title)"
  }
  static func chunk(_ owner: String, _ position: Int) -> String { "\(owner), chunk \(position)" }
}

extension TensorEncoding.StreamKind {
  /// The stream's name for people.
  var title: String {
    switch self {
    case .values: "values"
    case .codes: "codes"
    case .scales: "scales"
    case .zeroPoints: "zero points"
    case .columnScales: "column scales"
    }
  }
}
