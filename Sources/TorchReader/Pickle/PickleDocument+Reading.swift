import FusionCore

extension PickleDocument {
  /// Reads one pickle as data: nothing in it is called, imported or built.
  ///
  /// Only the pickle's own bytes are touched, so a mapped file of any size costs no more than the pages it lies on.
  ///
  /// - Parameters:
  ///   - bytes: what the pickle lies in; offsets in errors count from here.
  ///   - offset: where the pickle starts in `bytes`.
  ///   - mayHaveMoreData: whether something may follow STOP, as in files that are several pickles in a row.
  /// - Throws: `FusionError` with a `torch` code: a class or function outside of ``TorchGlobals``, a broken stream, or
  ///   one beyond ``PickleLimits``. The caller adds the file's name.
  public init(reading bytes: UnsafeRawBufferPointer, startingAt offset: Int = 0, mayHaveMoreData: Bool) throws {
    var machine = PickleMachine(bytes, startingAt: offset, mode: .reading)
    let root = try machine.run()
    if !mayHaveMoreData { try machine.checkEnd() }
    self.init(values: machine.values, root: root, byteCount: machine.position - offset)
  }
}

extension PickleMachine {
  /// Proves that nothing follows STOP.
  func checkEnd() throws {
    guard position == bytes.count else {
      throw FusionError(
        .torchPickleTrailingData, "data follows the end of the pickle", place: "offset \(position)",
        expected: "an end at offset \(position)", found: "\(bytes.count - position) more bytes",
        remedy: Self.hostileRemedy)
    }
  }
}
