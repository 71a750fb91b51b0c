/// Finds the number that belongs to a run of bytes; the keys lie one behind the other in one block of memory.
///
/// Keys are compared byte by byte: Swift's own strings treat canonically equivalent texts as equal, tokens do not.
struct PieceTable: Sendable {
  private var arena: [UInt8] = []
  private var ends: [Int] = []
  private var values: [Int] = []
  private var slots: [Int32]
  /// Random, so that a file cannot be made whose entries all fall into one slot.
  private let seed: UInt64 = .random(in: .min ... .max)

  /// Entries in the table.
  var count: Int { values.count }

  init(minimumCapacity: Int = 0) {
    var size = 16
    while size < minimumCapacity * 2 { size *= 2 }
    slots = [Int32](repeating: -1, count: size)
  }

  /// Adds an entry; `false` if the key is there already, which leaves the table as it was.
  mutating func insert(_ key: UnsafeBufferPointer<UInt8>, value: Int) -> Bool {
    var slot = firstSlot(key)
    while slots[slot] >= 0 {
      if matches(Int(slots[slot]), key) { return false }
      slot = (slot + 1) & (slots.count - 1)
    }
    slots[slot] = Int32(values.count)
    arena.append(contentsOf: key)
    ends.append(arena.count)
    values.append(value)
    if values.count * 2 > slots.count { grow() }
    return true
  }

  /// The same for bytes in an array.
  mutating func insert(_ key: [UInt8], value: Int) -> Bool {
    key.withUnsafeBufferPointer { insert($0, value: value) }
  }

  /// The number of a key, or `nil` if it is not there.
  func value(of key: UnsafeBufferPointer<UInt8>) -> Int? {
    var slot = firstSlot(key)
    while slots[slot] >= 0 {
      let entry = Int(slots[slot])
      if matches(entry, key) { return values[entry] }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  /// The same for bytes in an array.
  func value(of key: [UInt8]) -> Int? { key.withUnsafeBufferPointer { value(of: $0) } }

  /// The key of an entry, in the order of insertion.
  func key(at entry: Int) -> ArraySlice<UInt8> { arena[start(entry)..<ends[entry]] }

  /// The number of an entry, in the order of insertion.
  func value(at entry: Int) -> Int { values[entry] }

  private func start(_ entry: Int) -> Int { entry == 0 ? 0 : ends[entry - 1] }

  private func matches(_ entry: Int, _ key: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = start(entry)
    guard ends[entry] - start == key.count else { return false }
    for index in 0..<key.count where arena[start + index] != key[index] { return false }
    return true
  }

  private func firstSlot(_ key: UnsafeBufferPointer<UInt8>) -> Int {
    var hash = seed
    for byte in key { hash = (hash ^ UInt64(byte)) &* 0x9E37_79B9_7F4A_7C15 ^ hash >> 29 }
    hash ^= hash >> 32
    return Int(truncatingIfNeeded: hash &* 0xD6E8_FEB8_6659_FD93 >> 33) & (slots.count - 1)
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: slots.count * 2)
    for entry in 0..<values.count {
      let first = arena.withUnsafeBufferPointer { buffer in
        firstSlot(UnsafeBufferPointer(rebasing: buffer[start(entry)..<ends[entry]]))
      }
      var slot = first
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(entry)
    }
  }
}
