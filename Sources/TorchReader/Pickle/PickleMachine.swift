import FusionCore

/// The stack machine that turns a pickle into values.
///
/// It does what Python's unpickler does with one difference: where that one imports and calls, this one writes down
/// what was asked for. Nothing recurses, and every loop over the pickle costs an opcode, so the limits bound all work.
struct PickleMachine {
  /// What a class or function leads to that is not on the list.
  enum Mode {
    /// Reading ends where it is named.
    case reading
    /// It is noted, and reading goes on, to see what else is named.
    case collecting
  }

  /// A class or function and where it is named.
  struct Mention {
    let global: PickleGlobal
    let verdict: TorchGlobals.Verdict
    let reference: PickleDocument.Reference
    let firstOffset: Int
    var count = 1
  }

  typealias Reference = PickleDocument.Reference
  typealias Value = PickleDocument.Value

  static let none = Reference(index: 0)
  static let `true` = Reference(index: 1)
  static let `false` = Reference(index: 2)
  static let emptyTuple = Reference(index: 3)

  let bytes: UnsafeRawBufferPointer
  let mode: Mode
  let start: Int
  /// Where the data or this reader's patience ends.
  let end: Int

  var position: Int
  var opcodeOffset: Int
  var opcodeCount = 0
  var frameEnd = Int.max
  var heapByteCount = 0

  var values: [Value]
  var stack: [Reference] = []
  /// Heights of the stack at open marks.
  var marks: [Int32] = []
  /// Height of the stack at the last mark; nothing below may be popped.
  var floor = 0
  /// Values by memo number, and a negative index where there is none.
  var memo: [Reference] = []
  var memoCount = 0
  var mentions: [Mention] = []
  var mentionIndex: [PickleGlobal: Int] = [:]
  var mentionCount = 0

  init(_ bytes: UnsafeRawBufferPointer, startingAt start: Int, mode: Mode) {
    precondition(start >= 0 && start <= bytes.count, "a pickle at offset \(start) of \(bytes.count) bytes")
    self.bytes = bytes
    self.mode = mode
    self.start = start
    end = min(bytes.count, start + PickleLimits.byteCount)
    position = start
    opcodeOffset = start
    // Constants that take no room of their own, however often they are used.
    values = [.none, .boolean(true), .boolean(false), .tuple([])]
    // Every value takes a byte at least, so this is no more than the data can fill.
    values.reserveCapacity(values.count + min(PickleLimits.values, end - start))
  }

  /// Runs all opcodes up to and with STOP.
  ///
  /// - Returns: the result.
  mutating func run() throws -> Reference {
    while true {
      opcodeOffset = position
      guard position < end else { throw endedWithoutStop() }
      if position >= frameEnd { try leaveFrame() }
      opcodeCount += 1
      guard opcodeCount <= PickleLimits.opcodes else { throw tooLarge("opcodes", limit: PickleLimits.opcodes) }
      let byte = bytes[position]
      position += 1
      guard let opcode = PickleOpcode(rawValue: byte) else { throw unknownOpcode(byte) }
      if opcode == .stop { return try result() }
      try perform(opcode)
    }
  }

  private mutating func perform(_ opcode: PickleOpcode) throws {
    switch opcode {
    case .none: try push(Self.none)
    case .newTrue: try push(Self.true)
    case .newFalse: try push(Self.false)
    case .emptyTuple: try push(Self.emptyTuple)
    case .int, .long, .long1, .long4, .binInt, .binInt1, .binInt2, .binFloat: try pushNumber(opcode)
    case .binUnicode, .shortBinUnicode, .binUnicode8: try pushText(opcode)
    case .binString, .shortBinString: try pushOldString(opcode)
    case .binBytes, .shortBinBytes, .binBytes8, .byteArray8: try pushBytes(opcode)
    case .emptyList: try push(.list([]))
    case .emptyDict: try push(.dictionary([]))
    case .emptySet: try push(.set([]))
    case .mark: try pushMark()
    case .pop: _ = try pop()
    case .popMark: _ = try popToMark()
    case .dup: try push(try top())
    case .tuple, .tuple1, .tuple2, .tuple3, .list, .dict, .frozenSet: try pushContainer(opcode)
    case .append: try append([try pop()])
    case .appends: try append(try popToMark())
    case .setItem: try setItem()
    case .setItems: try setItems(try popToMark())
    case .addItems: try addItems(try popToMark())
    case .put, .binPut, .longBinPut, .memoize: try store(opcode)
    case .get, .binGet, .longBinGet: try load(opcode)
    case .global: try pushLineGlobal()
    case .stackGlobal: try pushStackGlobal()
    case .reduce, .newObj: try call()
    case .newObjEx: try callWithKeywords()
    case .build: try build()
    case .binPersID: try push(.persistent(try pop()))
    case .proto: try checkProtocol()
    case .frame: try enterFrame()
    case .inst, .obj, .ext1, .ext2, .ext4, .persID, .float, .string, .unicode, .nextBuffer, .readOnlyBuffer:
      throw forbiddenOpcode(opcode)
    case .stop: preconditionFailure("STOP ends the loop")
    }
  }

  private func result() throws -> Reference {
    guard marks.isEmpty, stack.count == 1 else {
      throw refusal(
        .torchPickleStack, "the pickle does not end with exactly one value", expected: "one value and no open mark",
        found: "\(stack.count) values and \(marks.count) open marks")
    }
    return stack[0]
  }
}
