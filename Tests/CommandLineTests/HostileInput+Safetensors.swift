import Foundation
import Glibc
import TestSupport

extension HostileInput {
  /// Rows S1 to S4, S13 and S14: lengths, text, and files of other kinds.
  static let structureOfSafetensors: [HostileInput] = [
    file("an empty file", "safetensors.fileTooSmall") { [] },
    file("seven bytes", "safetensors.fileTooSmall") { [1, 2, 3, 4, 5, 6, 7] },
    file("a header of 2^63 bytes", "safetensors.headerTooLarge") { littleEndian(1 << 63) + Array("{}".utf8) },
    file("a header of 2^64 - 1 bytes", "safetensors.headerTooLarge") { littleEndian(.max) + Array("{}".utf8) },
    HostileInput(
      testDescription: "a header above 100 MB in a sparse file of 200 MB", command: .inspect, path: "model.safetensors",
      code: "safetensors.headerTooLarge"
    ) { folder in
      let path = try folder.write("model.safetensors", littleEndian(100_000_001) + Array("{".utf8))
      guard truncate(path, 200_000_000) == 0 else { throw POSIXError(.EIO) }
    },
    file("a header of spaces", "safetensors.headerStart") { safetensors(filled(limit, " ")) },
    file("a brace and spaces", "json.syntax") { safetensors(filled(limit, " ", before: "{")) },
    file("a header of brackets", "safetensors.headerStart") { safetensors(filled(limit, "[")) },
    file("brackets in a shape", "safetensors.badShape") {
      safetensors(filled(limit, "[", before: "{\"a\":{\"dtype\":\"F32\",\"shape\":"))
    },
    file("objects in objects", "safetensors.unknownField") { safetensors(filled(limit, "{\"a\":")) },
    file("one enormous name without an end", "json.syntax") { safetensors(filled(limit, "a", before: "{\"")) },
    file("one enormous name that ends", "safetensors.unsafeName") {
      safetensors(filled(limit, "a", before: "{\"", after: "\":{}}"))
    },
    file("one enormous name of escapes", "safetensors.unsafeName") {
      safetensors(filled(limit, "\\u00e9", before: "{\"", after: "\":{}}"))
    },
    file("one enormous element type", "safetensors.unknownType") {
      safetensors(filled(limit, "F", before: "{\"a\":{\"dtype\":\"", after: "\",\"shape\":[],\"data_offsets\":[0,4]}}"))
    },
    file("one enormous metadata value", "safetensors.entryNotObject") {
      safetensors(filled(limit, "x", before: "{\"__metadata__\":{\"a\":\"", after: "\"},\"t\":7}"))
    },
    file("one enormous number", "safetensors.badShape") {
      safetensors(filled(limit, "9", before: "{\"a\":{\"dtype\":\"F32\",\"shape\":[", after: "]}}"))
    },
    file("a shape of millions of sizes", "safetensors.badShape") {
      safetensors(filled(limit, "1,", before: "{\"a\":{\"dtype\":\"F32\",\"shape\":[", after: "1]}}"))
    },
    file("metadata that is no text", "safetensors.badMetadata") { safetensors("{\"__metadata__\":{\"a\":[1]}}") },
    file("metadata of a million keys", "safetensors.tooManyEntries") {
      safetensors("{\"__metadata__\":{" + (0..<400_000).map { "\"\($0)\":\"\"" }.joined(separator: ",") + "}}")
    },
    file("a header that is not UTF-8", "json.notUTF8") {
      littleEndian(3) + [UInt8(ascii: "{"), UInt8(ascii: "\""), 0xFF]
    },
    file("UTF-8 that breaks at the very end", "json.notUTF8") {
      var bytes = safetensors(filled(limit, "é", before: "{\""))
      bytes[bytes.count - 1] = 0xFF
      return bytes
    },
    file("a web page", "safetensors.webPage") { Array("<!DOCTYPE html><html><body>404</body></html>".utf8) },
    file("a Git LFS pointer", "safetensors.gitLFSPointer") {
      Array("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n".utf8)
    },
  ]

  /// Rows S5 and S15.
  static let namesOfSafetensors: [HostileInput] =
    [
      file("a name twice", "safetensors.duplicateName") {
        safetensors("{\(entry("a", 0, 4)),\(entry("a", 4, 8))}", dataByteCount: 8)
      },
      file("30 000 entries, the last one broken", "safetensors.entryNotObject") {
        safetensors(
          "{" + (0..<29_999).map { entry("t\($0)", 4 * $0, 4 * $0 + 4) }.joined(separator: ",") + ",\"t\":7}",
          dataByteCount: 4 * 29_999)
      },
      file("30 000 entries, the last one over the others", "safetensors.overlap") {
        safetensors(
          "{" + (0..<29_999).map { entry("t\($0)", 4 * $0, 4 * $0 + 4) }.joined(separator: ",")
            + ",\(entry("t", 0, 4))}",
          dataByteCount: 4 * 29_999)
      },
      file("more entries than a file may have", "safetensors.tooManyEntries") {
        safetensors("{" + (0..<50_000).map { entry("t\($0)", 4 * $0, 4 * $0 + 4) }.joined(separator: ",") + "}")
      },
    ]
    + [
      ("an escape character", "\u{1B}[31mred", "json.syntax"),
      ("an escaped escape character", "\\u001b[31mred", unsafe),
      ("NUL", "a\\u0000b", unsafe), ("a bell", "\\u0007", unsafe), ("DEL", "a\u{7F}", unsafe),
      ("a one-byte control sequence", "a\u{9B}31m", unsafe), ("a reversal of direction", "a\u{202E}b", unsafe),
      ("an escaped reversal", "a\\u202eb", unsafe), ("a line separator", "a\u{2028}error: b", unsafe),
      ("an invisible mark", "a\u{200B}b", unsafe), ("a tag character", "a\u{E0041}b", unsafe),
      ("a path", "../../etc/passwd", unsafe), ("no name", "", unsafe),
    ].map { description, name, code in
      file("a name with \(description)", code) { safetensors("{\(entry(name, 0, 4))}", dataByteCount: 4) }
    } + [
      file("a file name with control characters", "safetensors.fileTooSmall", name: "a\u{1B}]0;x\u{7}\u{9B}2J\u{202E}b")
      {
        []
      },
      file("a control character as element type", "safetensors.unknownType") {
        safetensors("{\"a\":{\"dtype\":\"\u{9B}2J\u{202E}\",\"shape\":[],\"data_offsets\":[0,4]}}", dataByteCount: 4)
      },
      file("a control character as field", "safetensors.unknownField") {
        safetensors("{\"a\":{\"\\u001b[2J\u{202E}\":1}}")
      },
    ]

  /// Rows S6 to S11.
  static let rangesOfSafetensors: [HostileInput] = [
    file("an overlap", "safetensors.overlap") {
      safetensors("{\(entry("a", 0, 4)),\(entry("b", 2, 6))}", dataByteCount: 6)
    },
    file("a hole", "safetensors.hole") { safetensors("{\(entry("a", 0, 4)),\(entry("b", 6, 10))}", dataByteCount: 10) },
    file("trailing bytes", "safetensors.trailingBytes") { safetensors("{\(entry("a", 0, 4))}", dataByteCount: 5) },
    file("a shape that overflows", "safetensors.shapeOverflow") {
      safetensors(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}")
    },
    file("a negative offset", "safetensors.badOffsets") { safetensors("{\(entry("a", -4, 0))}") },
    file("truncated data", "safetensors.truncated") { safetensors("{\(entry("a", 0, 4))}", dataByteCount: 3) },
    file("data cut off at the header", "safetensors.headerTruncated") {
      Array(safetensors("{\(entry("a", 0, 4))}", dataByteCount: 4).prefix(20))
    },
  ]

  private static let unsafe = "safetensors.unsafeName"

  /// An entry of one float32.
  static func entry(_ name: String, _ begin: Int, _ end: Int) -> String {
    "\"\(name)\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[\(begin),\(end)]}"
  }
}
