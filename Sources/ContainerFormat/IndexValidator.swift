import FusionCore

/// Proves that the values of an index agree with each other; the same for a writer, a reader and a forecast.
struct IndexValidator {
  private let index: ContainerIndex
  private var names = Set<String>()
  private var canonicalNames = Set<String>()

  /// Proves an index.
  ///
  /// - Parameters:
  ///   - index: what a container holds.
  ///   - indexOffset: where the index starts in the file.
  /// - Throws: `FusionError` without a file, with the code of the rule.
  static func validate(_ index: ContainerIndex, indexOffset: Int) throws {
    var validator = IndexValidator(index: index)
    try validator.checkCounts()
    try validator.checkProvenance()
    for tensor in index.tensors { try validator.check(tensor) }
    try validator.checkAliases()
    try validator.checkFiles()
    try ChunkOrder.check(index, indexOffset: indexOffset)
  }

  private init(index: ContainerIndex) { self.index = index }

  /// Compares a number of entries with its limit.
  ///
  /// - Throws: `.containerTooMany`.
  static func checkCount(_ count: Int, _ what: String) throws {
    guard let limit = limits[what] else { preconditionFailure("no limit for \(what)") }
    guard count > limit else { return }
    throw FusionError.container(
      .containerTooMany, "the index has too many \(what)", place: "index", expected: "at most \(limit) \(what)",
      found: "\(count)")
  }

  /// - Throws: `.containerInvalidDigest`.
  static func checkDigest(byteCount: Int, _ place: String) throws {
    guard byteCount != ContainerLimits.digestByteCount else { return }
    throw FusionError.container(
      .containerInvalidDigest, "a digest has the wrong size", place: place,
      expected: "\(ContainerLimits.digestByteCount) bytes", found: "\(byteCount) bytes")
  }

  private static let limits = [
    "tensors": ContainerLimits.maximumTensorCount, "aliases": ContainerLimits.maximumAliasCount,
    "files": ContainerLimits.maximumFileCount, "chunks": ContainerLimits.maximumChunkCount,
    "sources": ContainerLimits.maximumSourceCount, "fallbacks": ContainerLimits.maximumFallbackCount,
    "notices": ContainerLimits.maximumNoticeCount,
  ]

  private func checkCounts() throws {
    try IndexValidator.checkCount(index.tensors.count, "tensors")
    try IndexValidator.checkCount(index.aliases.count, "aliases")
    try IndexValidator.checkCount(index.files.count, "files")
    try IndexValidator.checkCount(index.provenance.sources.count, "sources")
    try IndexValidator.checkCount(index.provenance.fallbacks.count, "fallbacks")
    try IndexValidator.checkCount(index.provenance.notices.count, "notices")
    let ofFiles = index.files.reduce(0) { $0 + $1.chunks.count }
    let chunks = index.tensors.reduce(ofFiles) { $1.streams.reduce($0) { $0 + $1.chunks.count } }
    try IndexValidator.checkCount(chunks, "chunks")
  }

  private func checkProvenance() throws {
    let provenance = index.provenance
    try ContainerText.label.check(provenance.producer, place: "provenance, producer")
    try ContainerText.label.check(provenance.sourceKind, place: "provenance, source kind")
    try ContainerText.label.check(provenance.modelFamily, place: "provenance, model family")
    try ContainerText.recipe.check(provenance.recipe, place: "provenance, recipe")
    var sourceNames = Set<String>()
    for (position, source) in provenance.sources.enumerated() {
      let place = "source \(position)"
      try ContainerText.relativePath.check(source.name, place: "\(place), name")
      try checkNotNegative(source.byteCount, "\(place), size")
      try IndexValidator.checkDigest(byteCount: source.sha256.count, place)
      try IndexValidator.insert(source.name, into: &sourceNames, "name", "\(place), name")
    }
    for (position, fallback) in provenance.fallbacks.enumerated() {
      let place = "fallback \(position)"
      try ContainerText.name.check(fallback.tensor, place: "\(place), tensor")
      try ContainerText.label.check(fallback.requested, place: "\(place), requested")
      try ContainerText.label.check(fallback.used, place: "\(place), used")
      try ContainerText.sentence.check(fallback.reason, place: "\(place), reason")
    }
    for (position, notice) in provenance.notices.enumerated() {
      try ContainerText.sentence.check(notice, place: "notice \(position), text")
    }
  }

  private mutating func check(_ tensor: ContainerTensor) throws {
    try ContainerText.name.check(tensor.canonicalName, place: "tensor, canonical name")
    let place = IndexPlace.tensor(tensor.canonicalName)
    try ContainerText.name.check(tensor.name, place: "\(place), name")
    try IndexValidator.insert(tensor.canonicalName, into: &canonicalNames, "canonical name", place)
    try IndexValidator.insert(tensor.name, into: &names, "name", place)
    try TensorValidator(tensor, sourceCount: index.provenance.sources.count).check()
  }

  private mutating func checkAliases() throws {
    let tensorNames = Set(index.tensors.map(\.canonicalName))
    let aliasNames = Set(index.aliases.map(\.canonicalName))
    for (position, alias) in index.aliases.enumerated() {
      let place = "alias \(position)"
      try ContainerText.name.check(alias.canonicalName, place: "\(place), canonical name")
      try ContainerText.name.check(alias.targetCanonicalName, place: "\(place), target")
      try IndexValidator.insert(
        alias.canonicalName, into: &canonicalNames, "canonical name", "alias \"\(alias.canonicalName)\"")
      if let name = alias.name {
        try ContainerText.name.check(name, place: "\(place), name")
        try IndexValidator.insert(name, into: &names, "name", "alias \"\(alias.canonicalName)\"")
      }
      guard !tensorNames.contains(alias.targetCanonicalName) else { continue }
      let isChain = aliasNames.contains(alias.targetCanonicalName)
      throw FusionError.container(
        isChain ? .containerAliasChain : .containerAliasTarget,
        isChain ? "an alias names another alias" : "an alias names a tensor that is not there",
        place: "alias \"\(alias.canonicalName)\"", expected: "the canonical name of a tensor",
        found: alias.targetCanonicalName)
    }
  }

  private func checkFiles() throws {
    var fileNames = Set<String>()
    for (position, file) in index.files.enumerated() {
      try ContainerText.fileName.check(file.name, place: "file \(position), name")
      let place = IndexPlace.file(file.name)
      try IndexValidator.insert(file.name, into: &fileNames, "name", place)
      try checkNotNegative(file.byteCount, "\(place), size")
      try IndexValidator.checkDigest(byteCount: file.sha256.count, place)
      guard file.byteCount <= ContainerLimits.maximumFileByteCount else {
        throw FusionError.container(
          .containerFileTooLarge, "a file in the container is too large", place: place,
          expected: "at most \(ContainerLimits.maximumFileByteCount) bytes", found: "\(file.byteCount) bytes")
      }
      let ranges = ContainerFile.chunkRanges(byteCount: file.byteCount)
      try ChunkValidator.checkCount(file.chunks.count, expected: ranges.count, place)
      for (number, (chunk, range)) in zip(file.chunks, ranges).enumerated() {
        try ChunkValidator(mayHavePlanes: false, rawByteCount: range.count)
          .check(chunk, IndexPlace.chunk(place, number))
      }
    }
  }

  private func checkNotNegative(_ value: Int, _ place: String) throws {
    guard value < 0 else { return }
    throw FusionError.container(
      .containerNumberTooLarge, "a number of the index is negative", place: place, expected: "at least 0",
      found: "\(value)")
  }

  /// Static, since a method would hold a second reference to the set and so copy it for every name.
  private static func insert(_ name: String, into names: inout Set<String>, _ what: String, _ place: String) throws {
    guard !names.insert(name).inserted else { return }
    throw FusionError.container(
      .containerDuplicateName, "two entries have the same \(what)", place: place, expected: "a \(what) of its own",
      found: "\(name) a second time")
  }
}
