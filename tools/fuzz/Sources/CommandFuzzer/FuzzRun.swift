import Foundation

/// One run of the program over inputs some of which were changed, held against what it promises on any input.
struct FuzzRun {
  let number: Int
  let command: CommandCase
  private(set) var changes: [String] = []
  private(set) var child = ChildProcess()
  /// The promises that were broken.
  private(set) var findings: [String] = []

  /// Statuses that the program ends with, but for 70, which is for its own defects.
  private static let statuses: Set<Int32> = [0, 3, 64, 65, 66, 73, 74]
  private static let mostResidentBytes = 500_000_000

  private let folder: String
  private let base: String

  /// Runs a command of a kind.
  ///
  /// - Parameter changesInputs: whether to change any; without changes the command must succeed.
  init(_ number: Int, kind: String, changesInputs: Bool, _ options: FuzzerOptions, in folder: String) throws {
    var random = RandomSource(seed: options.seed, run: number)
    self.number = number
    self.folder = folder
    base = "\(options.scratch)/base"
    command = CommandCases.make(kind, &random)
    File.remove(folder)
    for name in ["out", "tmp"] { try File.makeFolder("\(folder)/\(name)") }
    for name in command.inputs + command.continued {
      try File.makeFolder("\(folder)/\(name.split(separator: "/").dropLast().joined(separator: "/"))")
      // What the program goes on writing must not be the base's own file.
      if command.continued.contains(name) {
        try File.copy("\(base)/\(name)", to: "\(folder)/\(name)")
      } else {
        try File.link("\(base)/\(name)", to: "\(folder)/\(name)")
      }
    }
    if changesInputs, !(command.inputs + command.continued).isEmpty {
      for _ in 0..<random.pick([1, 1, 1, 2, 3]) {
        let change = try InputMutation(command.inputs + command.continued, in: folder, base: base, &random)
        changes.append(change.description)
      }
    }
    let before = TreeSnapshot(of: folder)
    child = try ChildProcess.run(options.program, command.arguments, in: folder)
    judge(before, mustSucceed: !changesInputs)
  }

  private mutating func judge(_ before: TreeSnapshot, mustSucceed: Bool) {
    if let stopped = child.stopped {
      findings.append("the process was ended: \(stopped)")
    } else if child.status == nil {
      findings.append("signal \(child.signal)")
    } else if let status = child.status, !Self.statuses.contains(status) {
      findings.append("exit status \(status)")
    }
    let succeeded = child.status == 0 || child.status == 3
    // Pictures for a language model are a wrong choice, not a wrong input.
    if mustSucceed, !succeeded, command.name != "eval" || child.status != 64 {
      findings.append("inputs without a change were refused")
    }
    if child.cpuSeconds > command.mostSeconds { findings.append("\(child.cpuSeconds) seconds of computing") }
    if child.residentBytes > Self.mostResidentBytes { findings.append("\(child.residentBytes) bytes of memory") }
    if child.status != nil, !succeeded, child.error.isEmpty { findings.append("no word on standard error") }
    if succeeded, command.wantsJSON, (try? JSONSerialization.jsonObject(with: Data(child.output))) == nil {
      findings.append("standard output is no JSON document")
    }
    let permitted = succeeded || command.keepsOutputs ? command.outputs : []
    for name in TreeSnapshot(of: folder).differences(from: before)
    where !permitted.contains(where: { name == $0 || name.hasPrefix($0 + "/") }) {
      findings.append(File.status("\(folder)/\(name)") == nil ? "\(name) is gone" : "\(name) is new or changed")
    }
  }

  /// The command as a shell takes it, in the folder of the run.
  func words(_ program: String) -> String {
    ([program] + command.arguments).map { word in
      let isPlain =
        !word.isEmpty && word.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"'\"*[]<>|$\\;&".utf8.contains($0) }
      return isPlain ? word : "'\(word.replacing("'", with: "'\\''"))'"
    }.joined(separator: " ")
  }

  /// Everything about a finding, and moves the inputs to where they stay.
  func keep(_ options: FuzzerOptions) throws -> String {
    let kept = "\(options.findings)/run-\(options.seed)-\(number)"
    try File.makeFolder(options.findings)
    File.remove(kept)
    if rename(folder, kept) != 0 {
      try File.copy(folder, to: kept)
      File.remove(folder)
    }
    let error = String(decoding: child.error.prefix(2000), as: UTF8.self)
    let report = """
      finding in run \(number): \(findings.joined(separator: "; "))
        changed   \(changes.joined(separator: "\n            "))
        repeat    (cd \(kept) && \(words(options.program)))
        or        tools/fuzz/commands --seed \(options.seed) --only \(number)
        status    \(child.status.map { "\($0)" } ?? "signal \(child.signal)"), \(child.cpuSeconds) s, \
      \(child.residentBytes >> 20) MiB
        \(error.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n  "))
      """
    try File.write(report + "\n", to: "\(kept)/finding.txt")
    return report
  }
}
