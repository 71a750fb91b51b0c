/// What all runs together came to.
struct FuzzSummary {
  private var runs: [String: Int] = [:]
  private var statuses: [String: Int] = [:]
  private var seconds = 0.0
  private var slowest = (seconds: 0.0, run: 0)
  private var largest = (byteCount: 0, run: 0)
  private(set) var findingCount = 0

  mutating func add(_ run: FuzzRun) {
    runs[run.command.name, default: 0] += 1
    statuses[run.child.status.map { "\($0)" } ?? "signal \(run.child.signal)", default: 0] += 1
    seconds += run.child.cpuSeconds
    if run.child.cpuSeconds > slowest.seconds { slowest = (run.child.cpuSeconds, run.number) }
    if run.child.residentBytes > largest.byteCount { largest = (run.child.residentBytes, run.number) }
    if !run.findings.isEmpty { findingCount += 1 }
  }

  var text: String {
    let total = runs.values.reduce(0, +)
    return """
      \(total) runs, \(findingCount) findings, \(Int(seconds * 1000) / max(1, total)) ms of computing each; \
      at most \(slowest.seconds) s in run \(slowest.run), \(largest.byteCount >> 20) MiB in run \(largest.run)
        commands  \(Self.list(runs))
        statuses  \(Self.list(statuses))
      """
  }

  private static func list(_ counts: [String: Int]) -> String {
    counts.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
  }
}
