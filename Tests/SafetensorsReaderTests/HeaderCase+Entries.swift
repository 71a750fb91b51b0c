import FusionCore
import SafetensorsReader

/// Rows about tensors: S5 to S13 and S15.
extension HeaderCase {
  private typealias Bytes = SafetensorsBytes
  private static let tensorB = "tensor \"b\""

  static let entries: [HeaderCase] =
    [
      HeaderCase(
        "S5", "tensor twice",
        .refused(.safetensorsDuplicateName, place: "header", expected: "every name once", found: "\"a\" a second time")
      ) {
        Bytes.with(Bytes.entryA)
      },
      HeaderCase(
        "S5", "tensor twice, once escaped",
        .refused(.safetensorsDuplicateName, place: "header", expected: "every name once", found: "\"a\" a second time")
      ) {
        Bytes.with(#""\u0061":{"dtype":"BF16","shape":[3],"data_offsets":[16,22]}"#)
      },
      HeaderCase(
        "S5", "names that Unicode holds equal",
        .refused(.safetensorsDuplicateName, place: "header", expected: "every name once", found: "a second time")
      ) {
        Bytes.tensors([("e\u{301}", 1), ("\u{E9}", 1)])
      },
      HeaderCase(
        "S5", "field twice",
        .refused(.safetensorsDuplicateField, place: tensorB, expected: "every field once", found: "dtype")
      ) {
        Bytes.with(#""b":{"dtype":"BF16","dtype":"BF16","shape":[3],"data_offsets":[16,22]}"#)
      },
      HeaderCase("S5", "fields in another order", .accepted(["a", "b"])) {
        Bytes.with(#""b":{"data_offsets":[16,22],"shape":[3],"dtype":"BF16"}"#)
      },
      HeaderCase(
        "S5", "unknown field",
        .refused(.safetensorsUnknownField, place: tensorB, expected: "dtype, shape", found: "\"scale\"")
      ) {
        Bytes.with(#""b":{"dtype":"BF16","shape":[3],"data_offsets":[16,22],"scale":2}"#)
      },
      HeaderCase(
        "S5", "no dtype", .refused(.safetensorsMissingField, place: tensorB, expected: "dtype", found: "no such field")
      ) {
        Bytes.with(#""b":{"shape":[3],"data_offsets":[16,22]}"#)
      },
      HeaderCase(
        "S5", "no shape", .refused(.safetensorsMissingField, place: tensorB, expected: "shape", found: "no such field")
      ) {
        Bytes.with(#""b":{"dtype":"BF16","data_offsets":[16,22]}"#)
      },
      HeaderCase(
        "S5", "no offsets",
        .refused(.safetensorsMissingField, place: tensorB, expected: "data_offsets", found: "no such field")
      ) {
        Bytes.with(#""b":{"dtype":"BF16","shape":[3]}"#)
      },
      HeaderCase(
        "S5", "entry is a list",
        .refused(.safetensorsEntryNotObject, place: tensorB, expected: "an object", found: "an array")
      ) {
        Bytes.with(#""b":[16,22]"#)
      },
      HeaderCase(
        "S6", "two tensors on the same bytes",
        .refused(.safetensorsOverlap, place: tensorB, expected: "offset 135", found: "offset 119")
      ) {
        Bytes.file("{\(Bytes.entryA)," + #""b":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}"#, data: 16)
      },
      HeaderCase(
        "S6", "one byte shared",
        .refused(.safetensorsOverlap, place: tensorB, expected: "offset 135", found: "offset 134")
      ) {
        Bytes.with(#""b":{"dtype":"U8","shape":[7],"data_offsets":[15,22]}"#)
      },
      HeaderCase(
        "S6", "empty tensor inside another",
        .refused(.safetensorsOverlap, place: tensorB, expected: "offset 133", found: "offset 125")
      ) {
        Bytes.with(#""b":{"dtype":"U8","shape":[0],"data_offsets":[8,8]}"#, data: 16)
      },
      HeaderCase(
        "S7", "hole between tensors",
        .refused(.safetensorsHole, place: tensorB, expected: "offset 135, where tensor \"a\" ends", found: "offset 136")
      ) {
        Bytes.with(#""b":{"dtype":"U8","shape":[5],"data_offsets":[17,22]}"#)
      },
      HeaderCase(
        "S7", "hole before the first tensor",
        .refused(.safetensorsHole, place: tensorB, expected: "where the header ends", found: "offset")
      ) {
        Bytes.file(#"{"b":{"dtype":"U8","shape":[5],"data_offsets":[17,22]}}"#)
      },
      HeaderCase(
        "S7", "one byte after the last tensor",
        .refused(
          .safetensorsTrailingBytes, place: "offset 143", expected: "a file of 143 bytes",
          found: "144 bytes; 1 too many")
      ) {
        Bytes.correct() + [0]
      },
      HeaderCase(
        "S7", "data without any tensor",
        .refused(
          .safetensorsTrailingBytes, place: "offset 10", expected: "a file of 10 bytes", found: "15 bytes; 5 too many")
      ) {
        Bytes.file("{}", data: 5)
      },
      HeaderCase("S7", "tensors out of order in the header", .accepted(["a", "b"])) {
        Bytes.file("{\(Bytes.entryB),\(Bytes.entryA)}")
      },
      HeaderCase("S8", "begin after end", offsets("22 and then 16")) { Bytes.withB(offsets: "[22,16]") },
      HeaderCase("S8", "negative", offsets("-1")) { Bytes.withB(offsets: "[-1,22]") },
      HeaderCase("S8", "minus zero", offsets("-0")) { Bytes.withB(offsets: "[-0,22]") },
      HeaderCase("S8", "fraction", offsets("16.0")) { Bytes.withB(offsets: "[16.0,22]") },
      HeaderCase("S8", "exponent", offsets("22e0")) { Bytes.withB(offsets: "[16,22e0]") },
      HeaderCase("S8", "leading zero", offsets("016")) { Bytes.withB(offsets: "[016,22]") },
      HeaderCase("S8", "string", offsets("a string")) { Bytes.withB(offsets: #"["16",22]"#) },
      HeaderCase("S8", "null", offsets("null")) { Bytes.withB(offsets: "[16,null]") },
      HeaderCase("S8", "no list", offsets("a number")) { Bytes.withB(offsets: "16") },
      HeaderCase("S8", "one number", offsets("1 numbers")) { Bytes.withB(offsets: "[16]") },
      HeaderCase("S8", "three numbers", offsets("more than 2 numbers")) { Bytes.withB(offsets: "[16,22,22]") },
      HeaderCase("S8", "2^63", offsets("9223372036854775808")) { Bytes.withB(offsets: "[16,9223372036854775808]") },
      HeaderCase("S8", "2^64", offsets("18446744073709551616")) { Bytes.withB(offsets: "[16,18446744073709551616]") },
      HeaderCase("S8", "sum with the header overflows", offsets("9223372036854775807 and 9223372036854775807")) {
        Bytes.withB(shape: "[0]", offsets: "[9223372036854775807,9223372036854775807]")
      },
      HeaderCase(
        "S9", "range one element short",
        .refused(
          .safetensorsSizeMismatch, place: "tensor \"b\", data_offsets", expected: "6 bytes for [3] of BF16",
          found: "4 bytes")
      ) {
        Bytes.withB(offsets: "[16,20]")
      },
      HeaderCase(
        "S9", "range of another type",
        .refused(
          .safetensorsSizeMismatch, place: "tensor \"b\", data_offsets", expected: "12 bytes for [3] of F32",
          found: "6 bytes")
      ) {
        Bytes.withB(dtype: #""F32""#)
      },
      HeaderCase(
        "S9", "scalar with no bytes",
        .refused(
          .safetensorsSizeMismatch, place: "tensor \"b\", data_offsets", expected: "2 bytes for [] of BF16",
          found: "0 bytes")
      ) {
        Bytes.withB(shape: "[]", offsets: "[16,16]")
      },
      HeaderCase("S10", "product is 2^64", overflow("[4294967296, 4294967296]")) {
        Bytes.withB(shape: "[4294967296,4294967296]")
      },
      HeaderCase("S10", "product wraps to a small number", overflow("[4294967297, 4294967297]")) {
        Bytes.withB(shape: "[4294967297,4294967297]")
      },
      HeaderCase("S10", "a zero hides the overflow", overflow("[4294967296, 4294967296, 0]")) {
        Bytes.withB(shape: "[4294967296,4294967296,0]", offsets: "[16,16]")
      },
      HeaderCase("S10", "byte count overflows", overflow("[4611686018427387904] of BF16")) {
        Bytes.withB(shape: "[4611686018427387904]")
      },
      HeaderCase("S10", "size of 2^63", shape("9223372036854775808")) { Bytes.withB(shape: "[9223372036854775808]") },
      HeaderCase("S10", "negative size", shape("-3")) { Bytes.withB(shape: "[-3]") },
      HeaderCase("S10", "fractional size", shape("3.0")) { Bytes.withB(shape: "[3.0]") },
      HeaderCase("S10", "shape is a number", shape("a number")) { Bytes.withB(shape: "3") },
      HeaderCase("S10", "nine dimensions", shape("more than 8 numbers")) { Bytes.withB(shape: "[1,1,1,1,1,1,1,1,3]") },
      HeaderCase("S10", "eight dimensions", .accepted(["a", "b"])) { Bytes.withB(shape: "[1,1,1,1,1,1,1,3]") },
      HeaderCase("S10", "zero dimension and scalar", .accepted(["z", "s"])) {
        Bytes.file(
          #"{"s":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"z":{"dtype":"F32","shape":[4,0,2],"data_offsets":[0,0]}}"#,
          data: 8)
      },
      HeaderCase("S11", "data at an odd offset", .accepted(["a", "b"])) { Bytes.correct() },
      HeaderCase(
        "S11", "last byte missing",
        .refused(
          .safetensorsTruncated, place: tensorB, expected: "a file of 143 bytes",
          found: "142 bytes; 1 bytes are missing")
      ) {
        Array(Bytes.correct().dropLast())
      },
      HeaderCase(
        "S11", "all data missing",
        .refused(
          .safetensorsTruncated, place: "tensor \"a\"", expected: "a file of 143 bytes",
          found: "121 bytes; 22 bytes are missing")
      ) {
        Array(Bytes.correct().dropLast(22))
      },
      HeaderCase(
        "S11", "far past the file",
        .refused(
          .safetensorsTruncated, place: "tensor \"big\"", expected: "a file of 4611686018427388003 bytes",
          found: "bytes are missing")
      ) {
        Bytes.file(
          #"{"big":{"dtype":"U8","shape":[4611686018427387904],"data_offsets":[0,4611686018427387904]}}"#, data: 1)
      },
      HeaderCase(
        "S12", "unknown type",
        .refused(.safetensorsUnknownType, place: "tensor \"b\", dtype", expected: "BF16", found: "\"BF15\"")
      ) {
        Bytes.withB(dtype: #""BF15""#)
      },
      HeaderCase(
        "S12", "type in small letters",
        .refused(.safetensorsUnknownType, place: "tensor \"b\", dtype", expected: "BF16", found: "\"bf16\"")
      ) {
        Bytes.withB(dtype: #""bf16""#)
      },
      HeaderCase(
        "S12", "type is a number",
        .refused(.safetensorsUnknownType, place: "tensor \"b\", dtype", expected: "BF16", found: "a number")
      ) {
        Bytes.withB(dtype: "16")
      },
      HeaderCase("S13", "metadata of strings", .accepted(["a"])) {
        Bytes.tensors([("a", 1)], metadata: #"{"format":"pt","":"\n"}"#)
      },
      HeaderCase(
        "S13", "metadata with a number",
        .refused(.safetensorsBadMetadata, place: "__metadata__, key \"step\"", expected: "a string", found: "a number")
      ) {
        Bytes.tensors([("a", 1)], metadata: #"{"format":"pt","step":3}"#)
      },
      HeaderCase(
        "S13", "metadata is null", .accepted(["a"])
      ) {
        Bytes.tensors([("a", 1)], metadata: "null")
      },
      HeaderCase(
        "S13", "a tensor of the metadata's name",
        .refused(.safetensorsBadMetadata, place: "__metadata__, key \"shape\"", expected: "a string", found: "an array")
      ) {
        Bytes.tensors([("__metadata__", 1)])
      },
      HeaderCase(
        "S13", "metadata twice",
        .refused(.safetensorsDuplicateName, place: "header", expected: "every name once", found: "\"__metadata__\"")
      ) {
        Bytes.file(#"{"__metadata__":{},"__metadata__":{}}"#, data: 0)
      },
      HeaderCase(
        "S13", "metadata key twice",
        .refused(.safetensorsDuplicateName, place: "__metadata__", expected: "every name once", found: "\"k\"")
      ) {
        Bytes.file(#"{"__metadata__":{"k":"1","k":"2"}}"#, data: 0)
      },
      HeaderCase("S15", "longest name", .accepted([String(repeating: "n", count: 1024)])) {
        Bytes.named(String(repeating: "n", count: 1024))
      },
      HeaderCase("S15", "name one byte too long", unsafe("1025 bytes")) {
        Bytes.named(String(repeating: "n", count: 1025))
      },
      HeaderCase("S15", "empty name", unsafe("an empty name")) { Bytes.named("") },
      HeaderCase("S15", "NUL", unsafe(#"a control character in "a\u{0}b""#)) { Bytes.named(#"a\u0000b"#) },
      HeaderCase("S15", "escape sequence", unsafe(#"a control character in "\u{1B}[2J""#)) {
        Bytes.named(#"\u001b[2J"#)
      },
      HeaderCase("S15", "line break", unsafe(#"a control character in "a\u{A}do: run""#)) {
        Bytes.named(#"a\ndo: run"#)
      },
      HeaderCase("S15", "C1 control", unsafe(#"an invisible or direction mark in "\u{9B}2J""#)) {
        Bytes.named("\u{9B}2J")
      },
      HeaderCase("S15", "right-to-left override", unsafe(#"an invisible or direction mark in "a\u{202E}b""#)) {
        Bytes.named("a\u{202E}b")
      },
      HeaderCase("S15", "slash", unsafe(#"a path separator in "a/b""#)) { Bytes.named("a/b") },
      HeaderCase("S15", "escaped slash", unsafe(#"a path separator in "/etc""#)) { Bytes.named(#"\/etc"#) },
      HeaderCase("S15", "backslash", unsafe(#"a path separator in "a\b""#)) { Bytes.named(#"a\\b"#) },
      HeaderCase("S15", "two dots", unsafe(#"two dots in a row in "a..b""#)) { Bytes.named("a..b") },
      HeaderCase("S15", "letters of other languages", .accepted(["模型.é"])) { Bytes.named("模型.é") },
    ] + unsupportedTypes + allTypes

  private static let unsupportedTypes = [
    ("F4", "4 bits"), ("F6_E2M3", "6 bits"), ("F6_E3M2", "6 bits"), ("F8_E8M0", "8 bits"), ("C64", "64 bits"),
    ("F8_E4M3FNUZ", "8 bits"), ("F8_E5M2FNUZ", "8 bits"),
  ].map { name, bits in
    HeaderCase(
      "S12", "type \(name)",
      .refused(
        .safetensorsUnsupportedType, place: "tensor \"b\", dtype", expected: "one of BOOL, U8",
        found: "\(name), \(bits) an element", remedy: "bfloat16")
    ) {
      Bytes.withB(dtype: "\"\(name)\"")
    }
  }

  private static let allTypes = [
    ("BOOL", 1), ("U8", 1), ("I8", 1), ("F8_E4M3", 1), ("F8_E5M2", 1), ("U16", 2), ("I16", 2), ("F16", 2), ("BF16", 2),
    ("U32", 4), ("I32", 4), ("F32", 4), ("U64", 8), ("I64", 8), ("F64", 8),
  ].map { name, width in
    HeaderCase("S12", "type \(name) of \(width) bytes", .accepted(["t"])) {
      Bytes.file("{\"t\":{\"dtype\":\"\(name)\",\"shape\":[3],\"data_offsets\":[0,\(3 * width)]}}", data: 3 * width)
    }
  }

  private static func offsets(_ found: String) -> Outcome {
    .refused(
      .safetensorsBadOffsets, place: "tensor \"b\", data_offsets", expected: "two unsigned integers", found: found)
  }

  private static func shape(_ found: String) -> Outcome {
    .refused(.safetensorsBadShape, place: "tensor \"b\", shape", expected: "at most 8 unsigned integers", found: found)
  }

  private static func overflow(_ found: String) -> Outcome {
    .refused(.safetensorsShapeOverflow, place: "tensor \"b\", shape", expected: "below 2^63", found: found)
  }

  private static func unsafe(_ found: String) -> Outcome {
    .refused(.safetensorsUnsafeName, place: "offset", expected: "1 to 1024 bytes", found: found, remedy: "do not trust")
  }
}
