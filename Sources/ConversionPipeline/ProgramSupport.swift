import FusionCore
import Glibc
import MappedFiles
import NumericKernels
import SyntheticData

/// What a program does once before it reads files.
public enum FaultHandling {
  /// Turns the fault of a mapped file that was truncated into a message and an exit status, and lets a signal that ends
  /// the program remove what is unfinished first.
  public static func install() {
    MappingFaultHandler.install()
    Interruption.install()
  }

  /// Waits for the end of the program if a signal is ending it, so that nothing is printed beside what it says.
  public static func waitIfEnding() { UnfinishedWork.waitIfAbandoned() }

  /// Puts in order what earlier runs that were killed left near some paths.
  ///
  /// - Parameter arguments: of the command line; those that are no paths do no harm.
  /// - Returns: what was restored, a sentence each.
  public static func restoreLeftovers(near arguments: [String]) -> [String] {
    LeftoverSweep.run(
      near: arguments.filter { !$0.isEmpty && (!$0.hasPrefix("-") || $0.contains("=")) }.prefix(64).map { $0 })
  }
}

/// The arguments of a program, whose bytes need not be UTF-8.
public enum ProgramArguments {
  /// All but the program's name; bytes that are not UTF-8 as paths have them in this program.
  public static var all: [String] {
    let arguments = UnsafeBufferPointer(start: CommandLine.unsafeArgv, count: Int(CommandLine.argc))
    return arguments.dropFirst().compactMap { argument in
      argument.map { String(pathBytes: UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
    }
  }
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
