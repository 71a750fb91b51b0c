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
    if var list = takeList(at: target) {
      list.append(contentsOf: items)
      put(.list(list), at: target)
    } else if var call = takeCall(at: target, of: [.sequence]) {
      call.items.append(contentsOf: items)
      put(.call(call), at: target)
    } else {
      throw badTarget("a list", found: self[target])
    }
  }

  /// ADDITEMS: to a set.
  mutating func addItems(_ items: [Reference]) throws {
    let target = try top()
    try charge(forItems: items.count)
    if var set = takeSet(at: target) {
      set.append(contentsOf: items)
      put(.set(set), at: target)
    } else if var call = takeCall(at: target, of: []) {
      call.items.append(contentsOf: items)
      put(.call(call), at: target)
    } else {
      throw badTarget("a set", found: self[target])
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
    if var dictionary = takeDictionary(at: target) {
      dictionary.append(contentsOf: entries)
      put(.dictionary(dictionary), at: target)
    } else if var call = takeCall(at: target, of: [.mapping, .orderedDictionary]) {
      call.entries.append(contentsOf: entries)
      put(.call(call), at: target)
    } else {
      throw badTarget("a dictionary", found: self[target])
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

  private mutating func charge(forItems count: Int) throws {
    try charge(count == 0 ? 0 : 48 + count * MemoryLayout<Reference>.stride)
  }

  private mutating func charge(forEntries count: Int) throws {
    try charge(count == 0 ? 0 : 48 + count * MemoryLayout<PickleDocument.Entry>.stride)
  }
}
