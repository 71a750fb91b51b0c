import FusionCore

/// The element types of PyTorch storages, by the names in their files.
enum TorchDType {
  /// The type of a storage class such as `FloatStorage`; `nil` if it has none here.
  static func ofStorage(named name: String) -> DType? {
    switch name {
    case "DoubleStorage": .f64
    case "FloatStorage": .f32
    case "HalfStorage": .f16
    case "BFloat16Storage": .bf16
    case "LongStorage": .i64
    case "IntStorage": .i32
    case "ShortStorage": .i16
    case "CharStorage": .i8
    case "ByteStorage": .u8
    case "BoolStorage": .bool
    default: nil
    }
  }

  /// The type of a `torch.` attribute such as `bfloat16`; `nil` if it has none here.
  static func named(_ name: String) -> DType? {
    switch name {
    case "float64", "double": .f64
    case "float32", "float": .f32
    case "float16", "half": .f16
    case "bfloat16": .bf16
    case "float8_e5m2": .f8E5M2
    case "float8_e4m3fn": .f8E4M3
    case "int64", "long": .i64
    case "int32", "int": .i32
    case "int16", "short": .i16
    case "int8": .i8
    case "uint8": .u8
    case "uint16": .u16
    case "uint32": .u32
    case "uint64": .u64
    case "bool": .bool
    default: nil
    }
  }
}
