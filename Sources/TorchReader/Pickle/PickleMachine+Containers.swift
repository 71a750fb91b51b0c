import FusionCore

/// Opcodes that make or fill tuples, lists, sets and dictionaries.
extension PickleMachine {
  mutating func pushContainer(_ opcode: PickleOpcode) throws {
    switch opcode {
    case .tuple1, .tuple2, .tuple3:
      let count = Int(opcode.rawValue - PickleOpcode.tuple1.rawValue) + 1
      guard stack.count - floor >= count else { throw missingValue() }
      let items = Array(stack[(stack.count - count)...])
      stack.removeLast(count)
      try charge(forItems: count)
      try push(.tuple(items))
    case .tuple:
      let items = try popToMark()
      try charge(forItems: items.count)
      try push(items.isEmpty ? Self.emptyTuple : try make(.tuple(items)))
    case .list:
      let items = try popToMark()
      try charge(forItems: items.count)
      try push(.list(items))
    case .frozenSet:
      let items = try popToMark()
      try charge(forItems: items.count)
      try push(.set(items))
    default:
      let entries = try pairs(try popToMark())
      try charge(forEntries: entries.count)
      try push(.dictionary(entries))
    }
  }

  /// APPEND, APPENDS: to a list, or to a call of a class that is one.
  mutating func append(_ items: [Reference]) throws {
    let target = try top()
    try charge(forItems: items.count)
    switch taken(target) {
    case .list(var list):
      list.append(contentsOf: items)
      put(.list(list), at: target)
    case .call(var call) where takes(call, .sequence):
      call.items.append(contentsOf: items)
      put(.call(call), at: target)
    case let other:
      put(other, at: target)
      throw badTarget("a list", found: other)
    }
  }

  /// ADDITEMS: to a set.
  mutating func addItems(_ items: [Reference]) throws {
    let target = try top()
    try charge(forItems: items.count)
    switch taken(target) {
    case .set(var set):
      set.append(contentsOf: items)
      put(.set(set), at: target)
    case .call(var call) where mode == .collecting:
      call.items.append(contentsOf: items)
      put(.call(call), at: target)
    case let other:
      put(other, at: target)
      throw badTarget("a set", found: other)
    }
  }

  mutating func setItem() throws {
    let value = try pop()
    let key = try pop()
    try setEntries([PickleDocument.Entry(key: key, value: value)])
  }

  mutating func setItems(_ items: [Reference]) throws { try setEntries(try pairs(items)) }

  /// To a dictionary, or to a call of a class that is one. A key that is there already is added again, so that a
  /// reader of the values can see both.
  private mutating func setEntries(_ entries: [PickleDocument.Entry]) throws {
    let target = try top()
    try charge(forEntries: entries.count)
    switch taken(target) {
    case .dictionary(var dictionary):
      dictionary.append(contentsOf: entries)
      put(.dictionary(dictionary), at: target)
    case .call(var call) where takes(call, .mapping) || takes(call, .orderedDictionary):
      call.entries.append(contentsOf: entries)
      put(.call(call), at: target)
    case let other:
      put(other, at: target)
      throw badTarget("a dictionary", found: other)
    }
  }

  private func pairs(_ items: [Reference]) throws -> [PickleDocument.Entry] {
    guard items.count.isMultiple(of: 2) else {
      throw refusal(
        .torchPickleStack, "a key of a dictionary has no value", expected: "keys and values in turn",
        found: "\(items.count) values")
    }
    return stride(from: 0, to: items.count, by: 2).map {
      PickleDocument.Entry(key: items[$0], value: items[$0 + 1])
    }
  }

  /// The value at a place, which is left empty, so that changing it copies nothing.
  mutating func taken(_ reference: Reference) -> Value {
    let value = values[Int(reference.index)]
    values[Int(reference.index)] = .none
    return value
  }

  mutating func put(_ value: Value, at reference: Reference) { values[Int(reference.index)] = value }

  private func takes(_ call: PickleDocument.Call, _ kind: TorchGlobals.Kind) -> Bool {
    guard mode == .reading else { return true }
    guard case .global(let global) = values[Int(call.callable.index)] else { return false }
    return TorchGlobals.kind(of: global) == kind
  }

  private mutating func charge(forItems count: Int) throws {
    try charge(count == 0 ? 0 : 48 + count * MemoryLayout<Reference>.stride)
  }

  private mutating func charge(forEntries count: Int) throws {
    try charge(count == 0 ? 0 : 48 + count * MemoryLayout<PickleDocument.Entry>.stride)
  }
}
