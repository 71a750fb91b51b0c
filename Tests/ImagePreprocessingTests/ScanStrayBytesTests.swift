import FusionCore
import ImagePreprocessing
import TestSupport
import Testing

/// Bytes behind any scan of a JPEG file change no pixel, and make no damage elsewhere pass.
@Suite struct ScanStrayBytesTests {
  static let names = [
    "444-37x29.jpg", "restart.jpg", "cmyk.jpg", "grey-progressive.jpg", "420-progressive.jpg", "422-progressive.jpg",
    "444-progressive.jpg", "restart-progressive.jpg",
  ]
  static let progressive = names.filter { $0.contains("progressive") }
  static let strays: [[UInt8]] = [
    [0x00], [0x00, 0x00, 0x00, 0x00], [UInt8](repeating: 0, count: 12), [UInt8](0x11...0x1C), [0xFF, 0x00, 0x55],
    [UInt8](repeating: 0xFF, count: 30) + [0x00, 0x12], [UInt8](repeating: 0x7E, count: 3000),
  ]

  private func code(_ bytes: [UInt8]) -> FusionError.Code? {
    do {
      _ = try ImageDecoder.decode(bytes, file: "picture")
      return nil
    } catch {
      return (error as? FusionError)?.code
    }
  }

  @Test(arguments: names, strays) func behindEachScanTheyChangeNothing(_ name: String, _ stray: [UInt8]) throws {
    let file = try JPEGFile(name)
    let whole = try ImageDecoder.decode(file.bytes, file: name)
    let ends = file.scanEnds
    #expect(ends.count >= (name.contains("progressive") ? 6 : 1))
    for end in ends {
      #expect(try ImageDecoder.decode(file.inserting(stray, at: [end]), file: name) == whole, "behind \(end)")
    }
    #expect(try ImageDecoder.decode(file.inserting(stray, at: ends), file: name) == whole)
  }

  @Test(arguments: progressive) func behindSomeScansTheyChangeNothing(_ name: String) throws {
    let file = try JPEGFile(name)
    let whole = try ImageDecoder.decode(file.bytes, file: name)
    var random = SplitMix64(seed: 38)
    for _ in 0..<60 {
      var changed = file.bytes
      for end in file.scanEnds.reversed() where random.next() % 2 == 0 {
        let stray = (0..<(random.next() % 20)).map { _ in UInt8(random.next() % 255) }
        changed.insert(contentsOf: stray, at: end)
      }
      #expect(try ImageDecoder.decode(changed, file: name) == whole)
    }
  }

  /// One scan has bytes too many and another too few: as many in all as the whole file, and the same kinds of marker.
  @Test(arguments: progressive) func behindOneScanTheyDoNotHideWhatAnotherLacks(_ name: String) throws {
    let file = try JPEGFile(name)
    let ends = file.scanEnds
    for stray in ends.indices {
      for lacking in ends.indices where lacking != stray {
        // The last byte of a scan holds a bit at least, and one of 0xFF 0x00 goes with the other.
        let lost = file.bytes[ends[lacking] - 1] == 0x00 ? 2 : 1
        var changed = file.bytes
        for scan in [stray, lacking].sorted().reversed() {
          if scan == stray {
            changed.insert(contentsOf: [UInt8](repeating: 0, count: 12), at: ends[scan])
          } else {
            changed.removeSubrange((ends[scan] - lost)..<ends[scan])
          }
        }
        #expect(code(changed) == .imageDamaged, "scan \(stray) too long, \(lacking) too short")
      }
    }
  }

  @Test(arguments: ["restart.jpg", "restart-progressive.jpg"])
  func beforeARestartTheyAreRefused(_ name: String) throws {
    let file = try JPEGFile(name)
    let restarts = file.bytes.indices.dropLast().filter { file.bytes[$0] == 0xFF && 0xD0...0xD7 ~= file.bytes[$0 + 1] }
    #expect(!restarts.isEmpty)
    for restart in restarts {
      #expect(code(file.inserting([UInt8](repeating: 0, count: 12), at: [restart])) == .imageDamaged)
    }
  }
}
