import Dispatch
import Foundation
import Glibc
import Synchronization

/// Runs the program over changed inputs of all kinds and says which promises it broke; see `tools/fuzz/commands --help`.
@main
enum CommandFuzzer {
  static func main() {
    do {
      let options = try FuzzerOptions(Array(CommandLine.arguments.dropFirst()))
      exit(try run(options) == 0 ? 0 : 1)
    } catch let misuse as FuzzerOptions.Misuse {
      complain("\(misuse.sentence); try --help")
      exit(64)
    } catch {
      complain("\(error)")
      exit(70)
    }
  }

  private static func complain(_ sentence: String) { FileHandle.standardError.write(Data("fuzz: \(sentence)\n".utf8)) }

  /// - Returns: how many findings there were.
  private static func run(_ options: FuzzerOptions) throws -> Int {
    signal(SIGPIPE, SIG_IGN)
    var noCores = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(4), &noCores)
    _ = try BaseInputs(options)
    let summary = Mutex(FuzzSummary())
    let trouble = Mutex<String?>(nil)
    let numbers = options.only.map { [$0] } ?? Array(0..<(options.runs + CommandCases.kinds.count))
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: options.jobs) { job in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < numbers.count, trouble.withLock({ $0 == nil }) else { return }
        do {
          let run = try one(numbers[index], options, in: "\(options.scratch)/job-\(job)")
          summary.withLock { $0.add(run) }
          if !run.findings.isEmpty {
            print(try run.keep(options))
            fflush(nil)
          }
        } catch {
          trouble.withLock { $0 = "\(error)" }
        }
      }
    }
    if let trouble = trouble.withLock({ $0 }) { throw Trouble(trouble) }
    for job in 0..<options.jobs { File.remove("\(options.scratch)/job-\(job)") }
    let count = summary.withLock { summary in
      print(summary.text)
      return summary.findingCount
    }
    return count
  }

  /// The first runs try every kind of command without a change.
  private static func one(_ number: Int, _ options: FuzzerOptions, in folder: String) throws -> FuzzRun {
    let kinds = CommandCases.kinds
    if number < kinds.count {
      return try FuzzRun(number, kind: kinds[number], changesInputs: false, options, in: folder)
    }
    var random = RandomSource(seed: ~options.seed, run: number)
    return try FuzzRun(number, kind: CommandCases.pick(&random), changesInputs: true, options, in: folder)
  }
}
