/// What a pickle describes, as data: nothing in it was called, imported or built.
///
/// Values lie in one table and refer to each other by position, so that nesting of any depth, cycles included, costs no
/// recursion to hold or to release.
public struct PickleDocument: Sendable {
  /// Position of a value in ``values``.
  public struct Reference: Sendable, Hashable {
    /// The position.
    public let index: Int32

    /// Wraps a position.
    public init(index: Int32) { self.index = index }
  }

  /// One entry of a dictionary.
  public struct Entry: Sendable {
    /// The key.
    public let key: Reference
    /// The value.
    public let value: Reference

    /// Collects the fields.
    public init(key: Reference, value: Reference) {
      self.key = key
      self.value = value
    }
  }

  /// What Python would have built by calling `callable` with `arguments`.
  public struct Call: Sendable {
    /// The function or class; usually a `.global`.
    public let callable: Reference
    /// The tuple of arguments.
    public let arguments: Reference
    /// What was appended to the result.
    public var items: [Reference] = []
    /// What was set in the result.
    public var entries: [Entry] = []
    /// What was handed to the result's `__setstate__`.
    public var state: Reference?

    /// A call whose result was not changed yet.
    public init(callable: Reference, arguments: Reference) {
      self.callable = callable
      self.arguments = arguments
    }
  }

  /// A value.
  public enum Value: Sendable {
    /// Python's `None`.
    case none
    /// A truth value.
    case boolean(Bool)
    /// An integer of at most 64 bits.
    case integer(Int)
    /// An integer beyond 64 bits, of this many bytes; nothing that is read needs its value.
    case longInteger(byteCount: Int)
    /// A real number.
    case real(Double)
    /// A text.
    case text(String)
    /// Bytes, or a text of Python 2 that is not UTF-8.
    case bytes([UInt8])
    /// A tuple.
    case tuple([Reference])
    /// A list.
    case list([Reference])
    /// A set.
    case set([Reference])
    /// A dictionary, in the order in which its entries were set; a key that was set twice is there twice.
    case dictionary([Entry])
    /// A class or function, as a name.
    case global(PickleGlobal)
    /// What a call would have made.
    case call(Call)
    /// Something that lies outside of the pickle, such as a storage; the reference is to its identifier.
    case persistent(Reference)
  }

  /// All values, in the order in which they were made.
  public internal(set) var values: [Value]
  /// The result.
  public internal(set) var root: Reference
  /// Bytes up to and with the STOP opcode.
  public internal(set) var byteCount: Int

  /// The value of the result.
  public var rootValue: Value { self[root] }

  /// The value at a position.
  public subscript(_ reference: Reference) -> Value { values[Int(reference.index)] }
}
