import FusionCore
import MappedFiles
import TextTokenizer
import WeightGraph

/// A text file as windows of tokens, from its beginning on.
public struct TextWindows {
  /// What windows are cut for.
  public enum Purpose: Sendable {
    /// Every window begins with the token that begins a text, where the tokenizer has one: the model has never seen a
    /// sequence without it. The last window may be shorter than the others.
    case calibration
    /// Windows hold the tokens of the text and no other, and all are equally long, so that another program that reads
    /// the text compares its models at the very same positions.
    case comparison
  }

  /// Bytes that are read for a token at first: even text that tokenizes badly for being long has fewer.
  private static let bytesPerToken = 16
  private static let leastByteCount = 1 << 16

  /// Tokens of a window.
  public let length: Int

  private let path: String
  private let limit: Int
  private let purpose: Purpose
  private let tokenizer: TextTokenizer

  init(_ path: String, length: Int?, limit: Int, for purpose: Purpose, _ runner: ModelRunner) {
    self.init(
      path, length: length, limit: limit, for: purpose, runner.tokenizer,
      longest: runner.model.configuration.language.maxPositionEmbeddings)
  }

  /// Collects what is needed; the file is read later.
  ///
  /// - Parameters:
  ///   - path: the text file, UTF-8.
  ///   - length: tokens of a window; `nil` for ``CalibrationOptions/standardContextLength`` or the model's context,
  ///     whichever is less.
  ///   - limit: windows at most.
  ///   - tokenizer: what makes tokens of the text.
  ///   - longest: the model's context in tokens.
  public init(
    _ path: String, length: Int?, limit: Int, for purpose: Purpose, _ tokenizer: TextTokenizer, longest: Int
  ) {
    self.path = path
    self.length = length ?? min(CalibrationOptions.standardContextLength, longest)
    self.limit = limit
    self.purpose = purpose
    self.tokenizer = tokenizer
  }

  /// The tokens of each window; two at least, and in all but the last one as many as asked for.
  ///
  /// - Throws: `.cannotOpen`; `.textEncoding`; `.calibrationWithoutSamples` or `.noSamples`, also where a window would
  ///   have no token after which another one could come.
  public func windows() throws -> [[Int]] {
    guard length >= 2 else { throw shortError }
    let prefix = purpose == .calibration ? beginning : []
    let leastCount = purpose == .calibration ? 2 : length
    let step = length - prefix.count
    let tokens = try tokens(atLeast: CheckedArithmetic.product(limit, step) ?? .max)
    var windows: [[Int]] = []
    for start in stride(from: 0, to: tokens.count, by: step) where windows.count < limit {
      let window = prefix + tokens[start..<min(start + step, tokens.count)]
      if window.count >= leastCount { windows.append(window) }
    }
    guard !windows.isEmpty else { throw emptyError(tokens.count) }
    return windows
  }

  /// The token that begins a text, where the tokenizer has one.
  private var beginning: [Int] {
    tokenizer.encode("").first.flatMap { $0 == tokenizer.beginToken ? [$0] : nil } ?? []
  }

  /// The text's first tokens: so many, or all there are.
  private func tokens(atLeast count: Int) throws -> [Int] {
    let file = try MappedFile(path: path)
    var byteCount = max(CheckedArithmetic.product(count, Self.bytesPerToken) ?? .max, Self.leastByteCount)
    while true {
      let tokens = tokenizer.encode(try text(file, byteLimit: byteCount), addingSpecialTokens: false)
      // The last tokens of a text that was cut may be others than in the whole one, so some are left over.
      if byteCount >= file.byteCount || tokens.count / 2 >= count { return tokens }
      byteCount = CheckedArithmetic.product(byteCount, 2) ?? .max
    }
  }

  private func text(_ file: MappedFile, byteLimit: Int) throws -> String {
    let count = min(file.byteCount, byteLimit)
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

  private var shortError: FusionError {
    FusionError(
      purpose == .calibration ? .calibrationWithoutSamples : .noSamples,
      "the model's context is too short for a window of text", file: path, place: "max_position_embeddings",
      expected: "a context of at least two tokens", found: "\(length)",
      remedy: "use the config.json that was published with the model")
  }

  private func emptyError(_ count: Int) -> FusionError {
    switch purpose {
    case .calibration:
      FusionError(
        .calibrationWithoutSamples, "there is nothing to calibrate the model on", file: path,
        expected: "text of at least two tokens", found: "\(count)", remedy: "give a longer text")
    case .comparison:
      FusionError(
        .noSamples, "the text does not fill a window", file: path, expected: "at least \(length) tokens",
        found: "\(count)", remedy: "give a longer text, or a lower --context")
    }
  }

  private func encodingError(_ bytes: UnsafeRawBufferPointer) -> FusionError {
    var line = 1
    for part in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if String(validating: part, as: UTF8.self) == nil { break }
      line += 1
    }
    let hint = purpose == .calibration ? "; a question file must not be named .txt" : ""
    return FusionError(
      .textEncoding, "the text is not UTF-8", file: path, place: "line \(line)", expected: "UTF-8",
      found: "other bytes", remedy: "save the text as UTF-8\(hint)")
  }
}

extension FusionError.Code {
  /// A text that is not UTF-8.
  public static let textEncoding = Self("text.encoding")
}
