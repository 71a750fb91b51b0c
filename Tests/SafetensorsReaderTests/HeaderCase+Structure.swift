import FusionCore
import SafetensorsReader

/// Rows about the file as a whole: S1 to S4 and S14.
extension HeaderCase {
  private typealias Bytes = SafetensorsBytes

  static let structure: [HeaderCase] = [
    HeaderCase(
      "S1", "empty file",
      .refused(.safetensorsFileTooSmall, place: "offset 0", expected: "8 bytes", found: "an empty file")
    ) { [] },
    HeaderCase(
      "S1", "seven bytes", .refused(.safetensorsFileTooSmall, place: "offset 0", expected: "8 bytes", found: "7 bytes")
    ) {
      [2, 0, 0, 0, 0, 0, 0]
    },
    HeaderCase("S1", "smallest file", .accepted([])) { Bytes.file("{}", data: 0) },
    HeaderCase(
      "S2", "length one above the file",
      .refused(
        .safetensorsHeaderTruncated, place: "offset 10", expected: "a header of 3 bytes",
        found: "2 bytes; at least 1 are missing")
    ) {
      Bytes.file("{}", data: 0, length: 3)
    },
    HeaderCase(
      "S2", "length far above the file",
      .refused(
        .safetensorsHeaderTruncated, place: "offset 8", expected: "a header of 8388608 bytes",
        found: "0 bytes; at least 8388608 are missing")
    ) {
      Bytes.file("", data: 0, length: 8 << 20)
    },
    HeaderCase(
      "S2", "length 2^63",
      .refused(
        .safetensorsHeaderTooLarge, place: "offset 0", expected: "at most 8388608", found: "9223372036854775808")
    ) {
      Bytes.file("{}", length: 1 << 63)
    },
    HeaderCase(
      "S2", "length 2^64 - 1",
      .refused(
        .safetensorsHeaderTooLarge, place: "offset 0", expected: "at most 8388608", found: "18446744073709551615")
    ) {
      Bytes.file("{}", length: .max)
    },
    HeaderCase(
      "S3", "one byte above this reader's cap",
      .refused(
        .safetensorsHeaderTooLarge, place: "offset 0", expected: "at most 8388608 bytes", found: "8388609",
        remedy: "in more files")
    ) {
      Bytes.file("{}", length: 8 << 20 + 1)
    },
    HeaderCase(
      "S3", "above the format's cap",
      .refused(
        .safetensorsHeaderTooLarge, place: "offset 0", expected: "the format itself stops at 100000000",
        found: "100000001")
    ) {
      Bytes.file("{}", length: 100_000_001)
    },
    HeaderCase(
      "S3", "more tensors than the limit",
      .refused(
        .safetensorsTooManyEntries, place: "header", expected: "at most 32768 tensors", found: "one more",
        remedy: "in more files")
    ) {
      Bytes.tensors((0...SafetensorsLimits.tensorsPerFile).map { ("t\($0)", 0) })
    },
    HeaderCase(
      "S3", "more metadata than the limit",
      .refused(
        .safetensorsTooManyEntries, place: "header", expected: "at most 4096 metadata entries", found: "one more",
        remedy: "in more files")
    ) {
      let entries = (0...SafetensorsLimits.metadataEntries).map { "\"\($0)\":\"\"" }.joined(separator: ",")
      return Bytes.file("{\"__metadata__\":{\(entries)}}", data: 0)
    },
    HeaderCase("S4", "not UTF-8", .refused(.jsonNotUTF8, place: "offset 10", expected: "UTF-8", found: "byte 0xFF")) {
      Bytes.file([0x7B, 0x22, 0xFF, 0x22, 0x7D])
    },
    HeaderCase(
      "S4", "no header",
      .refused(.safetensorsHeaderStart, place: "offset 8", expected: "\"{\"", found: "an empty header")
    ) {
      Bytes.file("", data: 0)
    },
    HeaderCase(
      "S4", "an array", .refused(.safetensorsHeaderStart, place: "offset 8", expected: "\"{\"", found: "byte 91")
    ) {
      Bytes.file("[]", data: 0)
    },
    HeaderCase(
      "S4", "a space first", .refused(.safetensorsHeaderStart, place: "offset 8", expected: "\"{\"", found: "byte 32")
    ) {
      Bytes.file(" {}", data: 0)
    },
    HeaderCase(
      "S4", "byte order mark",
      .refused(.safetensorsHeaderStart, place: "offset 8", expected: "\"{\"", found: "byte 239")
    ) {
      Bytes.file("\u{FEFF}{}", data: 0)
    },
    HeaderCase(
      "S4", "object cut short",
      .refused(.jsonSyntax, place: "offset 64", expected: "\"}\"", found: "the end of the text")
    ) {
      Bytes.file("{\(Bytes.entryA)")
    },
    HeaderCase(
      "S4", "comma after the last entry",
      .refused(.jsonSyntax, place: "offset 65", expected: "a key in quotes", found: "\"}\"")
    ) {
      Bytes.file("{\(Bytes.entryA),}", data: 16)
    },
    HeaderCase(
      "S4", "deep nesting of a shape",
      .refused(.safetensorsBadShape, place: "tensor \"a\", shape", expected: "unsigned integers", found: "an array")
    ) {
      Bytes.file("{\"a\":{\"shape\":" + String(repeating: "[", count: 1_000_000), data: 0)
    },
    HeaderCase(
      "S4", "deep nesting of entries",
      .refused(
        .safetensorsUnknownField, place: "tensor \"a\"", expected: "dtype, shape and data_offsets", found: "\"a\"")
    ) {
      Bytes.file(String(repeating: "{\"a\":", count: 200_000), data: 0)
    },
    HeaderCase("S4", "spaces after the object", .accepted(["a", "b"])) {
      Bytes.file("{\(Bytes.entryA),\(Bytes.entryB)}     ")
    },
    HeaderCase("S4", "white space inside the object", .accepted(["a", "b"])) {
      Bytes.file("{\n\t\(Bytes.entryA) ,\r\n \(Bytes.entryB) }")
    },
    HeaderCase(
      "S4", "line break after the object",
      .refused(.safetensorsHeaderPadding, place: "offset 11", expected: "spaces", found: "byte 10")
    ) {
      Bytes.file("{} \n", data: 0)
    },
    HeaderCase(
      "S4", "a second object",
      .refused(.safetensorsHeaderPadding, place: "offset 10", expected: "spaces", found: "byte 123")
    ) {
      Bytes.file("{}{}", data: 0)
    },
    HeaderCase(
      "S4", "NUL as padding",
      .refused(.safetensorsHeaderPadding, place: "offset 10", expected: "spaces", found: "byte 0")
    ) {
      Bytes.file("{}\0", data: 0)
    },
    HeaderCase(
      "S14", "Git LFS pointer",
      .refused(
        .safetensorsGitLFSPointer, place: "offset 0", expected: "the file itself",
        found: "a file of 4976698672 bytes", remedy: "`git lfs pull`")
    ) {
      Array("version https://git-lfs.github.com/spec/v1\noid sha256:0f3a\nsize 4976698672\n".utf8)
    },
    HeaderCase(
      "S14", "Git LFS pointer with a false size",
      .refused(
        .safetensorsGitLFSPointer, place: "offset 0", expected: "the file itself", found: "a Git LFS pointer",
        remedy: "`git lfs pull`")
    ) {
      Array("version https://git-lfs.github.com/spec/v1\nsize \u{1B}[2J\n".utf8)
    },
    HeaderCase(
      "S14", "HTML page",
      .refused(.safetensorsWebPage, place: "offset 0", expected: "the file itself", found: "<!doctype html>")
    ) {
      Array("\n  <!DOCTYPE html>\n<html class=\"\">".utf8)
    },
    HeaderCase(
      "S14", "XML error of a storage service",
      .refused(.safetensorsWebPage, place: "offset 0", expected: "the file itself", found: "<?xml")
    ) {
      Array("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>".utf8)
    },
    HeaderCase(
      "S14", "text of a failed request",
      .refused(
        .safetensorsForeignFormat, place: "offset 0", expected: "a safetensors header", found: "\"Entry not found\"")
    ) {
      Array("Entry not found".utf8)
    },
    HeaderCase(
      "S14", "zip archive",
      .refused(
        .safetensorsForeignFormat, place: "offset 0", expected: "a safetensors header", found: "a zip archive",
        remedy: "if it is a PyTorch checkpoint")
    ) {
      [0x50, 0x4B, 0x03, 0x04, 0, 0, 8, 8, 0, 0]
    },
    HeaderCase(
      "S14", "GGUF file",
      .refused(
        .safetensorsForeignFormat, place: "offset 0", expected: "a safetensors header", found: "a GGUF file",
        remedy: "safetensors")
    ) {
      Array("GGUF".utf8) + [3, 0, 0, 0, 1, 0, 0, 0]
    },
    HeaderCase(
      "S14", "JSON file",
      .refused(
        .safetensorsForeignFormat, place: "offset 0", expected: "a safetensors header", found: "JSON text",
        remedy: "folder")
    ) {
      Array(#"{"metadata":{}}"#.utf8)
    },
  ]
}
