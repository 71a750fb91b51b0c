import ConversionPipeline
import FusionCore
import TextTokenizer

/// A text file of `calibrate` and `diff --text`: windows of the length asked for, from the text's beginning on.
enum TextFuzzing {
  static func run(_ bytes: UnsafeRawBufferPointer) throws {
    guard let tokenizer = TokenizerFuzzing.byteLevel else { throw FuzzFinding("the fixed tokenizer was refused") }
    // The length is told by the text, so that all are tried.
    let length = 2 + bytes.prefix(64).reduce(0) { ($0 + Int($1)) % 7 }
    try ScratchFile.with(Array(bytes), "text.txt") { path in
      let windows = TextWindows(path, length: length, limit: 50, for: .calibration, tokenizer, longest: 100)
      var tokens: [Int] = []
      do {
        tokens = try check(windows, length: length).flatMap { $0 }
      } catch let error as FusionError where error.code == .calibrationWithoutSamples {
        try FuzzFinding.require(bytes.count <= 8, "there is nothing in \(bytes.count) bytes")
      }
      let comparison = TextWindows(path, length: length, limit: 50, for: .comparison, tokenizer, longest: 100)
      do {
        let compared = try check(comparison, length: length)
        try FuzzFinding.require(compared.allSatisfy { $0.count == length }, "a window of another length")
        try FuzzFinding.require(tokens.starts(with: compared.joined()), "the purposes see other tokens")
      } catch let error as FusionError where error.code == .noSamples {
        try FuzzFinding.require(tokens.count < length, "\(tokens.count) tokens fill no window of \(length)")
      }
    }
  }

  private static func check(_ text: TextWindows, length: Int) throws -> [[Int]] {
    let windows = try text.windows()
    try FuzzFinding.require((1...50).contains(windows.count), "\(windows.count) windows")
    try FuzzFinding.require(
      windows.dropLast().allSatisfy { $0.count == length } && windows.allSatisfy { (2...length).contains($0.count) },
      "windows of \(windows.map(\.count)) tokens")
    return windows
  }
}
