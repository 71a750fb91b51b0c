import FusionCore

/// The words for what is wrong.
extension PickleMachine {
  static let damageRemedy = "download the file again; if the error stays, the program that wrote it is at fault"
  static let hostileRemedy =
    "do not load this file with any other program; look at what it asks for with `inspect --globals`"

  /// An error at the current opcode.
  func refusal(
    _ code: FusionError.Code, _ summary: String, expected: String, found: String, remedy: String? = nil
  ) -> FusionError {
    FusionError(
      code, summary, place: place, expected: expected, found: found, remedy: remedy ?? Self.damageRemedy)
  }

  private var place: String {
    guard opcodeOffset < bytes.count, let opcode = PickleOpcode(rawValue: bytes[opcodeOffset]) else {
      return "offset \(opcodeOffset)"
    }
    return "opcode \(opcode.label) at offset \(opcodeOffset)"
  }

  func tooLarge(_ what: String, limit: Int) -> FusionError {
    refusal(
      .torchPickleTooLarge, "the pickle is larger than any list of weights needs",
      expected: "at most \(limit) \(what)", found: "more",
      remedy: "save only the state dictionary of the model: torch.save(model.state_dict(), ...)")
  }

  func endedWithoutStop() -> FusionError {
    guard end == bytes.count else { return tooLarge("bytes", limit: PickleLimits.byteCount) }
    return refusal(
      .torchPickleTruncated, "the data ends before the pickle does", expected: "an opcode",
      found: bytes.count == start ? "no data at all" : "the end of the data",
      remedy: "the download or copy is not complete: start it again")
  }

  func missingValue() -> FusionError {
    refusal(
      .torchPickleStack, "an opcode needs more values than there are", expected: "a value on the stack",
      found: marks.isEmpty ? "an empty stack" : "nothing above the last mark")
  }

  func unknownOpcode(_ byte: UInt8) -> FusionError {
    refusal(
      .torchPickleUnknownOpcode, "a byte is no opcode of any protocol", expected: "an opcode of protocols 0 to 5",
      found: "byte 0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true))
  }

  /// The refusal of an opcode; what INST names is noted first.
  mutating func forbiddenOpcode(_ opcode: PickleOpcode) -> FusionError {
    if opcode == .inst {
      do { try mentionedLineGlobal() } catch let error as FusionError { return error } catch {}
    }
    return refusal(
      .torchPickleForbiddenOpcode, "the pickle has an opcode that no file of weights needs",
      expected: "opcodes that torch.save writes",
      found: opcode.label + (opcode.refusal.map { ": " + $0 } ?? ""), remedy: Self.hostileRemedy)
  }

  func badTarget(_ expected: String, found: Value) -> FusionError {
    refusal(
      .torchPickleBadTarget, "something is put into a value that does not take it", expected: expected,
      found: found.phrase)
  }

  /// The refusal of a global that is not allowed; `nil` for one that is.
  func refusal(of global: PickleGlobal, _ verdict: TorchGlobals.Verdict) -> FusionError? {
    switch verdict {
    case .allowed: nil
    case .refused(let refusal):
      self.refusal(
        .torchUnsupportedGlobal, "the file holds something other than plain tensors: \(refusal.reason)",
        expected: "a dictionary of plain tensors", found: global.quotedName, remedy: refusal.remedy)
    case .forbidden:
      refusal(
        .torchForbiddenGlobal, "the file asks for code that has no place in a file of weights",
        expected: "classes and functions that rebuild tensors", found: global.quotedName, remedy: Self.hostileRemedy)
    }
  }

  func quoted(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
    TensorName.quoted(String(decoding: bytes, as: UTF8.self))
  }
}

extension PickleGlobal {
  /// Module and name in quotes, safe to print and not too long.
  public var quotedName: String { TensorName.quoted(fullName) }
}
