import FusionCore

extension TorchTensorRecord {
  /// Reads what a value says of a tensor.
  ///
  /// - Parameter depth: how many parameters and subclasses have been opened to come here.
  /// - Returns: `nil` if the value is not a tensor.
  /// - Throws: `.torchMalformedTensor`, `.torchUnsupportedType`, `.torchUnsupportedTensor`.
  static func read(
    _ reference: PickleDocument.Reference, in document: PickleDocument, depth: Int = 0
  ) throws -> TorchTensorRecord? {
    guard case .call(let call) = document[reference] else { return nil }
    guard let record = try read(call.callable, call.arguments, in: document, depth: depth) else { return nil }
    // PyTorch would let the state replace storage, sizes and strides; no version of it writes one.
    guard call.state == nil else {
      throw malformed(document.global(call.callable)?.name ?? "tensor", "a tensor without a state", "a state")
    }
    return record
  }

  private static func read(
    _ callable: PickleDocument.Reference, _ arguments: PickleDocument.Reference, in document: PickleDocument,
    depth: Int
  ) throws -> TorchTensorRecord? {
    guard let global = document.global(callable), let kind = TorchGlobals.kind(of: global),
      let items = document.tuple(arguments)
    else { return nil }
    // A chain of parameters of parameters is no tensor that anybody saved.
    guard depth <= TorchLimits.dictionaryDepth else {
      throw malformed(global.name, "a tensor", "parameters in parameters")
    }
    switch kind {
    case .rebuildTensor: return try rebuilt(items, by: global.name, in: document)
    case .rebuildParameter:
      guard let data = items.first, let record = try read(data, in: document, depth: depth + 1) else {
        throw malformed(global.name, "a tensor", "something else")
      }
      return record
    case .rebuildFromType:
      // (function, class, arguments, state); the older form has no state.
      guard items.count >= 3, let record = try read(items[0], items[2], in: document, depth: depth + 1) else {
        throw malformed(global.name, "a function that rebuilds a tensor", "something else")
      }
      return record
    case .tensorClass:
      guard let data = items.first else { return nil }
      return try read(data, in: document, depth: depth + 1)
    default: return nil
    }
  }

  /// `(storage, offset, sizes, strides, …)`; the third version has the element type as its seventh argument.
  private static func rebuilt(
    _ items: [PickleDocument.Reference], by function: String, in document: PickleDocument
  ) throws -> TorchTensorRecord {
    guard items.count >= 4, case .persistent(let storage) = document[items[0]] else {
      throw malformed(function, "a storage, an offset, sizes and strides", "something else")
    }
    let limit = function == "_rebuild_tensor_v3" ? 8 : 7
    guard items.count <= limit else { throw malformed(function, "at most \(limit) arguments", "\(items.count)") }
    guard let offset = document.integer(items[1]) else { throw malformed(function, "an offset", "something else") }
    guard let sizes = integers(items[2], in: document), let strides = integers(items[3], in: document) else {
      throw malformed(function, "sizes and strides as tuples of integers", "something else")
    }
    var dtype: DType?
    if function == "_rebuild_tensor_v3" {
      guard items.count >= 7, let named = document.global(items[6]) else {
        throw malformed(function, "an element type", "something else")
      }
      guard let known = TorchDType.named(named.name) else {
        throw FusionError(
          .torchUnsupportedType, "a tensor has an element type that is not read", place: function,
          expected: "real numbers, integers or truth values", found: named.fullName,
          remedy: "convert this tensor to another type in Python and save it again")
      }
      dtype = known
    }
    // What follows the hooks, if anything, are marks such as a delayed negation, which change the values.
    let marks = items.dropFirst(function == "_rebuild_tensor_v3" ? 7 : 6).first
    if let marks, let entries = document.entries(of: marks), !entries.isEmpty {
      throw FusionError(
        .torchUnsupportedTensor, "a tensor has marks that change its values", place: function,
        expected: "a plain tensor", found: entries.compactMap { document.text($0.key) }.joined(separator: ", "),
        remedy: "call resolve_neg() and resolve_conj() on it in Python and save it again")
    }
    return TorchTensorRecord(storage: storage, dtype: dtype, offset: offset, sizes: sizes, strides: strides)
  }

  /// A tuple, list or `torch.Size` of integers.
  private static func integers(_ reference: PickleDocument.Reference, in document: PickleDocument) -> [Int]? {
    if let call = document.call(reference) {
      guard document.kind(of: call) == .size, let items = document.tuple(call.arguments), items.count == 1 else {
        return nil
      }
      return sequence(items[0], in: document)
    }
    return sequence(reference, in: document)
  }

  private static func sequence(_ reference: PickleDocument.Reference, in document: PickleDocument) -> [Int]? {
    guard let items = document.sequence(reference), items.count <= 64 else { return nil }
    let values = items.compactMap { document.integer($0) }
    return values.count == items.count ? values : nil
  }

  static func malformed(_ function: String, _ expected: String, _ found: String) -> FusionError {
    FusionError(
      .torchMalformedTensor, "a tensor is not described as it should be", place: function, expected: expected,
      found: found, remedy: "do not trust this file; download it again from its author")
  }
}
