import FusionCore

/// The pickle that names the tensors of an archive: an ordered dictionary, opcode for opcode as Python writes it.
///
/// Of protocol 2. Every object gets a memo number when it is first written and is referred to by it afterwards.
struct StateDictPickle {
  /// The pickle, when all tensors were added.
  var bytes: [UInt8] { output.bytes }

  private var output = LittleEndianBytes()
  private var memo: [String: Int] = [:]
  private var memoCount = 0

  /// Python ends a batch after so many entries of a dictionary.
  private static let batchCount = 1000
  private static let emptyDictionary = PickleGlobal(module: "collections", name: "OrderedDict")

  /// Writes the dictionary; storages are keyed by the tensors' positions.
  init(_ tensors: [(name: String, dtype: DType, shape: Shape)]) {
    append(.proto)
    output.append(2 as UInt8)
    appendEmptyDictionary()
    for start in stride(from: 0, to: tensors.count, by: Self.batchCount) {
      let batch = start..<min(start + Self.batchCount, tensors.count)
      if batch.count > 1 { append(.mark) }
      for index in batch {
        append(text: tensors[index].name)
        append(tensors[index].dtype, tensors[index].shape, key: index)
      }
      append(batch.count > 1 ? .setItems : .setItem)
    }
    append(.stop)
  }

  /// A call of the function that makes a tensor of a storage.
  private mutating func append(_ dtype: DType, _ shape: Shape, key: Int) {
    let storageClass = TorchDType.storageClass(of: dtype)
    append(
      PickleGlobal(module: "torch._utils", name: storageClass == nil ? "_rebuild_tensor_v3" : "_rebuild_tensor_v2"))
    append(.mark)
    append(.mark)
    append(shared: "storage")
    append(
      storageClass.map { PickleGlobal(module: "torch", name: $0) }
        ?? PickleGlobal(module: "torch.storage", name: "UntypedStorage"))
    append(text: String(key))
    append(shared: "cpu")
    append(storageClass == nil ? shape.elementCount * dtype.byteWidth : shape.elementCount)
    append(.tuple)
    memoize()
    append(.binPersID)
    append(0)
    append(tuple: shape.dimensions)
    append(tuple: Self.denseStrides(shape))
    append(.newFalse)
    appendEmptyDictionary()
    if storageClass == nil { append(PickleGlobal(module: "torch", name: TorchDType.attribute(of: dtype))) }
    append(.tuple)
    memoize()
    append(.reduce)
    memoize()
  }

  /// Elements from one index to the next as PyTorch states them, for which a size of 0 counts as 1.
  private static func denseStrides(_ shape: Shape) -> [Int] {
    var strides: [Int] = []
    var stride = 1
    for size in shape.dimensions.reversed() {
      strides.append(stride)
      // The product of the sizes that are not 0 was proven not to overflow.
      stride *= max(size, 1)
    }
    return strides.reversed()
  }

  private mutating func appendEmptyDictionary() {
    append(Self.emptyDictionary)
    append(.emptyTuple)
    append(.reduce)
    memoize()
  }

  private mutating func append(tuple numbers: [Int]) {
    if numbers.isEmpty { return append(.emptyTuple) }
    if numbers.count > 3 { append(.mark) }
    for number in numbers { append(number) }
    let forms: [Int: PickleOpcode] = [1: .tuple1, 2: .tuple2, 3: .tuple3]
    append(forms[numbers.count] ?? .tuple)
    memoize()
  }

  /// An integer that is not negative, in the shortest form.
  private mutating func append(_ number: Int) {
    if let byte = UInt8(exactly: number) {
      append(.binInt1)
      output.append(byte)
    } else if let short = UInt16(exactly: number) {
      append(.binInt2)
      output.append(short)
    } else if let word = Int32(exactly: number) {
      append(.binInt)
      output.append(UInt32(bitPattern: word))
    } else {
      // The highest bit is the sign, so a number that fills its bytes needs one more.
      let byteCount = (Int.bitWidth - number.leadingZeroBitCount) / 8 + 1
      append(.long1)
      output.append(UInt8(byteCount))
      for index in 0..<byteCount { output.append(UInt8(truncatingIfNeeded: number >> (8 * index))) }
    }
  }

  private mutating func append(text: String) {
    append(.binUnicode)
    output.append(UInt32(text.utf8.count))
    output.append(text)
    memoize()
  }

  /// A text that is one object, however often it occurs.
  private mutating func append(shared text: String) {
    if recall(text) { return }
    memo[text] = memoCount
    append(text: text)
  }

  private mutating func append(_ global: PickleGlobal) {
    let line = "\(global.module)\n\(global.name)\n"
    if recall(line) { return }
    memo[line] = memoCount
    append(.global)
    output.append(line)
    memoize()
  }

  /// Refers to an object that was written before.
  private mutating func recall(_ key: String) -> Bool {
    guard let index = memo[key] else { return false }
    if let byte = UInt8(exactly: index) {
      append(.binGet)
      output.append(byte)
    } else {
      append(.longBinGet)
      output.append(UInt32(index))
    }
    return true
  }

  /// Numbers the object that was written last.
  private mutating func memoize() {
    if let byte = UInt8(exactly: memoCount) {
      append(.binPut)
      output.append(byte)
    } else {
      append(.longBinPut)
      output.append(UInt32(memoCount))
    }
    memoCount += 1
  }

  private mutating func append(_ opcode: PickleOpcode) { output.append(opcode.rawValue) }
}
