internal import CContainerMessages
internal import CProtobufC
import FusionCore

/// Packs an index into its canonical bytes.
struct IndexEncoder {
  private let arena = MessageArena()

  /// The bytes of an index.
  ///
  /// - Precondition: the index was validated, so that no number is negative.
  static func encode(_ index: ContainerIndex) -> [UInt8] {
    let encoder = IndexEncoder()
    let message = encoder.message(index)
    return withExtendedLifetime(encoder.arena) {
      let size = fusion__container__index__get_packed_size(message)
      return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        count = fusion__container__index__pack(message, buffer.baseAddress)
      }
    }
  }

  private func message(_ index: ContainerIndex) -> UnsafeMutablePointer<Fusion__Container__Index> {
    let message = arena.allocate(Fusion__Container__Index.self, count: 1)
    fusion__container__index__init(message)
    message.pointee.n_tensors = index.tensors.count
    message.pointee.tensors = arena.messages(index.tensors, { fusion__container__tensor__init($0) }, fill)
    message.pointee.n_aliases = index.aliases.count
    message.pointee.aliases = arena.messages(index.aliases, { fusion__container__alias__init($0) }, fill)
    message.pointee.n_files = index.files.count
    message.pointee.files = arena.messages(index.files, { fusion__container__file__init($0) }, fill)
    let provenance = arena.allocate(Fusion__Container__Provenance.self, count: 1)
    fusion__container__provenance__init(provenance)
    fill(index.provenance, provenance)
    message.pointee.provenance = provenance
    return message
  }

  private func fill(_ tensor: ContainerTensor, _ message: UnsafeMutablePointer<Fusion__Container__Tensor>) {
    message.pointee.name = arena.binary(tensor.name)
    message.pointee.canonical_name = arena.binary(tensor.canonicalName)
    message.pointee.role = arena.binary(tensor.role)
    message.pointee.dtype = arena.binary(tensor.dtype.rawValue)
    let shape = arena.allocate(UInt64.self, count: tensor.shape.rank)
    for (position, size) in tensor.shape.dimensions.enumerated() { shape[position] = UInt64(size) }
    message.pointee.n_shape = tensor.shape.rank
    message.pointee.shape = shape
    message.pointee.encoding = arena.binary(tensor.encoding.label)
    message.pointee.group_size = UInt32(tensor.encoding.groupSize)
    message.pointee.rows_per_chunk = UInt64(tensor.rowsPerChunk)
    message.pointee.n_streams = tensor.streams.count
    message.pointee.streams = arena.messages(tensor.streams, { fusion__container__stream__init($0) }, fill)
    message.pointee.source_file_index = UInt32(tensor.sourceFileIndex)
    guard let statistics = tensor.statistics else { return }
    let values = arena.allocate(Fusion__Container__Statistics.self, count: 1)
    fusion__container__statistics__init(values)
    fill(statistics, values)
    message.pointee.statistics = values
  }

  private func fill(_ stream: ContainerStream, _ message: UnsafeMutablePointer<Fusion__Container__Stream>) {
    message.pointee.kind = stream.kind.rawValue
    message.pointee.n_chunks = stream.chunks.count
    message.pointee.chunks = arena.messages(stream.chunks, { fusion__container__chunk__init($0) }, fill)
  }

  private func fill(_ chunk: ContainerChunk, _ message: UnsafeMutablePointer<Fusion__Container__Chunk>) {
    message.pointee.offset = UInt64(chunk.offset)
    message.pointee.stored_byte_count = UInt64(chunk.storedByteCount)
    message.pointee.raw_byte_count = UInt64(chunk.rawByteCount)
    message.pointee.checksum = chunk.checksum
    message.pointee.coding = chunk.coding.rawValue
  }

  private func fill(_ values: TensorStatistics, _ message: UnsafeMutablePointer<Fusion__Container__Statistics>) {
    message.pointee.minimum = values.minimum
    message.pointee.maximum = values.maximum
    message.pointee.mean = values.mean
    message.pointee.standard_deviation = values.standardDeviation
    message.pointee.signal_energy = values.signalEnergy
    message.pointee.error_energy = values.errorEnergy
    guard let deviation = values.largestDeviation else { return }
    message.pointee.has_largest_deviation = 1
    message.pointee.largest_deviation = deviation
  }

  private func fill(_ alias: ContainerAlias, _ message: UnsafeMutablePointer<Fusion__Container__Alias>) {
    message.pointee.canonical_name = arena.binary(alias.canonicalName)
    message.pointee.target_canonical_name = arena.binary(alias.targetCanonicalName)
    guard let name = alias.name else { return }
    message.pointee.has_name = 1
    message.pointee.name = arena.binary(name)
  }

  private func fill(_ file: ContainerFile, _ message: UnsafeMutablePointer<Fusion__Container__File>) {
    message.pointee.name = arena.binary(file.name)
    message.pointee.byte_count = UInt64(file.byteCount)
    message.pointee.n_chunks = file.chunks.count
    message.pointee.chunks = arena.messages(file.chunks, { fusion__container__chunk__init($0) }, fill)
    message.pointee.sha256 = arena.binary(file.sha256)
  }

  private func fill(_ provenance: Provenance, _ message: UnsafeMutablePointer<Fusion__Container__Provenance>) {
    message.pointee.producer = arena.binary(provenance.producer)
    message.pointee.source_kind = arena.binary(provenance.sourceKind)
    message.pointee.model_family = arena.binary(provenance.modelFamily)
    message.pointee.recipe = arena.binary(provenance.recipe)
    message.pointee.n_sources = provenance.sources.count
    message.pointee.sources = arena.messages(provenance.sources, { fusion__container__source__init($0) }, fill)
    message.pointee.n_fallbacks = provenance.fallbacks.count
    message.pointee.fallbacks = arena.messages(provenance.fallbacks, { fusion__container__fallback__init($0) }, fill)
    let notices = arena.allocate(ProtobufCBinaryData.self, count: provenance.notices.count)
    for (position, notice) in provenance.notices.enumerated() { notices[position] = arena.binary(notice) }
    message.pointee.n_notices = provenance.notices.count
    message.pointee.notices = notices
  }

  private func fill(_ source: ProvenanceSource, _ message: UnsafeMutablePointer<Fusion__Container__Source>) {
    message.pointee.name = arena.binary(source.name)
    message.pointee.byte_count = UInt64(source.byteCount)
    message.pointee.sha256 = arena.binary(source.sha256)
  }

  private func fill(_ fallback: ProvenanceFallback, _ message: UnsafeMutablePointer<Fusion__Container__Fallback>) {
    message.pointee.tensor = arena.binary(fallback.tensor)
    message.pointee.requested = arena.binary(fallback.requested)
    message.pointee.used = arena.binary(fallback.used)
    message.pointee.reason = arena.binary(fallback.reason)
  }
}
