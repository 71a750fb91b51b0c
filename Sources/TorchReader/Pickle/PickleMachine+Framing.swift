import FusionCore

/// Opcodes that speak about the pickle and not about values.
extension PickleMachine {
  /// PROTO: only as the first opcode, where writers put it.
  mutating func checkProtocol() throws {
    let version = try number(UInt8.self)
    guard opcodeOffset == start, version <= 5 else {
      throw refusal(
        .torchPickleProtocol,
        version <= 5 ? "the pickle changes its protocol on the way" : "the pickle has an unknown protocol",
        expected: "a protocol from 0 to 5, once, at the start", found: "protocol \(version)",
        remedy: version <= 5 ? nil : "save the checkpoint again with the default protocol of torch.save")
    }
  }

  /// FRAME: says how many bytes of opcodes follow.
  mutating func enterFrame() throws {
    let length = try number(UInt64.self)
    guard frameEnd == Int.max else {
      throw refusal(
        .torchPickleFrame, "a frame begins inside of another", expected: "the frame before to end first",
        found: "\(frameEnd - opcodeOffset) bytes of it left")
    }
    guard let frame = CheckedArithmetic.range(offset: UInt64(position), count: length, limit: bytes.count) else {
      throw refusal(
        .torchPickleFrame, "a frame is longer than the data", expected: "at most \(bytes.count - position) bytes",
        found: "a length of \(length)")
    }
    frameEnd = frame.upperBound
  }

  /// Proves that the opcode before ended where its frame ends.
  mutating func leaveFrame() throws {
    guard position == frameEnd else {
      throw refusal(
        .torchPickleFrame, "an opcode goes on after the end of its frame", expected: "an end at offset \(frameEnd)",
        found: "an end at offset \(position)")
    }
    frameEnd = Int.max
  }
}
