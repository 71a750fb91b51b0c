import FusionCore
import Glibc
import MappedFiles
import NumericKernels
import SyntheticData

/// What a program does once before it reads files.
public enum FaultHandling {
  /// Turns the fault of a mapped file that was truncated into a message and an exit status.
  public static func install() { MappingFaultHandler.install() }
}

extension ExecutionOptions {
  /// The best kernels of this machine, or those that are asked for, by name or by the environment.
  ///
  /// - Parameter instructionSet: for the whole process from now on, in place of what the environment says.
  /// - Throws: a usage error if kernels are asked for that this machine cannot run.
  public static func forThisMachine(threads: Int, instructionSet: String? = nil) throws -> ExecutionOptions {
    if let instructionSet { setenv(KernelSet.environmentVariable, instructionSet, 1) }
    return ExecutionOptions(threads: threads, kernels: try KernelSet.forThisMachine())
  }
}

/// The checkpoints that ``CheckpointSynthesizer`` knows, by name.
public enum SynthesisPreset {
  /// All names.
  public static var names: [String] { CheckpointPreset.allCases.map(\.rawValue) }

  /// The preset of a name.
  ///
  /// - Throws: a usage error that lists the names.
  public static func named(_ name: String) throws -> CheckpointPreset {
    guard let preset = CheckpointPreset(name: name) else {
      throw FusionError(
        .unknownPreset, "unknown preset", place: name, expected: names.joined(separator: ", "), found: name,
        remedy: "choose one of these names")
    }
    return preset
  }
}

extension FusionError.Code {
  /// A preset's name is not known.
  public static let unknownPreset = Self("options.unknownPreset", .usage)
}
