import Foundation
import FusionCore
import TestSupport
import Testing
import TorchReader

/// Pickles that programs write, read as data.
@Suite struct PickleReadingTests {
  @Test(arguments: ["state-dict-torch1", "state-dict-protocol4"])
  func readsAStateDictionary(_ name: String) throws {
    let bytes = try pickle(name)
    let document = try document(of: bytes)
    #expect(document.byteCount == bytes.count)
    let entries = try #require(document.entries(of: document.root))
    #expect(entries.map { document.text($0.key) } == ["0.weight", "0.bias", "1.weight", "1.bias"])
    let weight = try #require(document.value(of: "0.weight", in: document.root))
    let call = try #require(document.call(weight))
    #expect(document.kind(of: call) == .rebuildTensor)
    let arguments = try #require(document.tuple(call.arguments))
    #expect(arguments.count == 6)
    guard case .persistent(let identifier) = document[arguments[0]] else {
      Issue.record("a storage is not a persistent value")
      return
    }
    let storage = try #require(document.tuple(identifier))
    #expect(document.text(storage[0]) == "storage")
    #expect(document.global(storage[1]) == PickleGlobal(module: "torch", name: "HalfStorage"))
    #expect(document.text(storage[2]) == "0")
    #expect(document.integer(storage[4]) == 12)
    #expect(document.integer(arguments[1]) == 0)
    #expect(document.tuple(arguments[2])?.map { document.integer($0) } == [3, 4])
    #expect(document.tuple(arguments[3])?.map { document.integer($0) } == [4, 1])
    #expect(document.boolean(arguments[4]) == false)
    let state = try #require(document.call(document.root)?.state)
    #expect(document.value(of: "_metadata", in: state) != nil)
  }

  @Test(arguments: ["training-torch1", "training-torch2", "training-protocol4"])
  func readsTrainingState(_ name: String) throws {
    let document = try document(of: pickle(name))
    func value(_ key: String) throws -> PickleDocument.Reference {
      try #require(document.value(of: key, in: document.root), "\(key)")
    }
    #expect(document.integer(try value("epoch")) == 3)
    #expect(document.integer(try value("big")) == 1 << 40)
    #expect(document.integer(try value("neg")) == -5)
    #expect(document.text(try value("name")) == "näme")
    #expect(document.boolean(try value("flag")) == true)
    guard case .longInteger(let byteCount) = document[try value("huge")],
      case .real(let rate) = document[try value("lr")]
    else {
      Issue.record("numbers of the wrong kind")
      return
    }
    #expect(byteCount == 13)
    #expect(rate == 1e-4)
    #expect(document.global(try value("dtype"))?.name == "bfloat16")
    #expect(document.entries(of: try value("dd"))?.map { document.text($0.key) } == ["a"])
    #expect(document.entries(of: try value("counter"))?.map { document.integer($0.value) } == [2, 1])
    #expect(document.call(try value("dq"))?.items.count == 2)
    #expect(document.entries(of: try value("model"))?.count == 2)
    let parameter = try #require(document.entries(of: try value("params"))?.first)
    #expect(document.call(parameter.value).flatMap(document.kind(of:)) == .rebuildParameter)
    #expect(document.call(try value("size")).flatMap(document.kind(of:)) == .size)
    #expect(document.call(try value("layout")).flatMap(document.kind(of:)) == .layout)
  }

  /// The pickles of a file from before the zip format: magic number, version, system, state, keys of the storages.
  @Test func readsPicklesInARow() throws {
    let bytes = try pickle("legacy-stream")
    var offset = 0
    var kinds: [String] = []
    while offset < bytes.count {
      let document = try bytes.withUnsafeBytes {
        try PickleDocument(reading: $0, startingAt: offset, mayHaveMoreData: true)
      }
      kinds.append(document[document.root].phrase)
      offset += document.byteCount
    }
    #expect(offset == bytes.count)
    #expect(kinds == ["an integer", "an integer", "a dictionary", "the result of a call", "a list"])
  }

  static let integers: [(bytes: [UInt8], value: Int)] = [
    (PickleBuilder().op(.long1, [0]).stop(), 0), (PickleBuilder().op(.long1, [1, 0xFF]).stop(), -1),
    (PickleBuilder().op(.long1, [2, 0xFF, 0]).stop(), 255),
    (PickleBuilder().op(.long4, [1, 0, 0, 0, 0x80]).stop(), -128),
    (PickleBuilder().op(.long1, [8] + PickleBuilder.littleEndian(Int.min)).stop(), Int.min),
    (PickleBuilder().op(.int, text: "-9223372036854775808\n").stop(), Int.min),
    (PickleBuilder().op(.long, text: "9223372036854775807L\n").stop(), Int.max),
    (PickleBuilder().op(.binInt, PickleBuilder.littleEndian(Int32(-2))).stop(), -2),
    (PickleBuilder().op(.binInt2, [1, 2]).stop(), 513),
  ]

  @Test(arguments: integers)
  func readsIntegers(bytes: [UInt8], value: Int) throws {
    let document = try document(of: bytes)
    #expect(document.integer(document.root) == value)
  }

  /// Names of tensors in checkpoints of Python 2 are byte strings.
  @Test func readsStringsOfPython2() throws {
    let ascii = try document(of: PickleBuilder().op(.shortBinString, [2, 0x61, 0x62]).stop())
    #expect(ascii.text(ascii.root) == "ab")
    let other = try document(of: PickleBuilder().op(.shortBinString, [1, 0xFF]).stop())
    guard case .bytes(let bytes) = other[other.root] else {
      Issue.record("not bytes")
      return
    }
    #expect(bytes == [0xFF])
    // OrderedDict([['a', None]]) as Python 2 has it: the entries are an argument.
    let old = try document(
      of: PickleBuilder().global("collections", "OrderedDict").ops(.emptyList, .emptyList, .mark)
        .op(.shortBinString, [1, 0x61]).ops(.none, .appends, .append, .tuple1, .reduce).stop())
    #expect(old.entries(of: old.root)?.map { old.text($0.key) } == ["a"])
  }

  /// A list that holds itself is one value, and so is one that a thousand others share.
  @Test func sharesValues() throws {
    let cycle = try document(of: PickleBuilder().op(.emptyList).op(.binPut, [0]).op(.binGet, [0]).op(.append).stop())
    #expect(cycle.sequence(cycle.root) == [cycle.root])
    var laughs = PickleBuilder(protocol: 4).op(.emptyList)
    for level in 0..<100 {
      laughs = laughs.ops(.memoize, .pop, .emptyList, .mark)
      for _ in 0..<10 { laughs = laughs.op(.binGet, [UInt8(level)]) }
      laughs = laughs.op(.appends)
    }
    let document = try document(of: laughs.raw(repeatElement(0x85, count: 20_000)).stop())
    #expect(document.values.count < 20_200)
  }

  @Test func keepsKeysThatAreSetTwice() throws {
    let document = try document(
      of: PickleBuilder().op(.emptyDict).text("a").integer(1).op(.setItem).text("a").integer(2).op(.setItem).stop())
    #expect(document.entries(of: document.root)?.count == 2)
    #expect(document.value(of: "a", in: document.root).flatMap(document.integer) == 2)
  }

  private func pickle(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("torch/pickles/\(name).pkl"))))
  }
}
