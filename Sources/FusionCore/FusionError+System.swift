import Glibc

extension FusionError.Code {
  /// A file or folder that was named does not exist or cannot be opened.
  public static let cannotOpen = Self("file.cannotOpen", .missingInput)
  /// Reading from a file failed on the way.
  public static let readFailed = Self("file.readFailed", .inputOutput)
  /// A file is not what it was when it was opened.
  public static let changedWhileReading = Self("file.changedWhileReading", .inputOutput)
  /// An output cannot be created where it was asked for.
  public static let cannotCreate = Self("file.cannotCreate", .cannotCreate)
  /// The output is there already.
  public static let outputExists = Self("file.outputExists", .cannotCreate)
  /// Writing failed on the way.
  public static let writeFailed = Self("file.writeFailed", .inputOutput)
  /// The disk, or a share of it, is full.
  public static let noSpace = Self("file.noSpace", .inputOutput)
  /// A file may not become as large as it would have to be.
  public static let sizeLimit = Self("file.sizeLimit", .inputOutput)
}

extension FusionError {
  /// The system's words for an `errno` value.
  public static func systemMessage(_ number: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard strerror_r(number, &buffer, buffer.count) == 0 else { return "error \(number)" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// A failed open of an input; where the process has too much open already, that is the machine's fault.
  public static func cannotOpen(_ path: String, errno number: Int32) -> FusionError {
    guard number != EMFILE, number != ENFILE, number != ENOMEM else {
      return FusionError(
        .readFailed, "cannot open the input", file: path, expected: "room for one more file",
        found: systemMessage(number), remedy: "raise the limits of this process (ulimit -n, ulimit -v)")
    }
    return FusionError(
      .cannotOpen, "cannot open the input", file: path, expected: "a file that can be read",
      found: systemMessage(number),
      remedy: number == ENOENT ? "check the path for a typing mistake" : "check the permissions of the path")
  }

  /// A failed write to an output; a full disk and a limit on the size of files have their own codes.
  public static func writeFailed(_ path: String, at offset: Int, errno number: Int32) -> FusionError {
    let (code, summary, remedy): (Code, String, String) =
      switch number {
      case ENOSPC: (.noSpace, "no space left for the output", "free space on that disk, or write to another one")
      case EDQUOT:
        (.noSpace, "no space left for the output", "free some of your share of that disk, or write to another one")
      case EFBIG:
        (
          .sizeLimit, "the output may not become that large",
          "raise the limit (ulimit -f), or write to a file system that holds larger files"
        )
      case EMFILE, ENFILE, ENOMEM:
        (
          .writeFailed, "the output cannot be opened beside all that is open",
          "raise the limits of this process (ulimit -n, ulimit -v)"
        )
      default: (.writeFailed, "writing the output failed", "check the disk and try again")
      }
    return FusionError(
      code, summary, file: path, place: "offset \(offset)", expected: "the bytes to be written",
      found: systemMessage(number), remedy: remedy)
  }
}
