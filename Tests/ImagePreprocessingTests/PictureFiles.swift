import Foundation
import ImagePreprocessing
import TestSupport

/// The pictures of the fixtures and the values that belong to them.
enum PictureFiles {
  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("images/\(name)"))))
  }

  static func decoded(_ name: String) throws -> RGBImage {
    try ImageDecoder.decode(try bytes(name), file: name)
  }

  /// Lines of a table of `images/cases`, split at spaces.
  static func table(_ name: String) -> [[String]] {
    let text = (try? String(contentsOfFile: Fixtures.path("images/cases/\(name)"), encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
  }

  /// A table is read before its tests run, so a missing one would leave no test to fail.
  static let caseNames = table("decoded.txt").compactMap(\.first)

  /// 64-bit FNV-1a, as 16 hexadecimal digits.
  static func digest(_ bytes: [UInt8]) -> String {
    let value = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
