import FusionCore
import TestSupport
import TorchReader

extension PickleCase {
  /// P8 to P11: streams that make no sense, or too much of it.
  static let structure: [PickleCase] = bombs + lengths + opcodes + stack

  private static let bombs: [PickleCase] = [
    PickleCase(
      "P9", "opcodes that leave nothing", .torchPickleTooLarge, at: "opcode POP at offset 1500001",
      found: "more", PickleBuilder().raw(pairs("N0", 1_000_000)).bytes),
    PickleCase(
      "P9", "lists", .torchPickleTooLarge, at: "opcode EMPTY_LIST at offset 299998", found: "more",
      PickleBuilder().raw(repeatElement(0x5D, count: 400_000)).bytes),
    PickleCase(
      "P9", "one value many times", .torchPickleTooLarge, at: "opcode DUP at offset 300002", found: "more",
      PickleBuilder().op(.none).raw(repeatElement(0x32, count: 400_000)).bytes),
    PickleCase(
      "P9", "open marks", .torchPickleTooLarge, at: "opcode MARK at offset 20002", found: "more",
      PickleBuilder().raw(repeatElement(0x28, count: 30_000)).bytes),
    PickleCase(
      "P9", "far memo entry", .torchPickleTooLarge, at: "opcode LONG_BINPUT at offset 3", found: "more",
      PickleBuilder().op(.none).op(.longBinPut, [0xFF, 0xFF, 0xFF, 0xFF]).stop()),
    PickleCase(
      "P9", "one class named many times", .torchPickleTooLarge, at: "opcode GLOBAL at offset 250002", found: "more",
      PickleBuilder().raw(pairs("ccollections\nOrderedDict\n", 12_000)).bytes),
    PickleCase(
      "P9", "16 MiB", .torchPickleTooLarge, at: "opcode BINBYTES at offset 2", found: "more",
      PickleBuilder().op(.binBytes, PickleBuilder.littleEndian(UInt32(16 << 20)))
        .raw(repeatElement(0, count: 16 << 20)).stop()),
  ]

  private static let lengths: [PickleCase] = [
    PickleCase(
      "P10", "LONG4 with a negative length", .torchPickleBadLength, at: "opcode LONG4 at offset 2", found: "-1",
      PickleBuilder().op(.long4, PickleBuilder.littleEndian(Int32(-1))).stop()),
    PickleCase(
      "P10", "LONG4 beyond the data", .torchPickleTruncated, at: "opcode LONG4 at offset 2", found: "1 bytes",
      PickleBuilder().op(.long4, PickleBuilder.littleEndian(Int32.max)).stop()),
    PickleCase(
      "P10", "LONG4 of 64 KiB and one", .torchPickleTooLarge, at: "opcode LONG4 at offset 2", found: "more",
      PickleBuilder().op(.long4, PickleBuilder.littleEndian(Int32(65_537))).raw(repeatElement(1, count: 65_537)).stop()),
    PickleCase(
      "P10", "BINBYTES8", .torchPickleTruncated, at: "opcode BINBYTES8 at offset 2", found: "1 bytes",
      PickleBuilder(protocol: 4).op(.binBytes8, PickleBuilder.littleEndian(UInt64.max)).stop()),
    PickleCase(
      "P10", "BYTEARRAY8", .torchPickleTruncated, at: "opcode BYTEARRAY8 at offset 2", found: "1 bytes",
      PickleBuilder(protocol: 5).op(.byteArray8, PickleBuilder.littleEndian(UInt64(1) << 63)).stop()),
    PickleCase(
      "P10", "BINUNICODE8", .torchPickleTruncated, at: "opcode BINUNICODE8 at offset 2", found: "1 bytes",
      PickleBuilder(protocol: 4).op(.binUnicode8, PickleBuilder.littleEndian(UInt64(2))).stop()),
    PickleCase(
      "P10", "BINSTRING with a negative length", .torchPickleBadLength, at: "opcode BINSTRING at offset 2",
      found: "-2147483648",
      PickleBuilder().op(.binString, PickleBuilder.littleEndian(Int32.min)).stop()),
    PickleCase(
      "P10", "FRAME beyond the data", .torchPickleFrame, at: "opcode FRAME at offset 2", found: "a length of 9",
      PickleBuilder(protocol: 4).op(.frame, PickleBuilder.littleEndian(UInt64(9))).ops(.none).stop()),
    PickleCase(
      "P10", "line without end", .torchPickleTruncated, at: "opcode GLOBAL at offset 2", found: "the end of the data",
      PickleBuilder().op(.global, text: "os").bytes),
    PickleCase(
      "P10", "line of 257 bytes", .torchPickleTooLarge, at: "opcode GLOBAL at offset 2", found: "more",
      PickleBuilder().global(String(repeating: "a", count: 257), "b").stop()),
  ]

  private static let opcodes: [PickleCase] = [
    PickleCase(
      "P11", "INST", .torchForbiddenGlobal, at: "opcode INST at offset 3", found: "\"os.system\"",
      PickleBuilder(protocol: 1).op(.mark).op(.inst, text: "os\nsystem\n").stop()),
    PickleCase(
      "P11", "INST of something allowed", .torchPickleForbiddenOpcode, at: "opcode INST at offset 3", found: "INST",
      PickleBuilder(protocol: 1).op(.mark).op(.inst, text: "collections\nOrderedDict\n").stop()),
    PickleCase(
      "P11", "STOP missing", .torchPickleTruncated, at: "offset 3", found: "the end of the data",
      PickleBuilder().op(.none).bytes),
    PickleCase("P11", "nothing at all", .torchPickleTruncated, at: "offset 0", found: "no data", []),
    PickleCase(
      "P11", "data after STOP", .torchPickleTrailingData, at: "offset 4", found: "2 more bytes",
      PickleBuilder().op(.none).op(.stop).raw([0, 0]).bytes),
    PickleCase(
      "P11", "protocol 6", .torchPickleProtocol, at: "opcode PROTO at offset 0", found: "protocol 6",
      PickleBuilder(protocol: 6).op(.none).stop()),
    PickleCase(
      "P11", "second PROTO", .torchPickleProtocol, at: "opcode PROTO at offset 2", found: "protocol 2",
      PickleBuilder().op(.proto, [2]).op(.none).stop()),
    PickleCase(
      "P11", "no opcode", .torchPickleUnknownOpcode, at: "offset 2", found: "byte 0x07",
      PickleBuilder().raw([7]).stop()),
    PickleCase(
      "P11", "frame in a frame", .torchPickleFrame, at: "opcode FRAME at offset 11", found: "left",
      PickleBuilder(protocol: 4).op(.frame, PickleBuilder.littleEndian(UInt64(11)))
        .op(.frame, PickleBuilder.littleEndian(UInt64(1))).op(.none).stop()),
    PickleCase(
      "P11", "opcode across a frame's end", .torchPickleFrame, at: "opcode STOP at offset 13",
      found: "an end at offset 13",
      PickleBuilder(protocol: 4).op(.frame, PickleBuilder.littleEndian(UInt64(1))).integer(1).stop()),
    PickleCase(
      "P11", "text that is not UTF-8", .torchPickleBadText, at: "opcode SHORT_BINUNICODE at offset 2", found: "1 bytes",
      PickleBuilder(protocol: 4).op(.shortBinUnicode, [1, 0xFF]).stop()),
    PickleCase(
      "P11", "INT of words", .torchPickleBadText, at: "opcode INT at offset 2", found: "\"0x10\"",
      PickleBuilder().op(.int, text: "0x10\n").stop()),
    PickleCase(
      "P11", "GET of words", .torchPickleBadText, at: "opcode GET at offset 2", found: "\"-1\"",
      PickleBuilder().op(.get, text: "-1\n").stop()),
  ]

  private static let stack: [PickleCase] = [
    PickleCase(
      "P11", "STOP of nothing", .torchPickleStack, at: "opcode STOP at offset 2", found: "0 values",
      PickleBuilder().stop()),
    PickleCase(
      "P11", "STOP with two values", .torchPickleStack, at: "opcode STOP at offset 4", found: "2 values",
      PickleBuilder().ops(.none, .none).stop()),
    PickleCase(
      "P11", "STOP with an open mark", .torchPickleStack, at: "opcode STOP at offset 4", found: "1 open marks",
      PickleBuilder().ops(.none, .mark).stop()),
    PickleCase(
      "P11", "POP below a mark", .torchPickleStack, at: "opcode POP at offset 4", found: "nothing above the last mark",
      PickleBuilder().ops(.none, .mark, .pop).stop()),
    PickleCase(
      "P11", "TUPLE without a mark", .torchPickleStack, at: "opcode TUPLE at offset 3", found: "none",
      PickleBuilder().ops(.none, .tuple).stop()),
    PickleCase(
      "P11", "TUPLE3 of two", .torchPickleStack, at: "opcode TUPLE3 at offset 4", found: "an empty stack",
      PickleBuilder().ops(.none, .none, .tuple3).stop()),
    PickleCase(
      "P11", "key without value", .torchPickleStack, at: "opcode SETITEMS at offset 5", found: "1 values",
      PickleBuilder().ops(.emptyDict, .mark, .none, .setItems).stop()),
    PickleCase(
      "P11", "unknown memo entry", .torchPickleMemo, at: "opcode BINGET at offset 5", found: "number 1",
      PickleBuilder().op(.none).op(.binPut, [0]).op(.binGet, [1]).stop()),
    PickleCase(
      "P11", "APPEND to a dictionary", .torchPickleBadTarget, at: "opcode APPEND at offset 4", found: "a dictionary",
      PickleBuilder().ops(.emptyDict, .none, .append).stop()),
    PickleCase(
      "P11", "SETITEM of a device", .torchPickleBadTarget, at: "opcode SETITEM at offset 20",
      found: "the result of a call",
      PickleBuilder().global("torch", "device").ops(.emptyTuple, .reduce, .none, .none, .setItem).stop()),
    PickleCase(
      "P11", "ADDITEMS to a list", .torchPickleBadTarget, at: "opcode ADDITEMS at offset 4", found: "a list",
      PickleBuilder(protocol: 4).ops(.emptyList, .mark, .addItems).stop()),
    PickleCase(
      "P11", "BUILD of a list", .torchPickleBadTarget, at: "opcode BUILD at offset 4", found: "a list",
      PickleBuilder().ops(.emptyList, .none, .build).stop()),
  ]

  private static func pairs(_ text: String, _ count: Int) -> [UInt8] {
    Array(repeatElement(Array(text.utf8), count: count).joined())
  }
}
