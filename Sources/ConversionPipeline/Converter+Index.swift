import AccuracyMetrics
import ContainerFormat
import FusionCore
import NumericKernels
import Quantizers
import WeightGraph

extension Converter {
  /// The container's index around what was written; the forecast makes the same one of sizes alone.
  func index(
    tensors: [ContainerTensor], files: [ContainerFile], sources: [ProvenanceSource], producer: String
  ) throws -> ContainerIndex {
    ContainerIndex(
      tensors: tensors,
      aliases: checkpoint.graph.aliases.map {
        ContainerAlias(canonicalName: $0.canonicalName, targetCanonicalName: $0.target, name: $0.sourceName)
      },
      files: files,
      provenance: Provenance(
        producer: producer, sourceKind: checkpoint.source.formatName,
        modelFamily: checkpoint.configuration.family.rawValue,
        recipe: try recipe.provenanceText(statistics: calibration.map { try ModelFingerprint.ofFile($0.path) }),
        sources: sources,
        fallbacks: fallbacks.map {
          ProvenanceFallback(tensor: $0.tensor, requested: $0.requested, used: $0.used, reason: $0.reason)
        },
        notices: checkpoint.notices))
  }

  /// Tensors that could not be what an option asked for.
  var fallbacks: [ConversionReport.Fallback] {
    plan.entries.compactMap { entry in
      entry.fallbackFrom.map {
        ConversionReport.Fallback(
          tensor: entry.tensor.description.name, requested: $0.name, used: entry.schemeName, reason: entry.reason)
      }
    }
  }

  /// The report of a conversion that was carried out.
  func report(
    output: String, outputBytes: Int, index: ContainerIndex, session: ConversionSession, verified: Bool,
    seconds: Double
  ) throws -> ConversionReport {
    var report = outline(output: output, outputBytes: outputBytes, index: index)
    let records = session.tensorRecords
    report.plan = planLines(
      storedByteCounts: records.map(\.storedByteCount), index: index, inputErrors: session.inputErrors)
    report.sqnrDecibels = Self.sqnr(index.tensors)
    report.inputSqnrDecibels = session.inputErrors.decibels(ofEntries: Array(plan.entries.indices))
    report.warnings = qualityWarnings(index.tensors, session.inputErrors)
    report.notices += records.filter { $0.nonfiniteCount > 0 }.map {
      "\($0.entry.tensor.description.name) holds \($0.nonfiniteCount) NaN or infinite values, kept as they are"
    }
    let quantizedCount = plan.entries.filter(\.encoding.isQuantized).reduce(0) {
      $0 + $1.tensor.description.shape.elementCount
    }
    report.verification = ConversionReport.Verification(
      performed: verified,
      chunkCount: verified ? records.reduce(0) { $0 + $1.streams.reduce(0) { $0 + $1.chunks.count } } : 0,
      tensorCount: verified ? records.count : 0,
      clippedShare: quantizedCount == 0 ? 0 : Double(session.clippedCount) / Double(quantizedCount),
      largestDeviation: records.compactMap { $0.statistics?.largestDeviation }.max().map { Double($0) })
    report.wallSeconds = seconds
    report.peakResidentBytes = ProcessMemory.peakResidentByteCount
    return report
  }

  /// What a report says before anything was measured.
  func outline(output: String, outputBytes: Int, index: ContainerIndex) -> ConversionReport {
    let weightCount = plan.entries.reduce(0) { $0 + $1.tensor.description.shape.elementCount }
    let sideFileBytes = index.files.reduce(0) { $0 + $1.chunks.reduce(0) { $0 + $1.storedByteCount } }
    let residentBytes = plan.entries.reduce(0) { $0 + $1.residentByteCount }
    return ConversionReport(
      input: checkpoint.path, output: output, dryRun: false, family: checkpoint.configuration.family.rawValue,
      scheme: headlineScheme, inputBytes: checkpoint.source.files.reduce(0) { $0 + $1.byteCount },
      outputBytes: outputBytes, outputBytesExact: true, weightCount: weightCount,
      storedBitsPerWeight: Self.bits(outputBytes - sideFileBytes, per: weightCount),
      residentBitsPerWeight: Self.bits(residentBytes, per: weightCount), sqnrDecibels: nil, wallSeconds: 0,
      peakResidentBytes: 0, threads: execution.threads, instructionSet: execution.kernels.level.rawValue, plan: [],
      fallbacks: fallbacks,
      verification: ConversionReport.Verification(
        performed: false, chunkCount: 0, tensorCount: 0, clippedShare: 0, largestDeviation: nil),
      notices: checkpoint.notices,
      adapter: checkpoint.adapted.map { AdapterReport(path: checkpoint.adapterPath ?? "", plan: $0.plan) })
  }

  /// What the bulk of the weights becomes, in a word or two; what was asked for and is not done is not named.
  private var headlineScheme: String {
    let quantized = plan.entries.filter(\.encoding.isQuantized)
    guard !quantized.isEmpty else {
      return Set(plan.entries.map(\.schemeName)).sorted().joined(separator: " and ") + ", unquantized"
    }
    // What an option or a measurement gives to single tensors is another matter than the standard for a role.
    let bulk = quantized.filter { !$0.isRequested && $0.scheme.encoding.codeBits == recipe.scheme.encoding.codeBits }
    var counts: [String: Int] = [:]
    for entry in bulk.isEmpty ? quantized : bulk {
      counts[entry.schemeName, default: 0] += entry.tensor.description.shape.elementCount
    }
    let names = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    let requested = Set(quantized.filter(\.isRequested).map(\.schemeName))
    return requested.isSubset(of: names.prefix(1)) ? names[0] : "mixed"
  }

  /// The plan's entries, gathered by role, result and reason, in the order of their first tensor.
  func planLines(
    storedByteCounts: [Int]?, index: ContainerIndex, inputErrors: InputWeightedErrors? = nil
  ) -> [ConversionReport.PlanLine] {
    var order: [[String]] = []
    var members: [[String]: [Int]] = [:]
    for (position, entry) in plan.entries.enumerated() {
      let family = entry.scheme.isEntropyCoded ? entry.scheme.family : entry.schemeName
      let key = [entry.tensor.role.rawValue, family, entry.reason]
      if members[key] == nil { order.append(key) }
      members[key, default: []].append(position)
    }
    return order.map { key in
      let positions = members[key] ?? []
      let entries = positions.map { plan.entries[$0] }
      return ConversionReport.PlanLine(
        role: key[0],
        scheme: entries[0].scheme.isEntropyCoded ? WeightScheme.names(of: entries.map(\.scheme)) : key[1],
        reason: key[2], tensorCount: entries.count,
        weightCount: entries.reduce(0) { $0 + $1.tensor.description.shape.elementCount },
        sourceByteCount: entries.reduce(0) { $0 + $1.tensor.description.byteCount },
        storedByteCount: storedByteCounts.map { counts in positions.reduce(0) { $0 + counts[$1] } },
        sqnrDecibels: Self.sqnr(positions.map { index.tensors[$0] }),
        inputSqnrDecibels: inputErrors?.decibels(ofEntries: positions))
    }
  }

  /// Signal to quantization noise over tensors; `nil` if nothing was lost or measured.
  static func sqnr(_ tensors: [ContainerTensor]) -> Double? {
    let signal = tensors.reduce(0) { $0 + ($1.statistics?.signalEnergy ?? 0) }
    let error = tensors.reduce(0) { $0 + ($1.statistics?.errorEnergy ?? 0) }
    guard error > 0, signal > 0 else { return nil }
    return SignalToQuantizationNoise.decibels(signalEnergy: signal, errorEnergy: error)
  }

  static func bits(_ byteCount: Int, per weightCount: Int) -> Double {
    weightCount == 0 ? 0 : Double(byteCount) * 8 / Double(weightCount)
  }
}
