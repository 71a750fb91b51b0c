import FusionCore

/// What a pickle says of a storage, before it is compared with the file.
struct StorageClaim: Sendable, Hashable {
  let key: String
  /// `nil` for an untyped storage, whose tensors say what they are.
  let dtype: DType?
  let elementCount: Int
  /// Part of another storage that it is, in the oldest files: first element and element count.
  let part: Part?

  struct Part: Sendable, Hashable {
    let key: String
    let offset: Int
    let elementCount: Int
  }

  /// Bytes of one element.
  var elementByteCount: Int { dtype?.byteWidth ?? 1 }
  /// Bytes of the storage; `nil` on overflow.
  var byteCount: Int? { CheckedArithmetic.product(elementCount, elementByteCount) }
}

extension StorageClaim {
  /// Reads the identifier that a pickle gives for a storage:
  /// `('storage', class, key, location, elements)`, in the oldest files with a sixth item for a part of another one.
  ///
  /// - Throws: `.torchMalformedStorage`, `.torchUnsupportedType`.
  init(_ reference: PickleDocument.Reference, in document: PickleDocument) throws {
    guard let items = document.tuple(reference), items.count == 5 || items.count == 6,
      document.text(items[0]) == "storage", let type = document.global(items[1]), let key = document.text(items[2]),
      document.text(items[3]) != nil, let count = document.integer(items[4])
    else {
      throw StorageClaim.malformed(
        "the identifier of a storage", "('storage', class, key, location, number of elements)", "something else")
    }
    let place = "storage " + TensorName.quoted(key)
    guard !key.isEmpty, key.utf8.count <= 255, !key.unicodeScalars.contains(where: \.isUnsafeInNames),
      !key.contains("/"), !key.contains("\\")
    else { throw StorageClaim.malformed(place, "a short plain key", TensorName.quoted(key)) }
    guard count >= 0 else { throw StorageClaim.malformed(place, "a number of elements", "\(count)") }
    if type.name.hasSuffix("UntypedStorage") {
      dtype = nil
    } else if let known = TorchDType.ofStorage(named: type.name) {
      dtype = known
    } else {
      throw FusionError(
        .torchUnsupportedType, "a storage has an element type that is not read", place: place,
        expected: "real numbers, integers or truth values", found: type.fullName,
        remedy: "convert these tensors to another type in Python and save them again")
    }
    self.key = key
    elementCount = count
    part = items.count == 6 ? try StorageClaim.part(items[5], of: document, place: place, limit: count) : nil
  }

  private static func part(
    _ reference: PickleDocument.Reference, of document: PickleDocument, place: String, limit: Int
  ) throws -> Part? {
    if case .none = document[reference] { return nil }
    guard let items = document.tuple(reference), items.count == 3, let key = document.text(items[0]),
      let offset = document.integer(items[1]), let count = document.integer(items[2]), offset >= 0, count >= 0,
      offset <= limit, count <= limit - offset
    else { throw malformed(place, "(key, first element, number of elements) within the storage", "something else") }
    return Part(key: key, offset: offset, elementCount: count)
  }

  static func malformed(_ place: String, _ expected: String, _ found: String) -> FusionError {
    FusionError(
      .torchMalformedStorage, "a storage is not described as it should be", place: place, expected: expected,
      found: found, remedy: "do not trust this file; download it again from its author")
  }
}
