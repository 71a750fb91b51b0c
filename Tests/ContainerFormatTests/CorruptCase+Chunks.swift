import ContainerFormat
import FusionCore
import ZstdCodec

extension CorruptCase {
  private static func value(_ index: inout WireMessage, _ path: [(Int, Int)], _ field: Int) -> UInt64 {
    var result: UInt64 = 0
    index.edit(path) { result = $0.number(field) }
    return result
  }

  /// Changes a byte of a chunk and states the checksum that the new bytes have.
  private static func rewrite(
    _ container: inout ForgedContainer, _ path: [(Int, Int)], byte: Int, _ change: (UInt8) -> UInt8
  ) {
    let start = Int(value(&container.index, path, 1)) - 64
    let count = Int(value(&container.index, path, 2))
    container.body[start + byte] = change(container.body[start + byte])
    let sum = ContainerChecksum.of(Array(container.body[start..<start + count]))
    container.index.edit(path) { $0.set(4, .fixed64(sum)) }
  }

  private static let values = "tensor \"s.a\", values"
  private static let codes = "tensor \"s.c\", codes"

  /// Chunks: sizes, places, content.
  static let chunks: [CorruptCase] = [
    CorruptCase(
      "C7", "chunk missing", .containerChunkCountWrong, place: values, expected: "3 chunks", found: "2 chunks"
    ) {
      $0.index.edit(stream(0, 0)) { $0.remove(2, 2) }
    },
    CorruptCase("C7", "chunk too many", .containerChunkCountWrong, found: "4 chunks") {
      $0.index.edit(stream(0, 0)) { $0.repeatField(2, 1) }
    },
    CorruptCase(
      "C7", "shape larger than the data", .containerChunkSizeWrong, place: "\(values), chunk 2", expected: "240 bytes",
      found: "120 bytes"
    ) {
      $0.index.edit(tensor(0)) { $0.set(5, .bytes([6, 60])) }
    },
    CorruptCase(
      "C7", "raw size a byte too large", .containerChunkSizeWrong, place: "\(values), chunk 0", expected: "240 bytes",
      found: "241 bytes"
    ) {
      $0.index.edit(chunk(0, 0, 0)) { $0.set(3, .varint(241)) }
    },
    CorruptCase(
      "C7", "rows of more than 16 MiB", .containerChunkTooLarge, place: "tensor \"s.e\", values, chunk 0",
      found: "16777220 bytes"
    ) {
      let position = $0.index.position(1, 4)
      $0.index.edit(tensor(4)) {
        $0.fields.insert(.init(number: 5, value: .bytes([1] + WireMessage.varint((4 << 20) + 1))), at: 4)
      }
      precondition(position == 4)
    },
    CorruptCase("C7", "file chunk of another size", .containerChunkSizeWrong, place: "file \"config.json\", chunk 0") {
      $0.index.edit(file(0)) { $0.set(2, .varint(175)) }
    },
    CorruptCase(
      "C7", "chunk of an empty file", .containerChunkCountWrong, place: "file \"empty.json\"", expected: "1 chunks"
    ) {
      $0.index.edit(file(1)) { $0.set(2, .varint(1)) }
    },
    CorruptCase("C8", "unknown coding", .containerInvalidCoding, place: "tensor \"s.a\", stream 0, chunk 0", found: "4")
    {
      $0.index.edit(chunk(0, 0, 0)) { $0.set(5, .varint(4)) }
    },
    CorruptCase("C8", "coding 0", .containerInvalidCoding, found: "0") {
      $0.index.edit(chunk(0, 0, 0)) { $0.set(5, .varint(0)) }
    },
    CorruptCase("C8", "compressed data called raw", .containerInvalidCoding, place: "\(values), chunk 0") {
      $0.index.edit(chunk(0, 0, 0)) { $0.set(5, .varint(1)) }
    },
    CorruptCase("C8", "raw data called compressed", .containerInvalidCoding, place: "\(codes), chunk 0") {
      $0.index.edit(chunk(2, 0, 0)) { $0.set(5, .varint(2)) }
    },
    CorruptCase("C8", "byte planes of codes", .containerInvalidCoding, place: "tensor \"s.b\", codes, chunk 0") {
      $0.index.edit(chunk(1, 0, 0)) { $0.set(5, .varint(3)) }
    },
    CorruptCase("C8", "byte planes of a file", .containerInvalidCoding, place: "file \"config.json\", chunk 0") {
      $0.index.edit(file(0) + [(3, 0)]) { $0.set(5, .varint(3)) }
    },
    CorruptCase("C7", "empty compressed chunk", .containerInvalidCoding, place: "\(values), chunk 0") {
      $0.index.edit(chunk(0, 0, 0)) { $0.set(2, .varint(0)) }
    },
    CorruptCase("C7", "stored size near 2^63", .containerInvalidCoding) {
      $0.index.edit(chunk(0, 0, 0)) { $0.set(2, .varint(UInt64(Int.max))) }
    },
    CorruptCase("C11", "overlap with the chunk before", .containerChunkOverlap, place: "\(values), chunk 1") {
      let offset = value(&$0.index, chunk(0, 0, 1), 1)
      $0.index.edit(chunk(0, 0, 1)) { $0.set(1, .varint(offset - 1)) }
    },
    CorruptCase("C11", "two chunks at one place", .containerChunkOverlap) {
      let offset = value(&$0.index, chunk(2, 0, 0), 1)
      $0.index.edit(chunk(2, 0, 1)) { $0.set(1, .varint(offset)) }
    },
    CorruptCase(
      "C11", "chunk in the header", .containerChunkOverlap, place: "\(values), chunk 0", expected: "offset 64",
      found: "offset 0"
    ) {
      $0.index.edit(chunk(0, 0, 0)) { $0.set(1, .varint(0)) }
    },
    CorruptCase(
      "C11", "hole before the first chunk", .containerChunkGap, place: "\(values), chunk 0", found: "offset 65"
    ) {
      $0.index.edit(chunk(0, 0, 0)) { $0.set(1, .varint(65)) }
    },
    CorruptCase("C6", "raw chunk not aligned", .containerChunkGap, place: "\(codes), chunk 0") {
      let offset = value(&$0.index, chunk(2, 0, 0), 1)
      $0.index.edit(chunk(2, 0, 0)) { $0.set(1, .varint(offset + 1)) }
    },
    CorruptCase("C6", "more padding than needed", .containerChunkGap, place: "\(codes), chunk 0") {
      let offset = value(&$0.index, chunk(2, 0, 0), 1)
      $0.index.edit(chunk(2, 0, 0)) { $0.set(1, .varint(offset + 64)) }
      $0.index.edit(chunk(2, 0, 1)) { $0.set(1, .varint(offset + 128)) }
    },
    CorruptCase(
      "C11", "chunk behind the file", .containerChunkOutside, place: "\(values), chunk 0",
      found: "offset \(Int.max) and"
    ) {
      $0.index.edit(chunk(0, 0, 0)) { $0.set(1, .varint(UInt64(Int.max))) }
    },
    CorruptCase("C11", "chunk in the index", .containerChunkOutside) {
      let end = UInt64(64 + $0.body.count)
      $0.index.edit(chunk(0, 0, 0)) { $0.set(1, .varint(end)) }
    },
    CorruptCase(
      "C11", "offset of 2^64 - 1", .containerNumberTooLarge, place: "tensor \"s.a\", stream 0, chunk 0, offset"
    ) {
      $0.index.edit(chunk(0, 0, 0)) { $0.set(1, .varint(.max)) }
    },
    CorruptCase("C11", "chunk left out of the index", .containerChunkGap) { $0.index.remove(1, 0) },
    CorruptCase(
      "C11", "chunk checksum wrong", .containerChunkDamaged, place: "\(values), chunk 1",
      expected: "checksum 0000000000000000", opens: true
    ) {
      $0.index.edit(chunk(0, 0, 1)) { $0.set(4, .fixed64(0)) }
    },
    CorruptCase("C11", "two chunks exchanged", .containerChunkDamaged, place: "\(codes), chunk 0", opens: true) {
      let first = value(&$0.index, chunk(2, 0, 0), 1)
      let second = value(&$0.index, chunk(2, 0, 1), 1)
      $0.index.edit(chunk(2, 0, 0)) { $0.set(1, .varint(second)) }
      $0.index.edit(chunk(2, 0, 1)) { $0.set(1, .varint(first)) }
    },
    CorruptCase("C11", "damage in a file", .containerChunkDamaged, place: "file \"config.json\", chunk 0", opens: true)
    {
      let offset = value(&$0.index, file(0) + [(3, 0)], 1)
      $0.flip(at: Int(offset))
    },
    CorruptCase("C6", "padding used", .containerPaddingNotZero, found: "another byte", opens: true) {
      let offset = value(&$0.index, chunk(2, 0, 1), 1)
      $0.flip(at: Int(offset) - 1)
    },
    CorruptCase("C6", "padding before the index used", .containerPaddingNotZero, opens: true) {
      $0.flip(at: 63 + $0.body.count)
    },
    CorruptCase(
      "C10", "reserved bit in a chunk's frame", .zstdReservedBit,
      place: "\(values), chunk 0, byte 4 of the compressed data", opens: true
    ) { rewrite(&$0, chunk(0, 0, 0), byte: 4) { $0 | 8 } },
    CorruptCase("C8", "content size of a chunk's frame wrong", .zstdContentSizeWrong, found: "241 bytes", opens: true) {
      rewrite(&$0, chunk(0, 0, 0), byte: 5) { $0 + 1 }
    },
  ]
}
