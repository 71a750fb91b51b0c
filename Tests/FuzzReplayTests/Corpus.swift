import Foundation
import FuzzTargets
import TestSupport

/// The inputs in `Tests/Fixtures/fuzz`.
enum Corpus {
  static func inputs(of target: FuzzTarget) throws -> [(name: String, bytes: [UInt8])] {
    let folder = Fixtures.path("fuzz/\(target.rawValue)")
    return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { name in
      (name, [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))))
    }
  }

  /// Codes that refusals of a corpus have at least; some readers have fewer than others, and tell errors apart by the
  /// place in the file.
  static func fewestCodes(of target: FuzzTarget) -> Int {
    switch target {
    case .generation, .results, .text, .plan: 1
    case .journal: 2
    default: 3
    }
  }
}
