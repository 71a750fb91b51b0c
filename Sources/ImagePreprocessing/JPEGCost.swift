import FusionCore

/// What decoding a JPEG file takes, as far as its markers tell.
struct JPEGCost {
  private let markers: JPEGMarkers
  private let fileByteCount: Int

  /// Bytes of a block of coefficients.
  private static let blockByteCount = 64 * 2
  /// Bytes for a column of a component, in the rows between decoding and colour conversion: up to 4 rows of blocks, and
  /// what they are enlarged to.
  private static let columnByteCount = 64

  /// - Parameters:
  ///   - markers: those of a file whose size was checked.
  ///   - fileByteCount: bytes of the file.
  init(_ markers: JPEGMarkers, fileByteCount: Int) {
    self.markers = markers
    self.fileByteCount = fileByteCount
  }

  /// Whether all coefficients are kept until the last scan was read.
  var keepsCoefficients: Bool {
    markers.isProgressive || markers.scanHeaders.first.map { $0.components.count < markers.componentCount } ?? false
  }

  /// Blocks that a component is divided into, those beyond the edges included.
  private func blockCount(_ component: JPEGMarkers.Component) -> Int {
    func count(_ side: Int, _ factor: Int, _ largest: Int) -> Int {
      let blocks = (side * factor + 8 * largest - 1) / (8 * largest)
      return (blocks + factor - 1) / factor * factor
    }
    let widest = markers.components.map(\.horizontal).max() ?? 1
    let highest = markers.components.map(\.vertical).max() ?? 1
    return count(markers.width, component.horizontal, widest) * count(markers.height, component.vertical, highest)
  }

  /// What is held at the peak.
  ///
  /// - Parameter copiesFile: whether the file is copied to leave stray bytes out.
  func memory(copiesFile: Bool = false) -> ImageMemory {
    let pixelCount = markers.width * markers.height
    let rows = Self.columnByteCount * markers.width * markers.componentCount
    let blocks = keepsCoefficients ? markers.components.reduce(0) { $0 + blockCount($1) } : 0
    return ImageMemory(
      lasting: [
        ImageMemory.Part(name: "file", byteCount: (copiesFile ? 2 : 1) * fileByteCount),
        // CMYK is decoded into the place of the picture.
        ImageMemory.Part(name: "samples", byteCount: max(3, markers.componentCount) * pixelCount),
      ],
      decoder: ImageMemory.Part(
        name: blocks > 0 ? "coefficients" : "rows", byteCount: blocks * Self.blockByteCount + rows))
  }

  /// Blocks that a scan passes; an arithmetic-coded coefficient counts as one.
  private func passedBlockCount(_ scan: JPEGMarkers.ScanHeader) -> Int {
    let blocks = scan.components.reduce(0) { sum, identifier in
      // Identifiers may come twice; which component is meant is then the library's choice.
      sum + (markers.components.filter { $0.identifier == identifier }.map(blockCount).max() ?? 0)
    }
    guard markers.isArithmetic else { return blocks }
    return blocks * (markers.isProgressive ? max(1, scan.coefficientCount) : 64)
  }

  /// Blocks that all scans pass in one decoding.
  var passedBlockCount: Int { markers.scanHeaders.reduce(0) { $0 + passedBlockCount($1) } }

  /// Holds number and work of the scans against the limits.
  ///
  /// - Throws: `.imageTooManyScans`, with the place of the first scan that is one too many.
  func checkScans(_ limits: ImageLimits, file: String) throws {
    var passed = 0
    for (index, scan) in markers.scanHeaders.enumerated() {
      passed += passedBlockCount(scan)
      let place = "scan \(index + 1) at offset \(scan.offset)"
      guard index < ImageLimits.maximumScanCount else {
        throw FusionError(
          .imageTooManyScans, "the picture has too many scans", file: file, place: place,
          expected: "at most \(ImageLimits.maximumScanCount) scans", found: "more of them",
          remedy: "save it anew as a baseline JPEG")
      }
      guard passed <= limits.passedBlockCount else {
        let needed = (passedBlockCount * 8 + 999_999) / 1_000_000
        throw FusionError(
          .imageTooManyScans, "the scans of the picture would take too long", file: file, place: place,
          expected: "scans that pass at most \(limits.passedBlockCount) blocks in all, one for 8 bytes of memory",
          found: "\(passed) blocks up to here, in a picture of \(markers.width) x \(markers.height) pixels"
            + (markers.isArithmetic ? " with arithmetic coding, where a coefficient counts as a block" : ""),
          remedy: "save it anew as a baseline JPEG, or allow more with --max-image-memory \(needed)MB")
      }
    }
  }

  /// How many times the file may be decoded in search of stray bytes: four times the work that one picture at the
  /// limits is, but no more than 64 times.
  func mostDecodings(_ limits: ImageLimits) -> Int {
    min(
      64, 4 * ImageLimits.maximumPixelCount / (markers.width * markers.height),
      4 * limits.passedBlockCount / max(1, passedBlockCount))
  }
}
