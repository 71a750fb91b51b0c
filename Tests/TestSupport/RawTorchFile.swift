/// A PyTorch file in the plainest form, written without the project's own code, as an independent second opinion.
public struct RawTorchFile {
  /// A run of elements that tensors are views of.
  public struct Storage {
    /// Element type as safetensors calls it.
    public var dtype: String
    /// Little-endian values.
    public var bytes: [UInt8]

    /// Collects the fields.
    public init(dtype: String, bytes: [UInt8]) {
      self.dtype = dtype
      self.bytes = bytes
    }
  }

  /// A tensor: elements of a storage.
  public struct View {
    /// Its key in the dictionary.
    public var name: String
    /// Position in the list of storages.
    public var storage: Int
    /// First element.
    public var offset: Int
    /// Sizes, outermost first.
    public var shape: [Int]
    /// Elements from one index of a dimension to the next.
    public var strides: [Int]

    /// Collects the fields.
    public init(name: String, storage: Int, offset: Int, shape: [Int], strides: [Int]) {
      self.name = name
      self.storage = storage
      self.offset = offset
      self.shape = shape
      self.strides = strides
    }
  }

  /// All storages.
  public var storages: [Storage]
  /// All tensors, in the order of the dictionary.
  public var views: [View]

  /// Collects storages and tensors.
  public init(storages: [Storage], views: [View]) {
    self.storages = storages
    self.views = views
  }

  /// Dense tensors, each with a storage of its own, in the order of their names.
  public init(_ tensors: [String: RawSafetensors.Tensor]) {
    self.init(storages: [], views: [])
    for (index, item) in tensors.sorted(by: { $0.key < $1.key }).enumerated() {
      storages.append(Storage(dtype: item.value.dtype, bytes: item.value.bytes))
      views.append(
        View(
          name: item.key, storage: index, offset: 0, shape: item.value.shape,
          strides: Self.denseStrides(item.value.shape)))
    }
  }

  /// Strides of a tensor without gaps.
  public static func denseStrides(_ shape: [Int]) -> [Int] {
    var strides: [Int] = []
    var step = 1
    for size in shape.reversed() {
      strides.insert(step, at: 0)
      step *= size
    }
    return strides
  }

  /// The storages' classes and element widths.
  public static let types: [String: (name: String, width: Int)] = [
    "F64": ("DoubleStorage", 8), "F32": ("FloatStorage", 4), "F16": ("HalfStorage", 2), "BF16": ("BFloat16Storage", 2),
    "I64": ("LongStorage", 8), "I32": ("IntStorage", 4), "I16": ("ShortStorage", 2), "I8": ("CharStorage", 1),
    "U8": ("ByteStorage", 1), "BOOL": ("BoolStorage", 1),
  ]

  private func elementCount(_ storage: Storage) -> Int { storage.bytes.count / (Self.types[storage.dtype]?.width ?? 1) }

  /// The file as PyTorch writes it since version 1.6.
  public var archiveBytes: [UInt8] {
    let records = storages.enumerated().map { ("archive/data/\($0)", $1.bytes) }
    return Self.archive(
      [("archive/data.pkl", [0x80, 2] + dictionary(isLegacy: false) + Array(".".utf8))] + records
        + [("archive/version", Array("3\n".utf8))])
  }

  /// The file as PyTorch wrote it before version 1.6.
  public var legacyBytes: [UInt8] {
    var bytes: [UInt8] = [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
    bytes += [0x80, 2, 0x4D, 0xE9, 0x03, 0x2E]
    bytes += [0x80, 2, 0x7D, 0x28] + Self.text("little_endian") + [0x88, 0x75, 0x2E]
    bytes += [0x80, 2] + dictionary(isLegacy: true) + [0x2E]
    bytes += [0x80, 2, 0x5D, 0x28] + storages.indices.flatMap { Self.text("\($0)") } + [0x65, 0x2E]
    for storage in storages { bytes += Self.number(Int64(elementCount(storage))) + storage.bytes }
    return bytes
  }

  /// The opcodes of the dictionary.
  private func dictionary(isLegacy: Bool) -> [UInt8] {
    var bytes = Array("}(".utf8)
    for view in views {
      let storage = storages[view.storage]
      bytes += Self.text(view.name) + Self.global("torch._utils", "_rebuild_tensor_v2") + Array("((".utf8)
      bytes += Self.text("storage") + Self.global("torch", Self.types[storage.dtype]?.name ?? "UnknownStorage")
      bytes += Self.text("\(view.storage)") + Self.text("cpu") + Self.integer(elementCount(storage))
      bytes += Array((isLegacy ? "NtQ" : "tQ").utf8) + Self.integer(view.offset)
      bytes += Self.tuple(view.shape) + Self.tuple(view.strides)
      // No gradient, and no hooks.
      bytes += [0x89] + Self.global("collections", "OrderedDict") + Array(")RtR".utf8)
    }
    return bytes + Array("u".utf8)
  }

  /// BINUNICODE.
  public static func text(_ text: String) -> [UInt8] {
    [0x58] + number(UInt32(text.utf8.count)) + Array(text.utf8)
  }

  /// GLOBAL.
  public static func global(_ module: String, _ name: String) -> [UInt8] { Array("c\(module)\n\(name)\n".utf8) }

  /// LONG1 of eight bytes.
  private static func integer(_ value: Int) -> [UInt8] { [0x8A, 8] + number(Int64(value)) }

  private static func tuple(_ values: [Int]) -> [UInt8] { Array("(".utf8) + values.flatMap(integer) + Array("t".utf8) }

  /// The bytes of a number, least first.
  public static func number(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}
