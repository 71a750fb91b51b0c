import FusionCore

/// Sorts the tensors of an adapter and proves that each has its place.
struct AdapterPlanBuilder {
  let configuration: AdapterConfiguration
  let files: [AdapterTensorFile]
  let basePath: String
  private let base: [String: TensorDescription]
  private var factorsA: [String: AdapterTensor] = [:]
  private var factorsB: [String: AdapterTensor] = [:]
  private var replaced: [String: AdapterTensor] = [:]
  private var added: [String: AdapterTensor] = [:]
  private var unusedCount = 0
  private var vocabulary = AdapterVocabulary()

  init(configuration: AdapterConfiguration, base: [TensorDescription], files: [AdapterTensorFile], basePath: String) {
    self.configuration = configuration
    self.files = files
    self.basePath = basePath
    self.base = Dictionary(base.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  mutating func build() throws -> AdapterPlan {
    for (index, file) in files.enumerated() {
      for tensor in file.tensors { try sort(AdapterTensor(fileIndex: index, description: tensor)) }
    }
    guard !factorsA.isEmpty || !factorsB.isEmpty || !replaced.isEmpty || !added.isEmpty else {
      throw FusionError(
        .adapterEmpty, "the adapter holds no weights", file: files.first?.path,
        expected: "tensors named lora_A, lora_B",
        found: "\(files.reduce(0) { $0 + $1.tensors.count }) tensors, none of them trained",
        remedy: "save the adapter again")
    }
    let rows = try vocabulary.rows(
      base: base, added: added, tiesFollow: configuration.keepsTies, files: files, basePath: basePath)
    let merges = try merges()
    return AdapterPlan(
      merges: merges, replaced: replaced, added: added, grownVocabulary: rows, notices: notices(merges))
  }

  private mutating func sort(_ tensor: AdapterTensor) throws {
    let name = tensor.description.name
    switch AdapterTensorName(name) {
    case .factorA(let module): try insert(tensor, as: module, into: \.factorsA)
    case .factorB(let module): try insert(tensor, as: module, into: \.factorsB)
    case .unused: unusedCount += 1
    case .unsupported(let words):
      throw FusionError(
        .adapterUnsupported, "the adapter uses something that cannot be merged", file: files[tensor.fileIndex].path,
        place: "tensor \(name)", expected: "lora_A, lora_B and whole tensors", found: words,
        remedy: "merge the adapter with the library that made it, and convert the merged checkpoint")
    case .whole(let wanted):
      guard let known = baseName(of: wanted) else {
        try insert(tensor, as: wanted, into: \.added)
        return
      }
      try insert(tensor, as: known, into: \.replaced)
      if let target = base[known], vocabulary.grows(target, to: tensor) { return }
      guard let shape = base[known]?.shape, shape == tensor.description.shape else {
        throw FusionError(
          .adapterWrongShape, "a tensor of the adapter has another shape than the one it replaces",
          file: files[tensor.fileIndex].path, place: "tensor \(name)",
          expected: "\(base[known]?.shape.description ?? "") as \(known) of \(basePath)",
          found: tensor.description.shape.description,
          remedy: "use the base that the adapter was trained on")
      }
    }
  }

  private mutating func insert(
    _ tensor: AdapterTensor, as key: String, into list: WritableKeyPath<Self, [String: AdapterTensor]>
  ) throws {
    guard let earlier = self[keyPath: list].updateValue(tensor, forKey: key) else { return }
    throw FusionError(
      .adapterDuplicateTensor, "two tensors of the adapter are for the same place",
      file: files[tensor.fileIndex].path, place: "tensor \(tensor.description.name)", expected: "one tensor for \(key)",
      found: "also \(earlier.description.name) in \(files[earlier.fileIndex].path)",
      remedy: "save the adapter again with one adapter in it")
  }

  /// The base's name for a tensor of the adapter: as it is, or else with or without `model.` before it if that is
  /// unambiguous.
  private func baseName(of name: String) -> String? {
    if base[name] != nil { return name }
    let others = ["model." + name, name.hasPrefix("model.") ? String(name.dropFirst(6)) : nil]
      .compactMap { $0 }.filter { base[$0] != nil }
    return others.count == 1 ? others[0] : nil
  }

  private func merges() throws -> [AdapterMerge] {
    for (module, factorA) in factorsA.sorted(by: { $0.key < $1.key }) where factorsB[module] == nil {
      throw halfMissing(factorA, "lora_B")
    }
    for (module, factorB) in factorsB.sorted(by: { $0.key < $1.key }) where factorsA[module] == nil {
      throw halfMissing(factorB, "lora_A")
    }
    // Names first: they cost less than the patterns that every update is held against.
    for (module, factorA) in factorsA.sorted(by: { $0.key < $1.key }) where baseName(of: module + ".weight") == nil {
      throw unknownTarget(module, factorA)
    }
    var result: [String: AdapterMerge] = [:]
    for (module, factorA) in factorsA.sorted(by: { $0.key < $1.key }) {
      guard let factorB = factorsB[module] else { continue }
      let merge = try merge(module, factorA, factorB)
      guard let earlier = result.updateValue(merge, forKey: merge.name) else { continue }
      throw FusionError(
        .adapterDuplicateTensor, "two updates of the adapter are for the same tensor",
        file: files[factorA.fileIndex].path, place: "tensor \(factorA.description.name)",
        expected: "one update of \(merge.name)", found: "also \(earlier.factorA.description.name)",
        remedy: "save the adapter again with one adapter in it")
    }
    return result.values.sorted { $0.name < $1.name }
  }

  private func halfMissing(_ tensor: AdapterTensor, _ other: String) -> FusionError {
    FusionError(
      .adapterHalfMissing, "an update of the adapter lacks one of its two factors", file: files[tensor.fileIndex].path,
      place: "tensor \(tensor.description.name)", expected: "\(other) of the same module", found: "no such tensor",
      remedy: "download or save the adapter again")
  }

  private func merge(_ module: String, _ a: AdapterTensor, _ b: AdapterTensor) throws -> AdapterMerge {
    // An embedding that the adapter brings whole may have more rows than the base's.
    guard let name = baseName(of: module + ".weight"), let target = replaced[name]?.description ?? base[name] else {
      throw unknownTarget(module, a)
    }
    let isEmbedding = a.description.name.utf8.split(separator: UInt8(ascii: ".")).contains {
      $0.elementsEqual("lora_embedding_A".utf8)
    }
    for tensor in [a.description, b.description, target]
    where !tensor.dtype.isQuantizable {
      throw FusionError(
        .adapterWrongType, "a tensor of an update has a type that it cannot be computed with",
        file: tensor == base[name] ? basePath : files[a.fileIndex].path, place: "tensor \(tensor.name)",
        expected: "BF16, F16 or F32", found: tensor.dtype.rawValue, remedy: "save it in one of these types")
    }
    let rank = try AdapterFactorShapes(
      target: target, module: module, factorA: a.description, factorB: b.description,
      isTransposed: isEmbedding || configuration.storesInputsFirst, configuration: configuration,
      file: files[a.fileIndex].path
    ).rank()
    let alpha = configuration.alpha(of: module)
    return AdapterMerge(
      name: name, module: module, shape: target.shape, factorA: a, factorB: b, rank: rank, alpha: alpha,
      scaling: configuration.scaling(rank: rank, alpha: alpha),
      isTransposed: isEmbedding || configuration.storesInputsFirst)
  }

  private func unknownTarget(_ module: String, _ a: AdapterTensor) -> FusionError {
    if let error = tiedHead(module, a) { return error }
    var search = NearestName(base.keys.sorted())
    return FusionError(
      .adapterUnknownTarget, "an update of the adapter is for no tensor of the base", file: files[a.fileIndex].path,
      place: "tensor \(a.description.name)", expected: "\(module).weight in \(basePath)",
      found: search.nearest(to: module + ".weight").map { "the nearest name is \($0)" } ?? "no such tensor",
      remedy: "use the base that the adapter was trained on")
  }

  /// What is wrong with an update of a head that the base does not have; `nil` for other modules and bases.
  private func tiedHead(_ module: String, _ factor: AdapterTensor) -> FusionError? {
    guard module.split(separator: ".").last == "lm_head",
      let embedding = ["model.embed_tokens.weight", "embed_tokens.weight"].compactMap(baseName(of:)).first
    else { return nil }
    return FusionError(
      .adapterUnknownTarget, "the adapter updates the head, and the base has no head of its own",
      file: files[factor.fileIndex].path, place: "tensor \(factor.description.name)",
      expected: "\(module).weight in \(basePath)",
      found:
        "no lm_head: the head is the embedding \(embedding) (tie_word_embeddings), which the update would change too",
      remedy: "merge the adapter with the library that made it, and convert the merged checkpoint")
  }

  private func notices(_ merges: [AdapterMerge]) -> [String] {
    var notices = configuration.notices
    if configuration.storesInputsFirst {
      notices.append(
        "fan_in_fan_out is set: updates are transposed, as for weights stored as inputs x outputs; PEFT itself clears the"
          + " field where modules are linear layers")
    }
    let updated = Set(merges.compactMap { $0.module.split(separator: ".").last.map(String.init) })
    let untouched = configuration.targetModules.filter { target in
      let last = target.split(separator: ".").last.map(String.init) ?? target
      return !updated.contains(last)
    }
    if !merges.isEmpty, !untouched.isEmpty {
      notices.append(
        "adapter_config.json names modules that the adapter has no update for: "
          + Self.list(untouched))
    }
    if !configuration.choosesLayers { notices += AdapterLayerGaps(merges, base: base.keys).notices(configuration) }
    let held = AdapterModuleSearch(configuration.savedModules).found(in: [replaced.keys, added.keys].joined())
    let unsaved = configuration.savedModules.filter { !held.contains($0[...]) }
    if !unsaved.isEmpty {
      notices.append(
        "adapter_config.json names whole modules that the adapter does not hold: "
          + Self.list(unsaved))
    }
    return notices
  }

  /// Some of the names, as much of each as a message can show.
  private static func list(_ names: [String]) -> String {
    names.prefix(8).map { String($0.prefix(120)) }.joined(separator: ", ")
  }
}
