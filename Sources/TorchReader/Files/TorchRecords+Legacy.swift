import FusionCore
import MappedFiles

/// Files from before version 1.6, which are five pickles and then the storages, each after its number of elements.
extension TorchRecords {
  private static let protocolVersion = 1001

  /// - Throws: `.torchLegacyMalformed`, `.torchByteOrder`, what ``PickleDocument`` throws.
  init(legacy file: MappedFile) throws {
    var position = 0
    func next() throws -> PickleDocument {
      let document = try file.withBytes(in: 0..<file.byteCount) {
        try PickleDocument(reading: $0, startingAt: position, mayHaveMoreData: true)
      }
      position += document.byteCount
      return document
    }
    // Each is judged and let go before the next is read, so that five large ones cost no more than one.
    guard case .longInteger = try next().rootValue else {
      throw Self.malformed("the first pickle", "PyTorch's magic number", "something else")
    }
    guard case .integer(Self.protocolVersion) = try next().rootValue else {
      throw Self.malformed("the second pickle", "protocol version \(Self.protocolVersion)", "another value")
    }
    try Self.checkMachine(try next())
    let document = try next()
    let keys = try Self.storageKeys(try next())
    let storages = try Self.storages(keys, of: document, from: position, in: file)
    self.document = document
    storageKeys = keys
    checks = nil
    hasChecksums = false
    locate = { claim in
      guard let storage = storages[claim.key] else {
        throw FusionError(
          .torchMissingStorage, "a storage is not in the file", place: "storage " + TensorName.quoted(claim.key),
          expected: "one of \(storages.count) storages", found: "no such key", remedy: Self.remedy)
      }
      guard storage.range.count == claim.byteCount else { throw Self.wrongSize(claim, storage.range.count) }
      return storage
    }
  }

  /// Proves what the file says of the machine that wrote it.
  private static func checkMachine(_ facts: PickleDocument) throws {
    guard let order = facts.value(of: "little_endian", in: facts.root).flatMap(facts.boolean) else {
      throw malformed("the third pickle", "facts about the machine that wrote it", "something else")
    }
    guard order else { throw otherByteOrder(place: "the third pickle, little_endian", found: "False") }
  }

  private static func storageKeys(_ list: PickleDocument) throws -> [String] {
    guard let items = list.sequence(list.root) else {
      throw malformed("the fifth pickle", "a list of storages", list.rootValue.phrase)
    }
    let keys = items.compactMap { list.text($0) }
    guard keys.count == items.count, Set(keys).count == keys.count else {
      throw malformed("the fifth pickle", "different keys of storages", "something else")
    }
    return keys
  }

  /// Walks over the storages, which lie one after another to the end of the file.
  private static func storages(
    _ keys: [String], of document: PickleDocument, from start: Int, in file: MappedFile
  ) throws -> [String: TorchStorage] {
    var widths: [String: Int] = [:]
    for value in document.values {
      guard case .persistent(let reference) = value else { continue }
      let claim = try StorageClaim(reference, in: document)
      guard
        widths.updateValue(claim.elementByteCount, forKey: claim.key) ?? claim.elementByteCount
          == claim.elementByteCount
      else { throw malformed("storage " + TensorName.quoted(claim.key), "one element type", "two") }
    }
    return try file.withBytes(in: start..<file.byteCount) { bytes in
      var cursor = ByteCursor(bytes)
      var storages: [String: TorchStorage] = [:]
      for key in keys {
        let place = "storage " + TensorName.quoted(key) + " at offset \(start + cursor.position)"
        guard let width = widths[key] else { throw malformed(place, "a storage of some tensor", "no such tensor") }
        guard let count = cursor.integer(Int64.self) else { throw malformed(place, "a number of elements", "the end") }
        let from = cursor.position
        guard count >= 0, let byteCount = CheckedArithmetic.product(Int(count), width), cursor.slice(byteCount) != nil
        else {
          throw malformed(
            place, "elements of \(width) bytes within the \(cursor.remaining) that are left", "\(count) elements")
        }
        storages[key] = TorchStorage(key: key, range: (start + from)..<(start + cursor.position), entry: nil)
      }
      guard cursor.remaining == 0 else {
        throw malformed(
          "offset \(start + cursor.position)", "the end of the file", "\(cursor.remaining) more bytes")
      }
      return storages
    }
  }

  private static func malformed(_ place: String, _ expected: String, _ found: String) -> FusionError {
    FusionError(
      .torchLegacyMalformed, "the file is not what PyTorch wrote before version 1.6", place: place, expected: expected,
      found: found, remedy: remedy)
  }

  static func wrongSize(_ claim: StorageClaim, _ byteCount: Int) -> FusionError {
    FusionError(
      .torchStorageSize, "a storage is not as large as the pickle says",
      place: "storage " + TensorName.quoted(claim.key),
      expected: "\(claim.elementCount) elements of \(claim.elementByteCount) bytes", found: "\(byteCount) bytes",
      remedy: remedy)
  }

  static func otherByteOrder(place: String, found: String) -> FusionError {
    FusionError(
      .torchByteOrder, "the file was written on a machine of another byte order", place: place,
      expected: "little-endian numbers", found: found,
      remedy: "load the file on the machine that wrote it and save it as safetensors")
  }
}
