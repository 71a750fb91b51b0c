import FusionCore
import TestSupport
import TorchReader

/// Rows about the archive as a whole: P16 and P18 to P20.
extension ZipCase {
  private static let endPlace = "end record, offset 786"
  private static let zip64Place = "Zip64 end record, offset 710"
  private static let central1 = "central directory, entry 1, offset 529, \"archive/data/0\""
  private static let local1 = "local header, offset 102, \"archive/data/0\""

  static let structure: [ZipCase] = [
    ZipCase("P16", "two entries of one place", .torchZipOverlap, "local header, offset 102, \"archive/data/0\"") {
      central(2) { $0.offset = 102 }
    },
    ZipCase("P16", "an entry inside of another", .torchZipOverlap, "local header, offset 102, \"archive/data/0\"") {
      central(2) { $0.offset = 192 }
    },
    ZipCase("P16", "content up to the next content", .torchZipOverlap, local1) {
      central(1) { ($0.compressed, $0.uncompressed) = (300, 300) }
    },
    ZipCase("P16", "extra field over the content", .torchZipOverlap, local1) { local(1) { $0.extraByteCount = 5000 } },
    ZipCase("P18", "empty file", .torchZipNoEndRecord, "offset 0") { [] },
    ZipCase("P18", "no central directory", .torchZipNoEndRecord, "offset 467") {
      Array(ZipBuilder.sample().bytes[..<467])
    },
    ZipCase("P18", "no entries", .torchZipEmpty, "end record, offset 0") { ZipBuilder([], style: .stored).bytes },
    ZipCase("P18", "comment", .torchZipComment, endPlace) { end { $0.comment = Array("hello".utf8) } },
    ZipCase("P18", "comment that is not there", .torchZipComment, endPlace) { end { $0.commentByteCount = 9 } },
    ZipCase("P18", "comment with a second archive", .torchZipPrependedData, "offset 0") {
      let second = ZipBuilder.sample(.stored, root: "second").bytes
      return end { $0.comment = second }
    },
    ZipCase("P18", "bytes after the end", .torchZipTrailingBytes, endPlace) {
      ZipBuilder.sample().bytes + Array("more".utf8)
    },
    ZipCase("P18", "two sets of end records", .torchZipBadZip64, "Zip64 end record, offset 808") {
      let bytes = ZipBuilder.sample().bytes
      return bytes + bytes[710...]
    },
    ZipCase("P18", "two end records", .torchZipSecondEndRecord, "offset 547") {
      let bytes = ZipBuilder.sample(.stored).bytes
      return bytes + bytes[547...]
    },
    ZipCase("P18", "bytes before, offsets not moved", .torchZipPrependedData, "offset 0") {
      var builder = ZipBuilder.sample(.stored)
      builder.prefix = Array("#!/bin/sh\n".utf8)
      return builder.bytes
    },
    ZipCase("P18", "bytes before, offsets moved", .torchZipPrependedData, "offset 0") {
      var builder = ZipBuilder.sample()
      builder.entries[0].isListed = false
      return builder.bytes
    },
    ZipCase("P18", "bytes after the directory", .torchZipDirectoryMisplaced, endPlace.replacing("786", with: "790")) {
      var builder = ZipBuilder.sample()
      builder.beforeEnd = [1, 2, 3, 4]
      return builder.bytes
    },
    ZipCase("P18", "directory beyond the file", .torchZipDirectoryMisplaced, "end record, offset 547") {
      end(style: .stored) { $0.offset = 1 << 30 }
    },
    ZipCase("P18", "too few entries stated", .torchZipBadDirectory, "offset 649") {
      end {
        $0.counts = (3, 3)
        $0.zip64?.counts = (3, 3)
      }
    },
    ZipCase("P18", "one entry too many stated", .torchZipBadDirectory, "central directory, entry 4, offset 710") {
      end {
        $0.counts = (5, 5)
        $0.zip64?.counts = (5, 5)
      }
    },
    ZipCase("P18", "more entries than the directory can hold", .torchZipTooManyEntries, endPlace) {
      end {
        $0.counts = (60000, 60000)
        $0.zip64?.counts = (60000, 60000)
      }
    },
    ZipCase("P18", "more entries than are taken", .torchZipTooManyEntries, endPlace) {
      end {
        $0.counts = (.max, .max)
        $0.zip64?.counts = (1 << 40, 1 << 40)
      }
    },
    ZipCase("P18", "no signature in the directory", .torchZipBadDirectory, "central directory, entry 1, offset 529") {
      central(1) { $0.signature = 0x0201_4B51 }
    },
    ZipCase("P18", "comment of an entry", .torchZipComment, central1) { central(1) { $0.comment = [0x61] } },
    ZipCase("P18", "several disks", .torchZipSeveralDisks, "end record, offset 547") {
      end(style: .stored) { $0.disks = (1, 1) }
    },
    ZipCase("P18", "entries on other disks", .torchZipSeveralDisks, "end record, offset 547") {
      end(style: .stored) { $0.counts = (3, 4) }
    },
    ZipCase("P18", "an entry on another disk", .torchZipSeveralDisks, central1) { central(1) { $0.disk = 1 } },
    ZipCase("P19", "an entry that is not listed", .torchZipUnlistedEntry, "offset 102") {
      entry(1) { $0.isListed = false }
    },
    ZipCase("P19", "the last entry is not listed", .torchZipUnlistedEntry, "offset 384") {
      entry(3) { $0.isListed = false }
    },
    ZipCase("P19", "bytes after an entry", .torchZipGap, "offset 308") { entry(1) { $0.trailer = [1, 2, 3, 4] } },
    ZipCase("P19", "bytes after an entry without a descriptor", .torchZipGap, "offset 384") {
      entry(2) { $0.trailer = [0] }
    },
    ZipCase("P19", "no local header", .torchZipNoLocalHeader, local1) { local(1) { $0.signature = 0 } },
    ZipCase("P19", "local header elsewhere", .torchZipOverlap, "local header, offset 0, \"archive/data.pkl\"") {
      central(1) { $0.offset = 50 }
    },
    ZipCase("P20", "content beyond the file", .torchZipOutOfBounds, central1) {
      central(1) { ($0.compressed, $0.uncompressed) = (1 << 31, 1 << 31) }
    },
    ZipCase("P20", "sizes that wrap", .torchZipOutOfBounds, central1) {
      central(1) {
        ($0.compressed, $0.uncompressed) = (.max, .max)
        $0.extra = ZipBytes.zip64(.max - 100, .max - 100)
      }
    },
    ZipCase("P20", "offset that wraps", .torchZipOutOfBounds, central1) {
      central(1) {
        $0.offset = .max
        $0.extra = ZipBytes.zip64(1 << 63)
      }
    },
    ZipCase("P20", "offset and size that wrap together", .torchZipOutOfBounds, central1) {
      central(1) {
        ($0.compressed, $0.uncompressed, $0.offset) = (.max, .max, .max)
        $0.extra = ZipBytes.zip64(.max - 60, .max - 60, 102)
      }
    },
    ZipCase("P20", "no Zip64 field", .torchZipBadZip64, central1) { central(1) { $0.offset = .max } },
    ZipCase("P20", "a Zip64 field that is too short", .torchZipBadZip64, central1) {
      central(1) {
        $0.offset = .max
        $0.extra = ZipBytes.extra(1, [0, 0, 0, 0])
      }
    },
    ZipCase("P20", "a Zip64 field that is too long", .torchZipBadZip64, central1) {
      central(1) {
        $0.offset = .max
        $0.extra = ZipBytes.zip64(102, 102)
      }
    },
    ZipCase("P20", "a Zip64 field without need", .torchZipBadZip64, central1) {
      central(1) { $0.extra = ZipBytes.zip64(100) }
    },
    ZipCase("P20", "an empty Zip64 field", .torchZipBadZip64, central1) { central(1) { $0.extra = ZipBytes.zip64() } },
    ZipCase("P20", "two Zip64 fields", .torchZipBadZip64, central1) {
      central(1) {
        $0.offset = .max
        $0.extra = ZipBytes.zip64(102) + ZipBytes.zip64(102)
      }
    },
    ZipCase("P20", "extra field longer than its place", .torchZipBadExtraField, central1) {
      central(1) { $0.extra = ZipBytes.extra(0x4246, [1, 2], stated: 3) }
    },
    ZipCase("P20", "extra field without a length", .torchZipBadExtraField, central1) {
      central(1) { $0.extra = [0x46, 0x42, 0] }
    },
    ZipCase("P20", "local padding longer than its place", .torchZipBadExtraField, local1) {
      local(1) { $0.extra = ZipBytes.extra(0x4246, [1, 2], stated: 60) }
    },
    ZipCase("P20", "local Zip64 field without need", .torchZipBadZip64, local1) {
      local(1) { $0.extra = ZipBytes.zip64(100, 100) }
    },
    ZipCase(
      "P20", "other size in the local Zip64 field", .torchZipHeaderMismatch,
      "local header, offset 88, \"archive/data/0\""
    ) {
      local(1, style: .storedZip64) { $0.extra = ZipBytes.zip64(100, 101) }
    },
    ZipCase("P20", "other size in the local header", .torchZipHeaderMismatch, local1) {
      local(1) { $0.uncompressed = 99 }
    },
    ZipCase("P20", "other offset in the 32-bit end record", .torchZipBadZip64, endPlace) { end { $0.offset = 466 } },
    ZipCase("P20", "other count in the 32-bit end record", .torchZipBadZip64, endPlace) { end { $0.counts = (4, 5) } },
    ZipCase("P20", "Zip64 offset that wraps", .torchZipDirectoryMisplaced, endPlace) {
      end {
        $0.offset = .max
        $0.zip64?.offset = .max - 10
      }
    },
    ZipCase("P20", "Zip64 size that is too large", .torchZipTooManyEntries, endPlace) {
      end {
        $0.byteCount = .max
        $0.zip64?.byteCount = 1 << 40
      }
    },
    ZipCase("P20", "locator that points elsewhere", .torchZipBadZip64, zip64Place) {
      end { $0.zip64?.locatorOffset = 709 }
    },
    ZipCase("P20", "locator that points to 2^64 - 1", .torchZipBadZip64, zip64Place) {
      end { $0.zip64?.locatorOffset = .max }
    },
    ZipCase("P20", "Zip64 end record of another size", .torchZipBadZip64, zip64Place) {
      end { $0.zip64?.recordByteCount = 45 }
    },
    ZipCase("P20", "Zip64 end record with more bytes", .torchZipBadZip64, "Zip64 end record, offset 714") {
      end { $0.zip64?.extensible = [0, 0, 0, 0] }
    },
    ZipCase("P20", "Zip64 disks", .torchZipSeveralDisks, zip64Place) { end { $0.zip64?.disks = (0, 1) } },
    ZipCase("P20", "locator with two disks", .torchZipSeveralDisks, "Zip64 locator, offset 766") {
      end { $0.zip64?.diskCount = 2 }
    },
  ]
}
