/// The allowed classes and functions. Old and new names of one thing both occur: modules moved between versions, and
/// protocol 2 is written with the module names of Python 2.
extension TorchGlobals {
  static let allowed: [PickleGlobal: Kind] = {
    var table: [PickleGlobal: Kind] = [:]
    for (kind, modules, names) in tensors + values {
      for module in modules.split(separator: " ") {
        for name in names.split(separator: " ") {
          table[PickleGlobal(module: String(module), name: String(name))] = kind
        }
      }
    }
    return table
  }()

  /// A kind, modules and the names that each of them has.
  private typealias Row = (Kind, modules: String, names: String)

  private static let tensors: [Row] = [
    (.rebuildTensor, "torch._utils", "_rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3"),
    (.rebuildParameter, "torch._utils", "_rebuild_parameter _rebuild_parameter_with_state"),
    (.rebuildFromType, "torch._tensor", "_rebuild_from_type _rebuild_from_type_v2"),
    (.rebuildFromType, "torch.tensor", "_rebuild_from_type"),
    (.tensorClass, "torch torch._tensor torch.tensor", "Tensor"),
    (.tensorClass, "torch.nn.parameter torch.nn", "Parameter Buffer"),
    (
      .storage, "torch torch.cuda",
      "DoubleStorage FloatStorage HalfStorage BFloat16Storage LongStorage IntStorage ShortStorage CharStorage "
        + "ByteStorage BoolStorage"
    ),
    (.storage, "torch torch.cuda torch.storage", "UntypedStorage TypedStorage _UntypedStorage _TypedStorage"),
    (
      .dtype, "torch",
      "float64 double float32 float float16 half bfloat16 float8_e4m3fn float8_e5m2 float8_e4m3fnuz float8_e5m2fnuz "
        + "float8_e8m0fnu float4_e2m1fn_x2 int64 long int32 int int16 short int8 uint64 uint32 uint16 uint8 bool "
        + "complex32 chalf complex64 cfloat complex128 cdouble bits8 bits16 bits1x8 bits2x4 bits4x2"
    ),
    (.size, "torch", "Size"),
    (.device, "torch", "device"),
    (.layout, "torch.serialization", "_get_layout"),
    (.layout, "torch", "strided"),
    (.orderedDictionary, "collections", "OrderedDict"),
  ]

  private static let values: [Row] = [
    (.mapping, "collections", "defaultdict Counter"),
    (.sequence, "collections", "deque"),
    (
      .plain, "builtins __builtin__",
      "set frozenset complex bytearray bytes int float bool str list tuple dict slice range"
    ),
    (.plain, "__builtin__", "long unicode xrange"),
    (.plain, "_codecs", "encode"),
    (.plain, "torch.torch_version", "TorchVersion"),
    (.plain, "numpy.core.multiarray numpy._core.multiarray", "scalar _reconstruct"),
    (.plain, "numpy.core.numeric numpy._core.numeric", "_frombuffer"),
    (
      .plain, "numpy",
      "dtype ndarray bool_ int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 "
        + "complex128 str_ bytes_"
    ),
    (
      .plain, "numpy.dtypes",
      "BoolDType Int8DType Int16DType Int32DType Int64DType LongDType LongLongDType UInt8DType UInt16DType UInt32DType "
        + "UInt64DType ULongDType ULongLongDType Float16DType Float32DType Float64DType Complex64DType "
        + "Complex128DType ObjectDType StrDType BytesDType"
    ),
    (.plain, "datetime", "datetime date time timedelta timezone"),
    (.plain, "argparse", "Namespace"),
    (.plain, "pathlib pathlib._local", "Path PosixPath WindowsPath PurePath PurePosixPath PureWindowsPath"),
  ]
}
