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
}
