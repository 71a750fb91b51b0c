import Foundation

extension CommandRunner {
  /// Runs the program to its end such that ``Outcome/peakResidentByteCount`` is its own.
  ///
  /// On Linux a spawned process starts with the peak of its parent, which here is a test process of hundreds of
  /// megabytes. So small processes stand in between and measure: the shell, whose seconds have three decimals, and the
  /// command `time` for the memory. They add two milliseconds to the processor time.
  public static func measure(_ arguments: [String], in folder: String) throws -> Outcome {
    let scratch = try TemporaryFolder()
    let (seconds, memory) = (scratch.file("seconds"), scratch.file("memory"))
    let script = #"""
      TIMEFORMAT='%3U %3S'
      { time command time --quiet --format=%M --output="$1" "${@:2}" 2>&3 3>&-; } 3>&2 2>"$0"
      """#
    let shell = try start(
      ["bash", "-c", script, seconds, memory, program] + arguments, in: folder, environment: [:], scratch)
    let outcome = try finish(shell, scratch)
    func numbers(_ path: String) -> [Double] {
      let text = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
      // Some languages write the decimal point as a comma.
      return text.split(whereSeparator: \.isWhitespace).compactMap { Double(String($0.map { $0 == "," ? "." : $0 })) }
    }
    guard let kibibytes = numbers(memory).last, numbers(seconds).count == 2 else { throw POSIXError(.ENODATA) }
    return Outcome(
      status: outcome.status, output: outcome.output, error: outcome.error,
      peakResidentByteCount: Int(kibibytes) * 1024, processorSeconds: numbers(seconds).reduce(0, +))
  }
}
