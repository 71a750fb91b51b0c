import Foundation
import FusionCore
import Glibc
import Synchronization

/// Standard output and standard error.
enum Console {
  /// Error number of the first thing that did not get onto standard output; 0 if there is none.
  private static let outputErrorNumber = Atomic<Int32>(0)

  /// Finds out whether everything got onto standard output. A reader that went away wanted no more, which is no error.
  ///
  /// - Throws: `.noSpace` or `.writeFailed`.
  static func checkOutput() throws {
    let number = outputErrorNumber.load(ordering: .relaxed)
    guard number != 0, number != EPIPE else { return }
    throw FusionError(
      number == ENOSPC ? .noSpace : .writeFailed, "cannot write to standard output", file: "standard output",
      expected: "all output written", found: FusionError.systemMessage(number),
      remedy: "make room where the output goes")
  }

  /// Prints text for people or programs on standard output.
  static func printOutput(_ text: String) { write(text.hasSuffix("\n") ? text : text + "\n", to: STDOUT_FILENO) }

  /// Prints a message on standard error.
  static func printError(_ text: String) { write(text.hasSuffix("\n") ? text : text + "\n", to: STDERR_FILENO) }

  /// Prints one JSON document on standard output: keys sorted, so that it can be compared.
  ///
  /// JSON itself permits direction marks and one-byte control sequences in strings; they are written as escapes, since
  /// the document may be shown on a terminal.
  ///
  /// JSON has no number for what is not finite; such a value is one of the strings `NaN`, `Infinity` and `-Infinity`.
  ///
  /// - Throws: what the encoder throws; it has no reason to.
  static func printJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    printOutput(String(decoding: try encoder.encode(value), as: UTF8.self).jsonEscapedForTerminal)
  }

  /// Whether standard error is a terminal.
  static var isTerminal: Bool { isatty(STDERR_FILENO) != 0 }

  /// Whether standard output is a terminal.
  static var isOutputTerminal: Bool { isatty(STDOUT_FILENO) != 0 }

  /// Whether text on standard output may be coloured: on a terminal that can, unless NO_COLOR is set (no-color.org).
  static var showsColor: Bool {
    let environment = ProcessInfo.processInfo.environment
    return isOutputTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
  }

  /// Columns of the terminal; 80 if it does not say.
  static var width: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Writes all of a text, however long its reader takes. What cannot be written to standard output is remembered for
  /// ``checkOutput()``.
  static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      // Whoever made the other end of a pipe may have made it one that does not wait for room.
      if count < 0, errno == EAGAIN || errno == EWOULDBLOCK, waitForRoom(descriptor) { continue }
      guard count > 0 else {
        let number = count < 0 ? errno : EIO
        if descriptor == STDOUT_FILENO {
          _ = outputErrorNumber.compareExchange(expected: 0, desired: number, ordering: .relaxed)
        }
        return
      }
      bytes = bytes.dropFirst(count)
    }
  }

  /// Waits until a descriptor takes more bytes, or will say why it never does.
  ///
  /// - Returns: whether it is worth trying again.
  private static func waitForRoom(_ descriptor: Int32) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    while true {
      let count = poll(&request, 1, -1)
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      return count > 0
    }
  }
}
