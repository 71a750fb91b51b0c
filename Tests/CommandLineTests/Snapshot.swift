import Foundation
import TestSupport
import Testing

/// Compares text with a committed file; a missing file fails. `FUSION_UPDATE_SNAPSHOTS=1` writes the files anew.
enum Snapshot {
  static func expect(_ text: String, matches name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let path = "\(Fixtures.repository)/Tests/CommandLineTests/Snapshots/\(name).txt"
    if ProcessInfo.processInfo.environment["FUSION_UPDATE_SNAPSHOTS"] != nil {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
    let expected = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    #expect(
      expected != nil, "no snapshot \(name): look at the text, then run with FUSION_UPDATE_SNAPSHOTS=1",
      sourceLocation: sourceLocation)
    #expect(text == expected, sourceLocation: sourceLocation)
  }

  /// The text without what differs from run to run: scratch paths, times, rates, memory.
  static func normalized(_ text: String, folder: String) -> String {
    var result = text.replacingOccurrences(of: folder, with: "SCRATCH")
      .replacingOccurrences(of: Fixtures.root, with: "FIXTURES")
    for (pattern, replacement) in [
      (#"took .*"#, "took TIME"), (#"in [0-9.]+ (s|min [0-9]+ s)\b"#, "in TIME"),
    ] {
      result = result.replacingOccurrences(of: pattern, with: replacement, options: .regularExpression)
    }
    return result
  }
}
