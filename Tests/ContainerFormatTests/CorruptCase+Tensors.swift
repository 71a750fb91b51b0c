import ContainerFormat
import FusionCore

extension CorruptCase {
  private static func shape(_ sizes: [UInt64]) -> WireMessage.Value { .bytes(sizes.flatMap(WireMessage.varint)) }
  private static let a = "tensor \"s.a\""

  /// Shapes, encodings, statistics, digests.
  static let tensors: [CorruptCase] = [
    CorruptCase(
      "C2", "nine dimensions", .containerInvalidShape, place: a, expected: "at most 8 dimensions",
      found: "9 dimensions"
    ) { $0.index.edit(tensor(0)) { $0.set(5, shape([5, 60, 1, 1, 1, 1, 1, 1, 1])) } },
    CorruptCase("C2", "a million dimensions", .containerInvalidShape, found: "1000000 dimensions") {
      $0.index.edit(tensor(0)) { $0.set(5, .bytes([UInt8](repeating: 1, count: 1_000_000))) }
    },
    CorruptCase("C3", "product overflows", .containerInvalidShape, place: a, expected: "fewer than 2^63 elements") {
      $0.index.edit(tensor(0)) { $0.set(5, shape([1 << 32, 1 << 32])) }
    },
    CorruptCase("C3", "product overflows to zero beside a zero", .containerInvalidShape) {
      $0.index.edit(tensor(0)) { $0.set(5, shape([1 << 62, 4, 0])) }
    },
    CorruptCase("C3", "bytes overflow", .containerInvalidShape, expected: "fewer than 2^63 bytes") {
      $0.index.edit(tensor(0)) { $0.set(5, shape([1 << 31, 1 << 31])) }
    },
    CorruptCase("C3", "size of 2^63", .containerNumberTooLarge, place: "\(a), dimension 1", found: "\(UInt64(1) << 63)")
    {
      $0.index.edit(tensor(0)) { $0.set(5, shape([5, 1 << 63])) }
    },
    CorruptCase(
      "C4", "size of zero", .containerInvalidShape, place: a, expected: "sizes of at least 1", found: "[5, 0]"
    ) {
      $0.index.edit(tensor(0)) { $0.set(5, shape([5, 0])) }
    },
    CorruptCase("C4", "no rows", .containerInvalidShape, found: "[0, 60]") {
      $0.index.edit(tensor(0)) { $0.set(5, shape([0, 60])) }
    },
    CorruptCase("C7", "unknown element type", .containerUnknownType, place: a, found: "F4") {
      $0.index.edit(tensor(0)) { $0.set(4, text: "F4") }
    },
    CorruptCase("C13", "unknown encoding", .containerInvalidEncoding, place: a, found: "int3 with group size 0") {
      $0.index.edit(tensor(0)) { $0.set(6, text: "int3") }
    },
    CorruptCase("C13", "group size 48", .containerInvalidEncoding, found: "int8 with group size 48") {
      $0.index.edit(tensor(1)) { $0.set(7, .varint(48)) }
    },
    CorruptCase("C13", "group size of verbatim values", .containerInvalidEncoding, found: "verbatim with group size 32")
    {
      $0.index.edit(tensor(0)) { $0.set(7, .varint(32)) }
    },
    CorruptCase(
      "C13", "group size not that of the stored scales", .containerChunkSizeWrong,
      place: "tensor \"s.b\", scales, chunk 0", expected: "20 bytes", found: "12 bytes"
    ) { $0.index.edit(tensor(1)) { $0.set(7, .varint(16)) } },
    CorruptCase(
      "C13", "group size zero for stored groups", .containerChunkSizeWrong, expected: "8 bytes", found: "12 bytes"
    ) {
      $0.index.edit(tensor(1)) { $0.set(7, .varint(0)) }
    },
    CorruptCase(
      "C13", "codes of integers", .containerInvalidEncoding, expected: "F16, BF16 or F32", found: "int8-g32 of I16"
    ) {
      $0.index.edit(tensor(1)) { $0.set(4, text: "I16") }
    },
    CorruptCase("C7", "chunk of no rows", .containerInvalidRows, place: a, expected: "1 to 5 rows", found: "0 rows") {
      $0.index.edit(tensor(0)) { $0.set(8, .varint(0)) }
    },
    CorruptCase("C7", "chunk of more rows than there are", .containerInvalidRows, found: "6 rows") {
      $0.index.edit(tensor(0)) { $0.set(8, .varint(6)) }
    },
    CorruptCase("C7", "rows of a chunk near 2^63", .containerInvalidRows) {
      $0.index.edit(tensor(0)) { $0.set(8, .varint(UInt64(Int.max))) }
    },
    CorruptCase(
      "C13", "stream missing", .containerStreamsWrong, place: "tensor \"s.b\"", expected: "codes, scales",
      found: "codes"
    ) {
      $0.index.edit(tensor(1)) { $0.remove(9, 1) }
    },
    CorruptCase(
      "C13", "zero points beside codes of a grid", .containerStreamsWrong, place: "tensor \"s.c\"",
      expected: "codes, scales", found: "codes, scales, zero points"
    ) {
      $0.index.edit(tensor(2)) { $0.set(6, text: "int4-nl") }
    },
    CorruptCase(
      "C13", "codes of a grid with another group size", .containerChunkSizeWrong,
      place: "tensor \"s.g\", scales, chunk 0", expected: "12 bytes", found: "8 bytes"
    ) {
      $0.index.edit(tensor(6)) { $0.set(7, .varint(16)) }
    },
    CorruptCase("C13", "streams exchanged", .containerStreamsWrong, found: "scales, codes") {
      $0.index.edit(tensor(1)) { $0.fields.swapAt($0.position(9, 0), $0.position(9, 1)) }
    },
    CorruptCase("C13", "no stream", .containerStreamsWrong, found: "no streams") {
      $0.index.edit(tensor(0)) { $0.remove(9) }
    },
    CorruptCase("C13", "unknown stream", .containerStreamsWrong, place: "\(a), stream 0", found: "6") {
      $0.index.edit(stream(0, 0)) { $0.set(1, .varint(6)) }
    },
    CorruptCase("C15", "source not listed", .containerSourceIndex, place: a, expected: "below 2", found: "2") {
      $0.index.edit(tensor(0)) { $0.set(10, .varint(2)) }
    },
    CorruptCase(
      "own", "statistic not a number", .containerInvalidStatistics, place: "tensor \"s.b\"", expected: "finite numbers"
    ) {
      $0.index.edit(statistics) { $0.set(3, .fixed64(Double.nan.bitPattern)) }
    },
    CorruptCase("own", "statistic infinite", .containerInvalidStatistics) {
      $0.index.edit(statistics) { $0.set(5, .fixed64(Double.infinity.bitPattern)) }
    },
    CorruptCase("own", "minimum above maximum", .containerInvalidStatistics, expected: "at most 1.0", found: "2.0") {
      $0.index.edit(statistics) { $0.set(1, .fixed64((2.0).bitPattern)) }
    },
    CorruptCase("own", "negative energy", .containerInvalidStatistics, expected: "at least 0") {
      $0.index.edit(statistics) { $0.set(6, .fixed64((-1.0).bitPattern)) }
    },
    CorruptCase(
      "C7", "digest too short", .containerInvalidDigest, place: "source 0", expected: "32 bytes", found: "31 bytes"
    ) {
      $0.index.edit(source(0)) { $0.set(3, .bytes([UInt8](repeating: 1, count: 31))) }
    },
    CorruptCase("C7", "no digest of a file", .containerInvalidDigest, place: "file \"config.json\"", found: "0 bytes") {
      $0.index.edit(file(0)) { $0.set(4, .bytes([])) }
    },
    CorruptCase(
      "C7", "file above the limit", .containerFileTooLarge, place: "file \"config.json\"", found: "268435457 bytes"
    ) {
      $0.index.edit(file(0)) { $0.set(2, .varint((256 << 20) + 1)) }
    },
    CorruptCase("C7", "file of 2^63 bytes", .containerNumberTooLarge, place: "file \"config.json\", size") {
      $0.index.edit(file(0)) { $0.set(2, .varint(1 << 63)) }
    },
  ]
}
