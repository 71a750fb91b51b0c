import FusionCore

/// Every class and function that a pickle names, read without judging whether the rest of it makes sense.
///
/// For looking at files that nobody trusts: broken and hostile ones are scanned as far as they go. It runs the machine
/// that reading runs, so the two cannot differ about what a pickle says.
public struct PickleGlobalScan: Sendable {
  /// A class or function.
  public struct Finding: Sendable {
    /// Its module and name.
    public let global: PickleGlobal
    /// How often the pickle names it; uses of the same mention are not counted.
    public let count: Int
    /// Where the first opcode lies that names it.
    public let firstOffset: Int
    /// Whether a file of weights may name it.
    public let verdict: TorchGlobals.Verdict
  }

  /// Where a pickle stops making sense.
  public struct Defect: Sendable {
    /// Where the opcode lies that cannot be followed.
    public let offset: Int
    /// What is wrong there.
    public let error: FusionError
  }

  /// In the order of their first mention.
  public let findings: [Finding]
  /// What ended the scan before STOP, or lies behind it; `nil` for a pickle that is whole.
  public let defect: Defect?
  /// Bytes up to and with STOP, or up to the defect.
  public let byteCount: Int

  /// Scans one pickle.
  ///
  /// - Parameters:
  ///   - bytes: what the pickle lies in; offsets count from here.
  ///   - offset: where the pickle starts in `bytes`.
  ///   - mayHaveMoreData: whether something may follow STOP.
  public init(_ bytes: UnsafeRawBufferPointer, startingAt offset: Int = 0, mayHaveMoreData: Bool) {
    var machine = PickleMachine(bytes, startingAt: offset, mode: .collecting)
    var defect: Defect?
    do {
      _ = try machine.run()
      machine.opcodeOffset = machine.position
      if !mayHaveMoreData { try machine.checkEnd() }
    } catch let error as FusionError {
      defect = Defect(offset: machine.opcodeOffset, error: error)
    } catch {
      preconditionFailure("an error of another kind: \(error)")
    }
    findings = machine.mentions.map {
      Finding(global: $0.global, count: $0.count, firstOffset: $0.firstOffset, verdict: $0.verdict)
    }
    self.defect = defect
    byteCount = machine.opcodeOffset - offset
  }
}
