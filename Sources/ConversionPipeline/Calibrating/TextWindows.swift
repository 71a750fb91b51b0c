import FusionCore
import MappedFiles
import TextTokenizer
import WeightGraph

/// A text file as windows of tokens, from its beginning on.
///
/// Every window begins with the token that begins a text, where the tokenizer has one: the model has never seen a
/// sequence without it.
struct TextWindows {
  /// Bytes that are read for a token: even text that tokenizes badly for being long has fewer.
  private static let bytesPerToken = 16
  private static let leastByteCount = 1 << 16

  private let path: String
  private let length: Int
  private let limit: Int
  private let tokenizer: TextTokenizer

  init(_ path: String, _ options: CalibrationOptions, _ runner: ModelRunner) {
    self.path = path
    let longest = runner.model.configuration.language.maxPositionEmbeddings
    length = options.contextLength ?? min(CalibrationOptions.standardContextLength, longest)
    limit = options.sampleLimit
    tokenizer = runner.tokenizer
  }

  /// The tokens of each window; two at least, and in all but the last one as many as asked for.
  ///
  /// - Throws: `.cannotOpen`; `.calibrationTextEncoding`, `.calibrationWithoutSamples`.
  func windows() throws -> [[Int]] {
    let tokens = tokenizer.encode(try text(), addingSpecialTokens: false)
    let begin = tokenizer.encode("").first.flatMap { $0 == tokenizer.beginToken ? $0 : nil }
    let prefix = [begin].compactMap { $0 }
    let step = length - prefix.count
    var windows: [[Int]] = []
    for start in stride(from: 0, to: tokens.count, by: step) where windows.count < limit {
      let window = prefix + tokens[start..<min(start + step, tokens.count)]
      if window.count >= 2 { windows.append(window) }
    }
    guard !windows.isEmpty else {
      throw FusionError(
        .calibrationWithoutSamples, "there is nothing to calibrate the model on", file: path,
        expected: "text of at least two tokens", found: "\(tokens.count)", remedy: "give a longer text")
    }
    return windows
  }

  private func text() throws -> String {
    let file = try MappedFile(path: path)
    let wanted = CheckedArithmetic.product(limit, length).flatMap { CheckedArithmetic.product($0, Self.bytesPerToken) }
    let count = min(file.byteCount, max(wanted ?? .max, Self.leastByteCount))
    return try file.withBytes(in: 0..<count) { bytes in
      var end = count
      // A character that the limit cuts in two is left out.
      if count < file.byteCount {
        while end > 0, count - end < 4, bytes[end - 1] & 0xC0 == 0x80 { end -= 1 }
        if end > 0, bytes[end - 1] >= 0xC0 { end -= 1 }
      }
      let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
      let whole = UnsafeRawBufferPointer(rebasing: bytes[min(start, end)..<end])
      guard let text = String(validating: whole, as: UTF8.self) else { throw encodingError(whole) }
      return text
    }
  }

  private func encodingError(_ bytes: UnsafeRawBufferPointer) -> FusionError {
    var line = 1
    for part in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if String(validating: part, as: UTF8.self) == nil { break }
      line += 1
    }
    return FusionError(
      .calibrationTextEncoding, "the text is not UTF-8", file: path, place: "line \(line)", expected: "UTF-8",
      found: "other bytes", remedy: "save the text as UTF-8; a question file must not be named .txt")
  }
}

extension FusionError.Code {
  /// A text to calibrate on that is not UTF-8.
  public static let calibrationTextEncoding = Self("calibration.textEncoding")
}
