import TestSupport

/// Random streams of opcodes, most of which nearly make sense.
enum RandomPickle {
  private static let makers: [PickleBuilder.Opcode] = [
    .none, .newTrue, .newFalse, .emptyTuple, .emptyList, .emptyDict, .emptySet, .mark, .dup,
  ]
  private static let takers: [PickleBuilder.Opcode] = [
    .pop, .popMark, .tuple, .tuple1, .tuple2, .tuple3, .list, .dict, .frozenSet, .append, .appends, .setItem, .setItems,
    .addItems, .memoize, .reduce, .newObj, .newObjEx, .build, .binPersID, .stackGlobal,
  ]

  static func make(using random: inout SplitMix64) -> [UInt8] {
    var pickle = PickleBuilder(protocol: UInt8.random(in: 2...5, using: &random))
    // A tuple of all that is left at the end, so that STOP finds one value.
    pickle = pickle.op(.mark)
    for _ in 0..<Int.random(in: 1...12, using: &random) {
      switch Int.random(in: 0..<16, using: &random) {
      case 0..<5: pickle = pickle.ops(makers[Int.random(in: makers.indices, using: &random)])
      case 5..<10: pickle = pickle.ops(takers[Int.random(in: takers.indices, using: &random)])
      case 10:
        pickle = pickle.global("collections", Bool.random(using: &random) ? "OrderedDict" : "deque").op(.emptyTuple)
      case 11: pickle = pickle.text("torch").text(Bool.random(using: &random) ? "Size" : "load")
      case 12: pickle = pickle.op(.binPut, [UInt8.random(in: 0...2, using: &random)])
      case 13: pickle = pickle.op(.binGet, [UInt8.random(in: 0...2, using: &random)])
      case 14: pickle = pickle.integer(UInt8.random(in: 0...255, using: &random))
      default:
        let all = PickleBuilder.Opcode.allCases
        pickle = pickle.op(
          all[Int.random(in: all.indices, using: &random)],
          (0..<Int.random(in: 0...9, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) })
      }
    }
    return pickle.op(.tuple).stop()
  }
}
