import ContainerFormat
import Foundation

/// Journal lines that someone has written on purpose.
enum JournalForgery {
  /// A line with the checksum that its content asks for.
  static func withChecksum(_ line: String) -> Data {
    guard let mark = line.range(of: ",\"checksum\":\"") else { return Data(line.utf8) }
    let content = Array(line[..<mark.lowerBound].utf8)
    let digits = String(ContainerChecksum.of(content), radix: 16)
    let sum = String(repeating: "0", count: 16 - digits.count) + digits
    return Data(content) + Data(",\"checksum\":\"\(sum)\"}\n".utf8)
  }
}
