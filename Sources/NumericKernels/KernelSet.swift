internal import CNumericKernels
import FusionCore
import Glibc

/// The numeric kernels of one instruction-set level.
///
/// Every level computes the same bits; a level is chosen for speed only, and printed in reports. The functions check
/// their counts (a broken promise stops the program) and then call the C kernel.
public struct KernelSet: Sendable {
  /// The level of these kernels.
  public let level: InstructionSetLevel
  // A table of function pointers that is never written.
  nonisolated(unsafe) let table: UnsafePointer<fk_kernels>

  /// Groups that one tile holds side by side.
  public static let laneCount = Int(FK_LANES)

  /// The environment variable that forces a level.
  public static let environmentVariable = "FUSION_ISA"

  /// The kernels of a level.
  ///
  /// - Returns: `nil` if this machine cannot run it.
  public init?(level: InstructionSetLevel) {
    guard let table = fk_kernels_for(level.code) else { return nil }
    self.level = level
    self.table = table
  }

  /// The kernels for this machine: the best level, or the one that ``environmentVariable`` names.
  ///
  /// - Throws: a usage error if the variable names a level that does not exist or that this machine cannot run.
  public static func forThisMachine() throws -> KernelSet {
    try forThisMachine(named: getenv(environmentVariable).map { String(cString: $0) })
  }

  /// The kernels for this machine: the best level, or the one that a person named.
  ///
  /// - Parameter name: raw value of a level; `nil` or nothing for the best.
  /// - Throws: a usage error if no level has that name or this machine cannot run it.
  public static func forThisMachine(named name: String?) throws -> KernelSet {
    let levels = InstructionSetLevel.available
    if let name, !name.isEmpty {
      guard let level = InstructionSetLevel(rawValue: name), let set = KernelSet(level: level) else {
        throw FusionError(
          .unknownInstructionSet, "this machine has no such instruction-set level", place: environmentVariable,
          expected: "one of \(levels.map(\.rawValue).joined(separator: ", "))", found: name,
          remedy: "leave --isa and \(environmentVariable) out to use the best level")
      }
      return set
    }
    guard let best = levels.max(), let set = KernelSet(level: best) else {
      preconditionFailure("the portable level exists on every machine")
    }
    return set
  }
}

extension FusionError.Code {
  /// A level was asked for by name that does not exist or cannot run here.
  public static let unknownInstructionSet = Self("kernels.unknownInstructionSet", .usage)
}
