import FusionCore

extension TorchDType {
  /// The storage class of a type; `nil` for those that came after PyTorch gave each type a class.
  static func storageClass(of dtype: DType) -> String? {
    switch dtype {
    case .f64: "DoubleStorage"
    case .f32: "FloatStorage"
    case .f16: "HalfStorage"
    case .bf16: "BFloat16Storage"
    case .i64: "LongStorage"
    case .i32: "IntStorage"
    case .i16: "ShortStorage"
    case .i8: "CharStorage"
    case .u8: "ByteStorage"
    case .bool: "BoolStorage"
    case .u16, .u32, .u64, .f8E5M2, .f8E4M3: nil
    }
  }

  /// The `torch.` attribute of a type.
  static func attribute(of dtype: DType) -> String {
    switch dtype {
    case .f64: "float64"
    case .f32: "float32"
    case .f16: "float16"
    case .bf16: "bfloat16"
    case .f8E5M2: "float8_e5m2"
    case .f8E4M3: "float8_e4m3fn"
    case .i64: "int64"
    case .i32: "int32"
    case .i16: "int16"
    case .i8: "int8"
    case .u64: "uint64"
    case .u32: "uint32"
    case .u16: "uint16"
    case .u8: "uint8"
    case .bool: "bool"
    }
  }
}
