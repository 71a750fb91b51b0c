internal import CContainerMessages
internal import CProtobufC
import FusionCore

/// Turns the bytes of an index into values, within bounded memory.
///
/// Everything that a value's type promises is proven here (text is UTF-8, a type is known, a shape does not overflow,
/// numbers fit); ``IndexValidator`` proves what the values promise each other.
enum IndexDecoder {
  /// Decodes an index.
  ///
  /// - Throws: `FusionError` without a file: `.containerIndexMalformed`, `.containerIndexTooCostly`,
  ///   `.containerUnknownField`, `.containerIndexNotCanonical`, `.containerTooMany`, and what the parts of the index
  ///   throw.
  static func decode(_ bytes: UnsafeRawBufferPointer) throws -> ContainerIndex {
    let budget = MessageBudget(limit: ContainerLimits.maximumIndexMemory)
    return try budget.withAllocator { allocator in
      let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
      guard let message = fusion__container__index__unpack(allocator, bytes.count, start) else {
        throw failure(budget, byteCount: bytes.count)
      }
      defer { fusion__container__index__free_unpacked(message, allocator) }
      let index = try index(message.pointee)
      if let offset = CanonicalComparison.firstDifference(message, bytes) {
        throw FusionError.container(
          .containerIndexNotCanonical, "the index is not in its canonical encoding",
          place: "byte \(offset) of the index",
          expected: "fields in order, each once, in shortest form", found: "another encoding")
      }
      return index
    }
  }

  private static func failure(_ budget: MessageBudget, byteCount: Int) -> FusionError {
    budget.isExceeded
      ? FusionError.container(
        .containerIndexTooCostly, "decoding the index takes too much memory", place: "index",
        expected: "at most \(budget.limit) bytes", found: "more, for an index of \(byteCount) bytes")
      : FusionError.container(
        .containerIndexMalformed, "the index cannot be decoded", place: "index",
        expected: "an index of format version \(ContainerLimits.majorVersion).\(ContainerLimits.minorVersion)",
        found: "bytes that are no such message, or lack a required field")
  }

  private static func index(_ message: Fusion__Container__Index) throws -> ContainerIndex {
    try checkKnown(message.base, "index")
    try IndexValidator.checkCount(message.n_tensors, "tensors")
    try IndexValidator.checkCount(message.n_aliases, "aliases")
    try IndexValidator.checkCount(message.n_files, "files")
    try checkChunkCount(message)
    guard let provenance = message.provenance else {
      throw FusionError.container(
        .containerIndexMalformed, "the index cannot be decoded", place: "index", expected: "provenance",
        found: "none")
    }
    return ContainerIndex(
      tensors: try list(message.tensors, message.n_tensors, "tensor", tensor),
      aliases: try list(message.aliases, message.n_aliases, "alias", alias),
      files: try list(message.files, message.n_files, "file", file),
      provenance: try self.provenance(provenance.pointee))
  }

  /// Compared with its limit before a value is made for any chunk.
  private static func checkChunkCount(_ message: Fusion__Container__Index) throws {
    var count = 0
    for position in 0..<message.n_files { count += message.files[position]?.pointee.n_chunks ?? 0 }
    for position in 0..<message.n_tensors {
      guard let tensor = message.tensors[position]?.pointee else { continue }
      for stream in 0..<tensor.n_streams { count += tensor.streams[stream]?.pointee.n_chunks ?? 0 }
    }
    try IndexValidator.checkCount(count, "chunks")
  }

  private static func alias(_ message: Fusion__Container__Alias, _ place: String) throws -> ContainerAlias {
    try checkKnown(message.base, place)
    return ContainerAlias(
      canonicalName: try text(message.canonical_name, .name, place, "canonical name"),
      targetCanonicalName: try text(message.target_canonical_name, .name, place, "target"),
      name: message.has_name == 0 ? nil : try text(message.name, .name, place, "name"))
  }

  private static func file(_ message: Fusion__Container__File, _ place: String) throws -> ContainerFile {
    try checkKnown(message.base, place)
    let name = try text(message.name, .fileName, place, "name")
    let place = IndexPlace.file(name)
    return ContainerFile(
      name: name, byteCount: try integer(message.byte_count, place, "size"),
      chunks: try chunks(message.chunks, message.n_chunks, place),
      sha256: try digest(message.sha256, place))
  }

  private static func provenance(_ message: Fusion__Container__Provenance) throws -> Provenance {
    let place = "provenance"
    try checkKnown(message.base, place)
    try IndexValidator.checkCount(message.n_sources, "sources")
    try IndexValidator.checkCount(message.n_fallbacks, "fallbacks")
    try IndexValidator.checkCount(message.n_notices, "notices")
    return Provenance(
      producer: try text(message.producer, .label, place, "producer"),
      sourceKind: try text(message.source_kind, .label, place, "source kind"),
      modelFamily: try text(message.model_family, .label, place, "model family"),
      recipe: try text(message.recipe, .recipe, place, "recipe"),
      sources: try list(message.sources, message.n_sources, "source", source),
      fallbacks: try list(message.fallbacks, message.n_fallbacks, "fallback", fallback),
      notices: try (0..<message.n_notices).map { try text(message.notices[$0], .sentence, "notice \($0)", "text") })
  }

  private static func source(_ message: Fusion__Container__Source, _ place: String) throws -> ProvenanceSource {
    try checkKnown(message.base, place)
    return ProvenanceSource(
      name: try text(message.name, .relativePath, place, "name"),
      byteCount: try integer(message.byte_count, place, "size"), sha256: try digest(message.sha256, place))
  }

  private static func fallback(_ message: Fusion__Container__Fallback, _ place: String) throws -> ProvenanceFallback {
    try checkKnown(message.base, place)
    return ProvenanceFallback(
      tensor: try text(message.tensor, .name, place, "tensor"),
      requested: try text(message.requested, .label, place, "requested"),
      used: try text(message.used, .label, place, "used"),
      reason: try text(message.reason, .sentence, place, "reason"))
  }
}
