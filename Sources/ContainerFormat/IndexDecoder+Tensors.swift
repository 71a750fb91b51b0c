internal import CContainerMessages
internal import CProtobufC
import FusionCore

extension IndexDecoder {
  static func tensor(_ message: Fusion__Container__Tensor, _ place: String) throws -> ContainerTensor {
    try checkKnown(message.base, place)
    let canonicalName = try text(message.canonical_name, .name, place, "canonical name")
    let place = IndexPlace.tensor(canonicalName)
    let role = try text(message.role, .label, place, "role")
    let name = try text(message.name, .name, place, "name")
    let typeName = try text(message.dtype, .label, place, "type")
    guard let dtype = DType(rawValue: typeName) else {
      throw FusionError.container(
        .containerUnknownType, "an element type is unknown", place: place, expected: "a type of the format",
        found: typeName)
    }
    let shape = try shape(message, place)
    let encoding = try encoding(message, place)
    return ContainerTensor(
      name: name, canonicalName: canonicalName, role: role, dtype: dtype, shape: shape, encoding: encoding,
      rowsPerChunk: try integer(message.rows_per_chunk, place, "rows per chunk"),
      streams: try list(message.streams, message.n_streams, "\(place), stream", stream),
      sourceFileIndex: Int(message.source_file_index),
      statistics: try message.statistics.map { try statistics($0.pointee, place) })
  }

  private static func shape(_ message: Fusion__Container__Tensor, _ place: String) throws -> Shape {
    func refusal(_ expected: String, _ found: String) -> FusionError {
      FusionError.container(
        .containerInvalidShape, "a shape is not permitted", place: place, expected: expected, found: found)
    }
    guard message.n_shape <= Shape.maximumRank else {
      throw refusal("at most \(Shape.maximumRank) dimensions", "\(message.n_shape) dimensions")
    }
    let sizes = try (0..<message.n_shape).map { try integer(message.shape[$0], place, "dimension \($0)") }
    guard let shape = Shape(sizes) else { throw refusal("fewer than 2^63 elements", "\(sizes)") }
    return shape
  }

  private static func encoding(_ message: Fusion__Container__Tensor, _ place: String) throws -> TensorEncoding {
    let kindName = try text(message.encoding, .label, place, "encoding")
    guard let encoding = TensorEncoding(label: kindName, groupSize: Int(message.group_size)) else {
      throw FusionError.container(
        .containerInvalidEncoding, "an encoding is not permitted", place: place,
        expected: "an encoding of the format with one of its group sizes",
        found: "\(kindName) with group size \(message.group_size)")
    }
    return encoding
  }

  private static func stream(_ message: Fusion__Container__Stream, _ place: String) throws -> ContainerStream {
    try checkKnown(message.base, place)
    guard let kind = TensorEncoding.StreamKind(rawValue: message.kind) else {
      throw FusionError.container(
        .containerStreamsWrong, "a stream is of an unknown kind", place: place, expected: "1 to 5",
        found: "\(message.kind)")
    }
    return ContainerStream(kind: kind, chunks: try chunks(message.chunks, message.n_chunks, place))
  }

  /// There may be hundreds of thousands of chunks, so their places are put into words only for an error.
  static func chunks(
    _ messages: UnsafeMutablePointer<UnsafeMutablePointer<Fusion__Container__Chunk>?>?, _ count: Int, _ place: String
  ) throws -> [ContainerChunk] {
    guard let messages else { return [] }
    return try (0..<count).compactMap { position in
      do {
        return try messages[position].map { try chunk($0.pointee) }
      } catch let error as FusionError {
        throw error.inPlace(IndexPlace.chunk(place, position))
      }
    }
  }

  private static func chunk(_ message: Fusion__Container__Chunk) throws -> ContainerChunk {
    try checkKnown(message.base, nil)
    guard let coding = ChunkCoding(rawValue: message.coding) else {
      throw FusionError.container(
        .containerInvalidCoding, "a chunk has an unknown coding", expected: "1 to 3",
        found: "\(message.coding)")
    }
    return ContainerChunk(
      offset: try integer(message.offset, nil, "offset"),
      storedByteCount: try integer(message.stored_byte_count, nil, "stored size"),
      rawByteCount: try integer(message.raw_byte_count, nil, "raw size"), checksum: message.checksum, coding: coding)
  }

  private static func statistics(_ message: Fusion__Container__Statistics, _ place: String) throws -> TensorStatistics {
    try checkKnown(message.base, "\(place), statistics")
    return TensorStatistics(
      minimum: message.minimum, maximum: message.maximum, mean: message.mean,
      standardDeviation: message.standard_deviation, signalEnergy: message.signal_energy,
      errorEnergy: message.error_energy,
      largestDeviation: message.has_largest_deviation != 0 ? message.largest_deviation : nil)
  }
}

// Steps that all messages share.
extension IndexDecoder {
  /// Refuses fields that the format does not have; protobuf-c keeps them apart.
  static func checkKnown(_ base: ProtobufCMessage, _ place: @autoclosure () -> String?) throws {
    guard base.n_unknown_fields != 0 else { return }
    throw FusionError.container(
      .containerUnknownField, "the index has a field that the format does not have", place: place(),
      expected: "no unknown field", found: "\(base.n_unknown_fields)")
  }

  static func list<Message, Value>(
    _ messages: UnsafeMutablePointer<UnsafeMutablePointer<Message>?>?, _ count: Int, _ place: String,
    _ decode: (Message, String) throws -> Value
  ) throws -> [Value] {
    guard let messages else { return [] }
    var values: [Value] = []
    values.reserveCapacity(count)
    for position in 0..<count {
      guard let message = messages[position] else { continue }
      values.append(try decode(message.pointee, "\(place) \(position)"))
    }
    return values
  }

  static func integer(_ value: UInt64, _ place: String?, _ field: String) throws -> Int {
    guard let number = Int(exactly: value) else {
      throw FusionError.container(
        .containerNumberTooLarge, "a number of the index is too large", place: place.map { "\($0), \(field)" } ?? field,
        expected: "below 2^63", found: "\(value)")
    }
    return number
  }

  static func text(
    _ value: ProtobufCBinaryData, _ kind: ContainerText, _ place: String, _ field: String
  ) throws -> String {
    try kind.decode(UnsafeRawBufferPointer(start: value.data, count: value.len), place: "\(place), \(field)")
  }

  static func digest(_ value: ProtobufCBinaryData, _ place: String) throws -> [UInt8] {
    try IndexValidator.checkDigest(byteCount: value.len, place)
    return Array(UnsafeBufferPointer(start: value.data, count: value.len))
  }
}
