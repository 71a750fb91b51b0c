import FusionCore

extension GraphDiagnosis {
  /// Reasons for the problems, the most telling first; one that concerns the whole file ends the list.
  func likelyCauses(
    _ missing: [GraphProblem], _ unexpected: [GraphProblem], _ types: [GraphProblem]
  ) -> [LikelyCause] {
    let steps: [() -> [LikelyCause]] = [
      { quantizedCause(unexpected, types) },
      { loraCause(unexpected) },
      { prefixCause(unexpected) },
      { familyCause(unexpected) },
      { partCauses() },
      { layerCauses() },
      { valueCauses() },
      { headCause(missing) },
    ]
    var causes: [LikelyCause] = []
    for step in steps {
      causes += step()
      if causes.contains(where: \.isConclusive) { break }
    }
    return causes
  }

  private func quantizedCause(_ unexpected: [GraphProblem], _ types: [GraphProblem]) -> [LikelyCause] {
    let names = unexpected.map(\.sourceName).filter(SpecialNames.isQuantized) + types.map(\.sourceName)
    return names.first.map { [.alreadyQuantized(tensorCount: names.count, example: $0)] } ?? []
  }

  private func loraCause(_ unexpected: [GraphProblem]) -> [LikelyCause] {
    let names = unexpected.map(\.sourceName).filter(SpecialNames.isLoRA)
    return names.first.map { [.loraAdapter(tensorCount: names.count, example: $0)] } ?? []
  }

  /// The change of prefix that makes most names fit, if it makes half of them fit and more than now do.
  private func prefixCause(_ unexpected: [GraphProblem]) -> [LikelyCause] {
    guard unexpected.count * 2 > tensors.count else { return [] }
    let known = Set(specifications.map(\.sourceName))
    var best: (change: PrefixChange, count: Int)?
    for change in PrefixChange.known + commonPrefixes(unexpected) {
      let count = tensors.keys.count { name in change.applied(to: name).map(known.contains) ?? false }
      if count > best?.count ?? 0 { best = (change, count) }
    }
    guard let best, best.count * 2 >= tensors.count, best.count > tensors.count - unexpected.count else { return [] }
    return [.wrongPrefix(best.change, fittingCount: best.count)]
  }

  /// The first one to three components, if all unexpected names share them.
  private func commonPrefixes(_ unexpected: [GraphProblem]) -> [PrefixChange] {
    guard let first = unexpected.first?.sourceName, first.utf8.count <= NearestName.maximumLength else { return [] }
    let components = first.split(separator: ".", omittingEmptySubsequences: false)
    guard components.count > 1 else { return [] }
    return (1...min(3, components.count - 1)).compactMap { count in
      let prefix = components.prefix(count).joined(separator: ".") + "."
      return unexpected.allSatisfy { $0.sourceName.hasPrefix(prefix) } ? .remove(prefix) : nil
    }
  }

  private func familyCause(_ unexpected: [GraphProblem]) -> [LikelyCause] {
    let family = configuration.family
    let isFused = family.hasFusedRows
    let sign = isFused ? ".self_attn.q_proj.weight" : ".self_attn.qkv_proj.weight"
    let shows = unexpected.contains {
      $0.sourceName.hasPrefix(SourceNames.decoderLayers) && $0.sourceName.hasSuffix(sign)
    }
    let hasTower = unexpected.contains { $0.sourceName.hasPrefix(SourceNames.vision) }
    guard shows || (hasTower && !family.hasVision) else { return [] }
    let found: ModelFamily =
      if family.hasVision || hasTower {
        isFused == shows ? .fusionLlama : .fusionPhi
      } else {
        isFused == shows ? .llama : .phi3
      }
    return [.otherFamily(configured: family, found: found)]
  }

  private func partCauses() -> [LikelyCause] {
    guard configuration.family.hasVision else { return [] }
    func presence(_ matches: (TensorSpecification) -> Bool) -> (present: Int, all: Int) {
      let wanted = specifications.filter { !$0.isOptional && matches($0) }
      return (wanted.count { tensors[$0.sourceName] != nil }, wanted.count)
    }
    let language = presence { $0.module == .language }
    let tower = presence { $0.module == .vision }
    let connectors = presence { $0.module != .language && $0.module != .vision }
    if language.present * 2 < language.all, connectors.present * 2 > connectors.all { return [.projectorsOnly] }
    let lacksTower =
      configuration.isComplete
      ? tower.present * 2 < tower.all : !tensors.keys.contains { $0.hasPrefix(SourceNames.vision) }
    return lacksTower && language.present > 0 ? [.languageModelOnly] : []
  }

  private func headCause(_ missing: [GraphProblem]) -> [LikelyCause] {
    missing.map(\.canonicalName) == [ExpectedTensors.headName] ? [.headMissing] : []
  }
}

extension GraphDiagnosis {
  private func layerCauses() -> [LikelyCause] {
    var causes = layerCauses(
      .language, after: SourceNames.decoderLayers, "num_hidden_layers", wanted: configuration.language.layerCount,
      offset: 0)
    if let vision = configuration.vision {
      causes += layerCauses(
        .vision, after: SourceNames.visionLayers, "vision_config.num_hidden_layers", wanted: vision.keptLayerCount,
        offset: 1)
    }
    if let interaction = configuration.interaction {
      causes += layerCauses(
        .sampler, after: SourceNames.samplers, "num_of_vision_sampler_layers", wanted: interaction.samplerCount,
        offset: 0)
    }
    return causes
  }

  /// Compares the layers that names speak of with the number that is wanted.
  ///
  /// - Parameter offset: layers that the configuration counts but the checkpoint may leave out.
  private func layerCauses(
    _ part: ModelPart, after prefix: String, _ field: String, wanted: Int, offset: Int
  ) -> [LikelyCause] {
    let present = Set(tensors.keys.compactMap { SourceNames.layerNumber($0, after: prefix) })
    guard let last = present.max() else { return [] }
    var causes: [LikelyCause] = []
    if last + 1 < wanted || last + 1 > wanted + offset {
      causes.append(.layerCount(field: field, configured: wanted + offset, found: last + 1 + offset))
    }
    let sorted = present.sorted()
    var gaps: [Int] = []
    for (low, high) in zip([-1] + sorted, sorted) where high > low + 1 && gaps.count < 1_024 {
      gaps += (low + 1)..<min(high, low + 1_025)
    }
    if !gaps.isEmpty { causes.append(.layerGap(part: part, layers: LayerPattern.ranges(gaps))) }
    return causes
  }

  /// Fields whose value is contradicted by the same size in one or more tensors, the most often contradicted first.
  private func valueCauses() -> [LikelyCause] {
    struct Contradiction: Hashable {
      let field: String
      let configured: Int
      let found: Int
    }
    var counts: [Contradiction: Int] = [:]
    for specification in specifications where specification.role != .buffer {
      guard let shape = tensors[specification.sourceName]?.shape, shape.rank == specification.shape.rank else {
        continue
      }
      var seen: Set<Contradiction> = []
      for (index, field) in specification.shapeFormula.enumerated() {
        let (configured, found) = (specification.shape.dimensions[index], shape.dimensions[index])
        guard configured != found, Int(field) == nil else { continue }
        let contradiction = Contradiction(field: field, configured: configured, found: found)
        if seen.insert(contradiction).inserted { counts[contradiction, default: 0] += 1 }
      }
    }
    let sorted = counts.sorted { ($1.value, $0.key.field, $0.key.found) < ($0.value, $1.key.field, $1.key.found) }
    return sorted.prefix(3).map {
      .configurationValue(
        source: source(of: $0.key.field), field: $0.key.field, configured: $0.key.configured, found: $0.key.found,
        tensorCount: $0.value)
    }
  }
}
