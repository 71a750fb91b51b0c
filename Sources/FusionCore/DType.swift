/// The element type of a tensor, as the safetensors format names it.
///
/// The raw value is the name in a safetensors header. Sub-byte and complex types are not listed: a reader names and
/// refuses them.
public enum DType: String, Sendable, CaseIterable, Codable {
  case bool = "BOOL"
  case u8 = "U8"
  case i8 = "I8"
  case f8E5M2 = "F8_E5M2"
  case f8E4M3 = "F8_E4M3"
  case i16 = "I16"
  case u16 = "U16"
  case f16 = "F16"
  case bf16 = "BF16"
  case i32 = "I32"
  case u32 = "U32"
  case f32 = "F32"
  case f64 = "F64"
  case i64 = "I64"
  case u64 = "U64"

  /// Bytes of one element.
  public var byteWidth: Int {
    switch self {
    case .bool, .u8, .i8, .f8E5M2, .f8E4M3: 1
    case .i16, .u16, .f16, .bf16: 2
    case .i32, .u32, .f32: 4
    case .f64, .i64, .u64: 8
    }
  }

  /// Whether values of this type are floating-point numbers.
  public var isFloatingPoint: Bool {
    switch self {
    case .f8E5M2, .f8E4M3, .f16, .bf16, .f32, .f64: true
    default: false
    }
  }

  /// Whether the quantizers take this type: floats that convert to float32 without loss.
  public var isQuantizable: Bool {
    switch self {
    case .f16, .bf16, .f32: true
    default: false
    }
  }
}
