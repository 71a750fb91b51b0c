import FusionCore

/// Turns what a pickle says of storages and tensors into views of bytes that are there.
struct TorchStorageTable {
  /// Finds the bytes of a storage that a pickle names.
  typealias Locate = (StorageClaim) throws -> TorchStorage

  private(set) var storages: [TorchStorage] = []
  private var claims: [PickleDocument.Reference: (claim: StorageClaim, index: Int)] = [:]
  private var indices: [String: Int] = [:]
  private let document: PickleDocument
  private let locate: Locate

  init(document: PickleDocument, locate: @escaping Locate) {
    self.document = document
    self.locate = locate
  }

  /// Proves that a tensor lies within its storage.
  ///
  /// - Throws: `.torchMalformedTensor`, `.torchViewOutOfBounds`, `.torchRepeatedView`, what the storage's claim and
  ///   `locate` throw.
  mutating func view(_ record: TorchTensorRecord, place: @autoclosure () -> String) throws -> TorchView {
    let (claim, index) = try storage(record.storage)
    guard let dtype = record.dtype ?? claim.dtype, claim.dtype == nil || claim.dtype == dtype else {
      throw TorchTensorRecord.malformed(
        place(), "the type of the storage, \(claim.dtype?.rawValue ?? "untyped")",
        record.dtype?.rawValue ?? "no element type")
    }
    guard let shape = Shape(record.sizes), shape.byteCount(of: dtype) != nil else {
      throw TorchTensorRecord.malformed(
        place(), "up to \(Shape.maximumRank) sizes whose product is a number of bytes", "\(record.sizes.prefix(64))")
    }
    guard record.strides.count == record.sizes.count, record.offset >= 0, record.strides.allSatisfy({ $0 >= 0 }) else {
      throw FusionError(
        .torchViewOutOfBounds, "a tensor has an impossible layout", place: place(),
        expected: "an offset and \(record.sizes.count) strides, none negative",
        found: "offset \(record.offset), strides \(record.strides.prefix(64))", remedy: Self.remedy)
    }
    let part = claim.part
    // Untyped storages count bytes, typed ones elements; so do offsets of typed parts.
    let width = dtype.byteWidth
    let storageByteCount = part.map { $0.elementCount * claim.elementByteCount } ?? storages[index].range.count
    let partByteOffset = (part?.offset ?? 0) * claim.elementByteCount
    guard let extent = TorchView.extent(shape, strides: record.strides),
      let end = CheckedArithmetic.sum(record.offset, extent),
      let endByte = CheckedArithmetic.product(end, width), extent == 0 || endByte <= storageByteCount
    else {
      throw FusionError(
        .torchViewOutOfBounds, "a tensor reaches past its storage", place: place(),
        expected: "all elements within \(storageByteCount / width) of storage " + TensorName.quoted(claim.key),
        found: "offset \(record.offset), shape \(shape), strides \(record.strides)", remedy: Self.remedy)
    }
    // What no element depends on is left out, so that it can neither overflow nor tell equal tensors apart.
    let strides = zip(record.sizes, record.strides).map { $0 > 1 && extent > 0 ? $1 : 0 }
    return TorchView(
      dtype: dtype, shape: shape, strides: strides,
      byteOffset: extent == 0 ? partByteOffset : partByteOffset + record.offset * width, storageIndex: index)
  }

  /// Proves what the pickle says of every storage that it names, used or not.
  mutating func checkAll() throws {
    for value in document.values {
      if case .persistent(let reference) = value { _ = try storage(reference) }
    }
  }

  private mutating func storage(_ reference: PickleDocument.Reference) throws -> (StorageClaim, Int) {
    if let known = claims[reference] { return (known.claim, known.index) }
    let claim = try StorageClaim(reference, in: document)
    let storage = try locate(claim)
    let index = indices[storage.key] ?? storages.count
    if index == storages.count {
      storages.append(storage)
      indices[storage.key] = index
    }
    claims[reference] = (claim, index)
    return (claim, index)
  }

  private static let remedy = "do not trust this file; download it again from its author"
}
