import FusionCore

/// Opcodes that name classes and functions, and those that would call them.
extension PickleMachine {
  /// GLOBAL: module and name as two lines.
  mutating func pushLineGlobal() throws { try push(try mentionedLineGlobal()) }

  /// STACK_GLOBAL: module and name are the two topmost values.
  mutating func pushStackGlobal() throws {
    let name = try pop()
    let module = try pop()
    guard case .text(let moduleText) = self[module], case .text(let nameText) = self[name]
    else {
      let wrong = [module, name].first { if case .text = self[$0] { false } else { true } } ?? name
      throw refusal(
        .torchForbiddenGlobal, "a class or function is not named by text", expected: "two texts on the stack",
        found: self[wrong].phrase, remedy: Self.hostileRemedy)
    }
    guard moduleText.utf8.count <= PickleLimits.lineByteCount, nameText.utf8.count <= PickleLimits.lineByteCount else {
      throw tooLarge("bytes of a name", limit: PickleLimits.lineByteCount)
    }
    try push(try mentioned(PickleGlobal(module: moduleText, name: nameText)))
  }

  /// The two lines of GLOBAL and INST.
  @discardableResult mutating func mentionedLineGlobal() throws -> Reference {
    let module = try line()
    let name = try line()
    return try mentioned(
      PickleGlobal(
        module: String(decoding: bytes[module], as: UTF8.self), name: String(decoding: bytes[name], as: UTF8.self)))
  }

  /// Judges a global where it is named, so that nothing that happens to it later can hide it.
  private mutating func mentioned(_ global: PickleGlobal) throws -> Reference {
    mentionCount += 1
    guard mentionCount <= PickleLimits.globalMentions else {
      throw tooLarge("names of classes and functions", limit: PickleLimits.globalMentions)
    }
    if let index = mentionIndex[global] {
      mentions[index].count += 1
      return mentions[index].reference
    }
    let verdict = TorchGlobals.verdict(on: global)
    if mode == .reading, let error = refusal(of: global, verdict) { throw error }
    try charge(256 + global.module.utf8.count + global.name.utf8.count)
    let reference = try make(.global(global))
    mentionIndex[global] = mentions.count
    mentions.append(Mention(global: global, verdict: verdict, reference: reference, firstOffset: opcodeOffset))
    return reference
  }

  /// REDUCE, NEWOBJ.
  mutating func call() throws {
    let arguments = try pop()
    let callable = try pop()
    try pushCall(callable, arguments)
  }

  /// NEWOBJ_EX: keyword arguments are needed by nothing on the list.
  mutating func callWithKeywords() throws {
    let keywords = try pop()
    let arguments = try pop()
    let callable = try pop()
    if mode == .reading {
      guard case .dictionary(let entries) = self[keywords], entries.isEmpty else {
        throw refusal(
          .torchPickleBadCall, "a class is called with arguments by name", expected: "an empty dictionary",
          found: self[keywords].phrase)
      }
    }
    try pushCall(callable, arguments)
  }

  private mutating func pushCall(_ callable: Reference, _ arguments: Reference) throws {
    if mode == .reading {
      guard case .global = self[callable] else {
        throw refusal(
          .torchPickleBadCall, "something is called that is not a class or function by name",
          expected: "a class or function", found: self[callable].phrase, remedy: Self.hostileRemedy)
      }
      guard case .tuple = self[arguments] else {
        throw refusal(
          .torchPickleBadCall, "a call's arguments are not a tuple", expected: "a tuple",
          found: self[arguments].phrase)
      }
    }
    try charge(64)
    try push(.call(PickleDocument.Call(callable: callable, arguments: arguments)))
  }

  /// BUILD: hands a state to what a call made.
  mutating func build() throws {
    let state = try pop()
    let target = try top()
    if var call = takeCall(at: target, of: nil) {
      call.state = state
      put(.call(call), at: target)
    } else if mode == .reading {
      throw badTarget("the result of a call", found: self[target])
    }
  }
}
