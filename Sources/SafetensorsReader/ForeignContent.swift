import FusionCore

/// Tells what a file is that is not safetensors, from its first bytes.
///
/// It is asked only when the file cannot be safetensors, so that it never turns a good file away.
enum ForeignContent {
  /// Bytes that are looked at.
  static let prefixByteCount = 1024

  /// The error that fits, or `nil` if the content is of no kind that is known here.
  static func recognise(_ contents: UnsafeRawBufferPointer) -> FusionError? {
    let prefix = Array(contents.prefix(prefixByteCount))
    let text = String(decoding: prefix, as: UTF8.self)
    if let error = MissingDownload.recognise(contents, codePrefix: "safetensors") { return error }
    let foreign: (found: String, remedy: String)? =
      if prefix.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
        ("a zip archive", "if it is a PyTorch checkpoint, give it an ending such as .bin, .pt or .pth")
      } else if prefix.starts(with: "GGUF".utf8) {
        ("a GGUF file", "give the checkpoint that it was made from, in safetensors")
      } else if prefix.starts(with: "{".utf8) {
        ("JSON text", "name the checkpoint's folder, or one of its safetensors files")
      } else if prefix.count >= 8,
        prefix.prefix(64).allSatisfy({ (0x20..<0x7F).contains($0) || $0 == 0x0A || $0 == 0x0D })
      {
        ("text that starts with " + TensorName.quoted(String(text.prefix(60))), "download the file again")
      } else {
        nil
      }
    return foreign.map {
      FusionError(
        .safetensorsForeignFormat, "the file is not in the safetensors format", place: "offset 0",
        expected: "the length of a safetensors header", found: $0.found, remedy: $0.remedy)
    }
  }
}
