import FusionCore

/// What is held at the peak of reading a picture, as far as its header tells.
struct ImageMemory {
  /// A thing that takes memory.
  struct Part {
    /// What it is, for a person.
    let name: String
    let byteCount: Int
  }

  /// The file itself, and its pixels.
  let lasting: [Part]
  /// What the decoder holds besides; gone before the picture is cut into crops.
  let decoder: Part

  /// What is held at the peak, for crops of a side.
  func parts(width: Int, height: Int, cropSide: Int) -> [Part] {
    let crops = Part(
      name: "crops", byteCount: ImageCrops.workingByteCount(width: width, height: height, side: cropSide))
    return lasting + [crops.byteCount > decoder.byteCount ? crops : decoder]
  }

  /// Holds the peak against a limit.
  ///
  /// - Parameter advice: what makes such a picture cheaper to read.
  /// - Throws: `.imageTooMuchMemory`.
  func check(_ limits: ImageLimits, width: Int, height: Int, file: String, advice: String) throws {
    let parts = parts(width: width, height: height, cropSide: limits.cropSide)
    let byteCount = parts.reduce(0) { $0 + $1.byteCount }
    guard byteCount > limits.memoryByteCount else { return }
    let needed = Self.text(byteCount)
    throw FusionError(
      .imageTooMuchMemory, "reading the picture would take too much memory", file: file, place: "the header",
      expected: "at most \(limits.memoryByteCount) bytes of memory",
      found: "\(width) x \(height) pixels that take about \(needed): "
        + parts.map { "\(Self.text($0.byteCount)) for the \($0.name)" }.joined(separator: ", "),
      remedy: "\(advice), or allow that much with --max-image-memory \(needed.filter { $0 != " " })")
  }

  /// Whole megabytes, rounded up, so that the number is enough as a limit.
  private static func text(_ byteCount: Int) -> String { "\((byteCount + 999_999) / 1_000_000) MB" }
}
