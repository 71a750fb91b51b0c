import FusionCore
import TestSupport
import Testing
import TorchReader

/// Damage of every kind to a small archive: refused, or without any effect.
@Suite struct ZipDamageTests {
  @Test(arguments: ZipBuilder.Style.allCases)
  func refusesEveryPrefix(_ style: ZipBuilder.Style) throws {
    let bytes = ZipBuilder.sample(style).bytes
    let files = try ZipFiles()
    for length in 0..<bytes.count {
      let error = #expect(throws: FusionError.self) { try files.archive(Array(bytes[..<length])) }
      #expect(error?.code == .torchZipNoEndRecord, "prefix of \(length) bytes")
      #expect(error?.place == "offset \(length)")
    }
  }

  /// A changed bit matters, unless it is one of a time, an attribute, a version or padding.
  @Test(arguments: [.torch, .storedZip64] as [ZipBuilder.Style])
  func refusesEveryFlippedBitThatMatters(_ style: ZipBuilder.Style) throws {
    let bytes = ZipBuilder.sample(style).bytes
    let files = try ZipFiles()
    let sound = try files.archive(bytes)
    let harmless = harmlessOffsets(bytes, sound)
    let contents = Set(sound.entries.flatMap { Array($0.dataRange) })
    var accepted = 0
    for offset in bytes.indices {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[offset] ^= 1 << bit
        guard let archive = try? files.archive(damaged) else { continue }
        accepted += 1
        #expect(archive.entries == sound.entries)
        #expect(archive.root == sound.root)
        #expect(archive.statesChecksums)
        let isWhole = archive.entries.allSatisfy { (try? archive.checkContents(of: $0)) != nil }
        // The structure does not know the contents; their checksums do.
        #expect(isWhole == !contents.contains(offset), "bit \(bit) at offset \(offset)")
        #expect(harmless.contains(offset) || contents.contains(offset), "bit \(bit) at offset \(offset)")
      }
    }
    // All bits of the contents, of the times and of the attributes.
    #expect(accepted >= (contents.count + 4 * (4 + 10)) * 8)
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func survivesRandomDamage(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let bytes = ZipBuilder.sample(ZipBuilder.Style.allCases.randomElement(using: &random) ?? .torch).bytes
    let files = try ZipFiles()
    var refused = 0
    for _ in 0..<1500 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let value = [0, 0xFF, UInt8.random(in: 0...255, using: &random)].randomElement(using: &random) ?? 0
        damaged[Int.random(in: 0..<bytes.count, using: &random)] = value
      }
      do {
        let archive = try files.archive(damaged)
        var end = 0
        for entry in archive.entries {
          #expect(entry.dataRange.lowerBound >= end + 30)
          end = entry.dataRange.upperBound
        }
        #expect(end < damaged.count)
      } catch is FusionError {
        refused += 1
      }
    }
    #expect(refused > 700)
  }

  /// Offsets of bytes that say nothing about names and contents.
  private func harmlessOffsets(_ bytes: [UInt8], _ archive: ZipArchive) -> Set<Int> {
    var offsets: Set<Int> = []
    for offset in bytes.indices.dropLast(4) where bytes[offset] == 0x50 && bytes[offset + 1] == 0x4B {
      switch bytes[offset + 2] {
      case 3:
        // Version, time and date, and the inside of PyTorch's padding.
        offsets.formUnion([4..<6, 10..<14].flatMap { $0.map { offset + $0 } })
        let padding = offset + 30 + Int(bytes[offset + 26])
        let content = archive.entries.first { $0.dataRange.lowerBound > offset }?.dataRange.lowerBound ?? 0
        if content > padding + 4, bytes[padding] == 0x46 { offsets.formUnion((padding + 4)..<content) }
      case 1:
        // Versions, time and date, attributes.
        offsets.formUnion([4..<8, 12..<16, 36..<42].flatMap { $0.map { offset + $0 } })
      case 6:
        // Versions.
        offsets.formUnion((offset + 12)..<(offset + 16))
      default: break
      }
    }
    return offsets
  }
}
