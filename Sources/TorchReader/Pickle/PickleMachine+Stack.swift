import FusionCore

/// The stack, the marks and the memo.
extension PickleMachine {
  /// Adds to the memory that the values take beside their places in the table.
  mutating func charge(_ byteCount: Int) throws {
    heapByteCount += byteCount
    guard heapByteCount <= PickleLimits.heapByteCount else {
      throw tooLarge("bytes of memory", limit: PickleLimits.heapByteCount)
    }
  }

  /// Adds a value to the table.
  mutating func make(_ value: Value) throws -> Reference {
    guard values.count < PickleLimits.values else { throw tooLarge("values", limit: PickleLimits.values) }
    values.append(value)
    return Reference(index: Int32(truncatingIfNeeded: values.count - 1))
  }

  mutating func push(_ value: Value) throws { try push(try make(value)) }

  mutating func push(_ reference: Reference) throws {
    guard stack.count < PickleLimits.stackDepth else {
      throw tooLarge("values on the stack", limit: PickleLimits.stackDepth)
    }
    stack.append(reference)
  }

  /// The topmost value, which belongs to the innermost mark.
  func top() throws -> Reference {
    guard stack.count > floor else { throw missingValue() }
    return stack[stack.count - 1]
  }

  mutating func pop() throws -> Reference {
    let reference = try top()
    stack.removeLast()
    return reference
  }

  mutating func pushMark() throws {
    guard marks.count < PickleLimits.markDepth else {
      throw tooLarge("open marks", limit: PickleLimits.markDepth)
    }
    marks.append(Int32(truncatingIfNeeded: floor))
    floor = stack.count
  }

  /// Everything above the innermost mark, which goes too.
  mutating func popToMark() throws -> [Reference] {
    guard let outer = marks.popLast() else {
      throw refusal(
        .torchPickleStack, "an opcode needs a mark that was never set", expected: "an open mark", found: "none")
    }
    let items = Array(stack[floor...])
    stack.removeSubrange(floor...)
    floor = Int(outer)
    return items
  }

  /// PUT and its forms: gives the topmost value a number.
  mutating func store(_ opcode: PickleOpcode) throws {
    let index = opcode == .memoize ? memoCount : try memoIndex(opcode)
    let reference = try top()
    guard index < PickleLimits.memoIndex else { throw tooLarge("memo entries", limit: PickleLimits.memoIndex) }
    let absent = Reference(index: -1)
    if index >= memo.count { memo.append(contentsOf: repeatElement(absent, count: index + 1 - memo.count)) }
    if memo[index] == absent { memoCount += 1 }
    memo[index] = reference
  }

  /// GET and its forms: pushes the value of a number.
  mutating func load(_ opcode: PickleOpcode) throws {
    let index = try memoIndex(opcode)
    guard index < memo.count, memo[index].index >= 0 else {
      throw refusal(
        .torchPickleMemo, "an opcode refers to a memo entry that was never stored",
        expected: "one of \(memoCount) entries", found: "number \(index)")
    }
    try push(memo[index])
  }

  private mutating func memoIndex(_ opcode: PickleOpcode) throws -> Int {
    switch opcode {
    case .binPut, .binGet: return Int(try number(UInt8.self))
    case .longBinPut, .longBinGet: return Int(try number(UInt32.self))
    default:
      let range = try line()
      guard let index = decimal(bytes[range]), index >= 0 else {
        throw refusal(
          .torchPickleBadText, "a line is not the number of a memo entry", expected: "decimal digits",
          found: quoted(bytes[range]))
      }
      return index
    }
  }
}
