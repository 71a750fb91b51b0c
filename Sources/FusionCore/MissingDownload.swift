/// Tells what lies where a large file should be when its download did not work.
public enum MissingDownload {
  /// Bytes that are looked at.
  private static let prefixByteCount = 1024

  /// The error that fits, or `nil` if the content may be the file itself.
  ///
  /// - Parameter codePrefix: what the error's code begins with, such as `safetensors`.
  public static func recognise(_ contents: UnsafeRawBufferPointer, codePrefix: String) -> FusionError? {
    let text = String(decoding: contents.prefix(prefixByteCount), as: UTF8.self)
    if text.hasPrefix("version https://git-lfs.github.com/") { return pointer(text, codePrefix) }
    let start = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }.prefix(16).lowercased()
    let isPage = ["<!doctype", "<html", "<head", "<?xml", "<!--"].contains(where: start.hasPrefix)
    return isPage ? webPage(start, codePrefix) : nil
  }

  private static func pointer(_ text: String, _ codePrefix: String) -> FusionError {
    let size = text.split(separator: "\n").first { $0.hasPrefix("size ") }?.dropFirst(5).prefix(20) ?? ""
    let known = !size.isEmpty && size.allSatisfy { $0.isASCII && $0.isNumber }
    return FusionError(
      FusionError.Code("\(codePrefix).gitLFSPointer"), "the file was not downloaded", place: "offset 0",
      expected: "the file itself",
      found: "a Git LFS pointer" + (known ? " that stands for a file of \(size) bytes" : ""),
      remedy: "run `git lfs pull` in the folder of the checkpoint, or download the file itself")
  }

  private static func webPage(_ start: String, _ codePrefix: String) -> FusionError {
    FusionError(
      FusionError.Code("\(codePrefix).webPage"), "the file was not downloaded", place: "offset 0",
      expected: "the file itself",
      found: "a web page that starts with " + TensorName.quoted(start),
      remedy: "download the file again; a page in its place means that the address was wrong or a login is needed")
  }
}
