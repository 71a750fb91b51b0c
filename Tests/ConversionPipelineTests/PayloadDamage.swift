import FusionCore
import Testing

/// One number of an encoded tensor that no quantizer writes, and the error that names it.
struct PayloadDamage: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// Scheme of the tensor.
  let scheme: String
  let tensor: String
  let stream: TensorEncoding.StreamKind
  /// First byte to replace.
  let offset: Int
  let bytes: [UInt8]
  let code: FusionError.Code
  /// Behind the tensor's name.
  let place: String
  let expected: String
  let found: String

  /// 64 rows of 64 columns.
  static let square = "\(layer).self_attn.q_proj.weight"
  /// 64 rows of 139 columns: an odd last group of 11 in groups of 32, and an odd number of groups.
  static let odd = "\(layer).mlp.fc2.weight"
  static let oddColumnCount = 139
  private static let layer = "model.vision_tower.vision_tower.vision_model.encoder.layers.3"

  static let all = int8Scales + groupScales + codes + padding

  private static let int8Scales = [
    ("0.0", Float(0)), ("-0.0", -0.0), ("-0.25", -0.25), ("nan", .nan), ("inf", .infinity), ("-inf", -.infinity),
    ("1e-45", .leastNonzeroMagnitude),
  ].map { found, value in
    PayloadDamage(
      testDescription: "int8 scale \(found)", scheme: "int8", tensor: square, stream: .scales, offset: 3 * 4,
      bytes: withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }, code: .init("quantizer.badScale"),
      place: "row 3, group 0", expected: "a positive normal number", found: found)
  }

  private static let groupScales = ["int8-g32", "int4-g32", "int4-sym-g32", "int4-nl-g32"].flatMap { scheme in
    [
      ("0.0", [0x00, 0x00]), ("-1.0", [0x80, 0xBF]), ("nan", [0xC0, 0x7F]), ("inf", [0x80, 0x7F]),
      ("-inf", [0x80, 0xFF]), ("9.1835e-41", [0x01, 0x00]),
    ].map { (found: String, bytes: [UInt8]) in
      PayloadDamage(
        testDescription: "\(scheme) scale \(found)", scheme: scheme, tensor: odd, stream: .scales,
        // Two bytes a scale, five groups a row.
        offset: 2 * (9 * 5 + 4), bytes: bytes, code: .init("quantizer.badScale"), place: "row 9, group 4",
        expected: "a positive normal number", found: found)
    }
  }

  private static let codes = [
    PayloadDamage(
      testDescription: "int8 code -128", scheme: "int8", tensor: square, stream: .codes, offset: 5 * 64 + 9,
      bytes: [0x80], code: .init("quantizer.badCode"), place: "row 5, group 0", expected: "codes -127...127",
      found: "-128"),
    PayloadDamage(
      testDescription: "int8 code -128 in a short last group", scheme: "int8-g32", tensor: odd, stream: .codes,
      offset: 63 * oddColumnCount + 138, bytes: [0x80], code: .init("quantizer.badCode"), place: "row 63, group 4",
      expected: "codes -127...127", found: "-128"),
  ]

  private static let padding =
    ["int4-g32", "int4-sym-g32", "int4-nl-g32"].map { scheme in
      PayloadDamage(
        testDescription: "\(scheme) half byte behind an odd row", scheme: scheme, tensor: odd, stream: .codes,
        // 70 bytes a row.
        offset: 7 * 70 + 69, bytes: [0x5F], code: .init("quantizer.badCode"), place: "row 7, group 4",
        expected: "0 in the unused half byte", found: "5")
    } + [
      PayloadDamage(
        testDescription: "int4-g32 half byte behind an odd number of zero points", scheme: "int4-g32", tensor: odd,
        // Three bytes a row.
        stream: .zeroPoints, offset: 6 * 3 + 2, bytes: [0x97], code: .init("quantizer.badCode"), place: "row 6",
        expected: "0", found: "9")
    ]
}
