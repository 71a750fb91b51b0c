/// Questions that readers of a pickle ask; all answer `nil` for a value of another kind.
extension PickleDocument {
  /// The text of a value.
  public func text(_ reference: Reference) -> String? {
    if case .text(let text) = self[reference] { text } else { nil }
  }

  /// The integer of a value, if 64 bits can hold it.
  public func integer(_ reference: Reference) -> Int? {
    if case .integer(let integer) = self[reference] { integer } else { nil }
  }

  /// The truth value of a value.
  public func boolean(_ reference: Reference) -> Bool? {
    if case .boolean(let boolean) = self[reference] { boolean } else { nil }
  }

  /// The items of a tuple.
  public func tuple(_ reference: Reference) -> [Reference]? {
    if case .tuple(let items) = self[reference] { items } else { nil }
  }

  /// The items of a tuple or a list.
  public func sequence(_ reference: Reference) -> [Reference]? {
    switch self[reference] {
    case .tuple(let items), .list(let items): items
    default: nil
    }
  }

  /// The class or function that a value is.
  public func global(_ reference: Reference) -> PickleGlobal? {
    if case .global(let global) = self[reference] { global } else { nil }
  }

  /// The call that a value is the result of.
  public func call(_ reference: Reference) -> Call? {
    if case .call(let call) = self[reference] { call } else { nil }
  }

  /// What the callable of a call means.
  public func kind(of call: Call) -> TorchGlobals.Kind? {
    global(call.callable).flatMap(TorchGlobals.kind(of:))
  }

  /// The entries of a dictionary, or of a class that is one (`OrderedDict`, `defaultdict`, `Counter`), in the order in
  /// which they were set; a key that was set twice is there twice.
  ///
  /// Python 2 and the first versions of Python 3 hand an `OrderedDict` its entries as one list of pairs.
  public func entries(of reference: Reference) -> [Entry]? {
    switch self[reference] {
    case .dictionary(let entries): return entries
    case .call(let call):
      guard let kind = kind(of: call), kind == .orderedDictionary || kind == .mapping else { return nil }
      return (initialEntries(of: call, kind) ?? []) + call.entries
    default: return nil
    }
  }

  /// The value of a text key in a dictionary; the last one if it was set more than once, as in Python.
  public func value(of key: String, in reference: Reference) -> Reference? {
    entries(of: reference)?.last { text($0.key)?.utf8.elementsEqual(key.utf8) == true }?.value
  }

  /// The entries that the call's own arguments have.
  private func initialEntries(of call: Call, _ kind: TorchGlobals.Kind) -> [Entry]? {
    // The first argument of a defaultdict is what makes missing values.
    let isDefaulted = global(call.callable)?.name == "defaultdict"
    guard let argument = tuple(call.arguments)?.dropFirst(isDefaulted ? 1 : 0).first else { return nil }
    if case .dictionary(let entries) = self[argument] { return entries }
    return sequence(argument)?.compactMap { pair in
      guard let items = sequence(pair), items.count == 2 else { return nil }
      return Entry(key: items[0], value: items[1])
    }
  }
}

extension PickleDocument.Value {
  /// The kind of value in words, for error messages.
  public var phrase: String {
    switch self {
    case .none: "None"
    case .boolean: "a truth value"
    case .integer, .longInteger: "an integer"
    case .real: "a real number"
    case .text: "a text"
    case .bytes: "bytes"
    case .tuple: "a tuple"
    case .list: "a list"
    case .set: "a set"
    case .dictionary: "a dictionary"
    case .global(let global): "the class or function \(global.quotedName)"
    case .call: "the result of a call"
    case .persistent: "a storage"
    }
  }
}
