/// Changing a value where it lies.
///
/// A value is taken out of the table before it is changed and put back afterwards. As long as both the table and a
/// variable hold a list, adding to it copies it, and a pickle that adds items one by one would take quadratic time.
extension PickleMachine {
  subscript(_ reference: Reference) -> Value { values[Int(reference.index)] }

  mutating func put(_ value: Value, at reference: Reference) { values[Int(reference.index)] = value }

  mutating func takeList(at reference: Reference) -> [Reference]? {
    guard case .list(let items) = self[reference] else { return nil }
    put(.none, at: reference)
    return items
  }

  mutating func takeSet(at reference: Reference) -> [Reference]? {
    guard case .set(let items) = self[reference] else { return nil }
    put(.none, at: reference)
    return items
  }

  mutating func takeDictionary(at reference: Reference) -> [PickleDocument.Entry]? {
    guard case .dictionary(let entries) = self[reference] else { return nil }
    put(.none, at: reference)
    return entries
  }

  /// A call of a class of one of these kinds; of any class for `nil`, and when collecting.
  mutating func takeCall(at reference: Reference, of kinds: [TorchGlobals.Kind]?) -> PickleDocument.Call? {
    guard case .call(let call) = self[reference] else { return nil }
    if mode == .reading, let kinds {
      guard case .global(let global) = self[call.callable], let kind = TorchGlobals.kind(of: global),
        kinds.contains(kind)
      else { return nil }
    }
    put(.none, at: reference)
    return call
  }
}
