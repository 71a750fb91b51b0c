import ContainerFormat
import FusionCore

extension CorruptCase {
  /// The index as a message, and its counts.
  static let index: [CorruptCase] = [
    CorruptCase("C5", "not a message", .containerIndexMalformed, place: "index") { $0.indexBytes = [0xFF, 0xFF] },
    CorruptCase("C5", "length of a field beyond the index", .containerIndexMalformed) {
      $0.indexBytes = [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]
    },
    CorruptCase("C5", "required field missing", .containerIndexMalformed) {
      $0.index.edit(chunk(0, 0, 0)) { $0.remove(4) }
    },
    CorruptCase("C5", "provenance missing", .containerIndexMalformed) { $0.index.remove(4) },
    CorruptCase("C5", "unknown field", .containerUnknownField, place: "index") {
      $0.index.fields.append(.init(number: 15, value: .varint(1)))
    },
    CorruptCase("C5", "unknown field of a chunk", .containerUnknownField, place: "stream 0, chunk 1") {
      $0.index.edit(chunk(0, 0, 1)) { $0.fields.append(.init(number: 6, value: .varint(1))) }
    },
    CorruptCase("C5", "unknown field of a statistic", .containerUnknownField) {
      $0.index.edit(statistics) { $0.fields.append(.init(number: 9, value: .fixed64(1))) }
    },
    CorruptCase("C5", "fields out of order", .containerIndexNotCanonical) {
      $0.index.fields.swapAt(0, $0.index.position(4))
    },
    CorruptCase("C5", "a field twice", .containerIndexNotCanonical) {
      $0.index.edit(tensor(0)) { $0.fields.insert($0.fields[0], at: 0) }
    },
    CorruptCase("C5", "number longer than needed", .containerIndexNotCanonical) {
      let provenance = $0.index.fields.removeLast()
      $0.indexBytes = $0.index.encoded + [0xA2, 0x00] + WireMessage([(4, provenance.value)]).encoded.dropFirst()
    },
    CorruptCase("C5", "two million empty texts", .containerIndexTooCostly, expected: "at most 33554432 bytes") {
      $0.index.edit(provenance) { $0.set(4, .bytes([])) }
      guard case .message(let message) = $0.index.fields[$0.index.position(4)].value else { return }
      let flood = [UInt8]((0..<4_000_000).map { $0 % 2 == 0 ? 0x3A : 0 })
      $0.index.set(4, .bytes(message.encoded + flood))
    },
    CorruptCase("C5", "too many tensors", .containerTooMany, expected: "at most 16384 tensors", found: "16385") {
      let tensor = $0.index.fields[0]
      $0.index.fields = Array(repeating: tensor, count: 16_385) + [$0.index.fields[$0.index.position(4)]]
    },
    CorruptCase("C5", "too many aliases", .containerTooMany, found: "1025") {
      let position = $0.index.position(2)
      $0.index.fields.insert(contentsOf: repeatElement($0.index.fields[position], count: 1023), at: position)
    },
    CorruptCase("C5", "too many files", .containerTooMany, expected: "at most 64 files", found: "65") {
      let position = $0.index.position(3)
      $0.index.fields.insert(contentsOf: repeatElement($0.index.fields[position], count: 63), at: position)
    },
    CorruptCase("C5", "too many chunks", .containerTooMany, expected: "at most 131072 chunks") {
      $0.index.edit(stream(0, 0)) {
        let chunk = $0.fields[1]
        $0.fields += repeatElement(chunk, count: 131_072)
      }
    },
    CorruptCase("C5", "too many sources", .containerTooMany, expected: "at most 4096 sources") {
      $0.index.edit(provenance) { $0.repeatField(5, 4095) }
    },
    CorruptCase("C5", "too many fallbacks", .containerTooMany, found: "16385") {
      $0.index.edit(provenance) { $0.repeatField(6, 16_384) }
    },
    CorruptCase("C5", "too many notices", .containerTooMany, found: "1025") {
      $0.index.edit(provenance) { $0.repeatField(7, 1024) }
    },
  ]
}

extension WireMessage {
  /// Puts copies of the first field of a number beside it.
  mutating func repeatField(_ number: Int, _ count: Int) {
    let position = position(number)
    fields.insert(contentsOf: repeatElement(fields[position], count: count), at: position)
  }
}
