/// Gives the lines of a text one after the other, with their numbers, as parts of the text.
struct LineScanner {
  private let bytes: UnsafeRawBufferPointer
  private var next = 0
  /// Number of the line that ``nextLine()`` gave last, counted from 1.
  private(set) var number = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// Offset of the line that comes next.
  var offset: Int { next }

  /// The range of the next line without its end, LF or CR LF; `nil` after the last one.
  ///
  /// A line that is longer than ``QuestionLimits/lineByteCount`` is given up to one byte more than that, so that a file
  /// without line ends is refused before all of it is read.
  mutating func nextLine() -> Range<Int>? {
    guard next < bytes.count else { return nil }
    let start = next
    let (sum, isTooFar) = start.addingReportingOverflow(QuestionLimits.lineByteCount + 2)
    let limit = isTooFar ? bytes.count : min(bytes.count, sum)
    var end = start
    while end < limit, bytes[end] != UInt8(ascii: "\n") { end += 1 }
    next = end + 1
    number += 1
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return start..<end
  }
}

extension UnsafeRawBufferPointer {
  /// Whether there is nothing but white space of JSON.
  var isBlank: Bool { allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D } }

  /// Bytes of a byte order mark at the start: 3 or 0.
  var markByteCount: Int { starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }

  /// Number of the line that an offset lies in, counted from 1.
  func lineNumber(at offset: Int) -> Int { self[..<offset].count { $0 == UInt8(ascii: "\n") } + 1 }
}
