import ContainerFormat
import FusionCore
import FusionRuntime
import MappedFiles
import NumericKernels
import WeightGraph

/// Collects the second moments of the inputs of all linear layers, layer by layer over all samples.
///
/// One layer's weights and sums are in memory at a time, and the activations of as many samples as the limit allows; the
/// sums of a layer go to the file as soon as all samples have passed it. Samples that do not fit go through the model in
/// a later batch, which goes on with the sums that the file holds: the result is the same to the bit.
public struct CalibrationCollector {
  private let path: String
  private let options: CalibrationOptions
  private let execution: ExecutionOptions
  private let programVersion: String

  /// Logits of this many positions are in memory at once.
  private static let positionsAtOnce = 64
  /// What a collection takes whatever the number of samples: embedding and head, a layer, one sample's inner values.
  private static let fixedByteCount = 1_000_000_000

  /// Prepares a collection.
  ///
  /// - Parameter model: a checkpoint folder, or a container whose weights are not quantized.
  public init(model: String, options: CalibrationOptions, execution: ExecutionOptions, programVersion: String) {
    path = model
    self.options = options
    self.execution = execution
    self.programVersion = programVersion
  }

  /// Collects and writes.
  ///
  /// - Parameters:
  ///   - output: the statistics file.
  ///   - replacing: whether a file of that name may be replaced.
  /// - Throws: what is wrong with the model, the data, an option or the output; `.calibrationOfQuantized`.
  public func collect(
    to output: String, replacing: Bool, progress: ProgressHandler? = nil
  ) throws -> CalibrationReport {
    let start = ContinuousClock.now
    let model = try RunnableModel(path: path, options: options.parts)
    try refuse(output, replacing: replacing, model)
    try options.check(longest: model.configuration.language.maxPositionEmbeddings)
    let collector = InputCollector(
      isFull: options.isFull, tiesHead: model.configuration.language.tieWordEmbeddings)
    let runner = try openRunner(collector)
    let data = try CalibrationSource(options, runner).samples()
    let counts = try counts(data.samples, runner)
    collector.rowWeights = weights(counts)
    let forecast = StatisticsForecast(
      model.configuration, isFull: options.isFull, hasPictures: data.samples.contains(where: \.hasPicture))
    try FreeSpace.require(forecast.headerByteCount + forecast.dataByteCount, for: output)
    let spool = try StatisticsSpool(
      path: output, forecast: forecast, isFull: options.isFull, replacing: replacing)
    let batches = batches(data.samples.count, forecast, runner, longest: counts.longest)
    try pass(batches, data.samples, runner, collector, spool, progress)
    try runner.model.weights.checkUnchanged()
    let fingerprint = try ModelFingerprint.of(path, options: options.parts)
    let record = StatisticsRecord(
      programVersion: programVersion, fingerprint: fingerprint, family: model.configuration.family.rawValue,
      data: data, counts: counts, weights: collector.rowWeights, sites: spool.sites.map(\.site))
    try spool.finish(metadata: record.metadata)
    return CalibrationReport(
      model: path, output: output, byteCount: spool.fileByteCount, siteCount: spool.sites.count,
      weightCount: spool.sites.reduce(0) { $0 + $1.site.weights.count }, isFull: options.isFull, data: data.origin,
      sampleCount: data.samples.count, pictureCount: counts.pictures, languageTokenCount: counts.language,
      visionTokenCount: counts.vision, languageWeight: collector.rowWeights.language,
      visionWeight: collector.rowWeights.vision, batchCount: batches.count,
      wallSeconds: (ContinuousClock.now - start).seconds,
      peakMemoryByteCount: ProcessMemory.peakResidentByteCount, threads: execution.threads,
      instructionSet: execution.kernels.level.rawValue, notices: model.notices + notices(counts, model))
  }

  /// SHA-256 of the samples that would be collected with.
  ///
  /// - Throws: what is wrong with the model, the data or an option.
  func dataDigest() throws -> String {
    let runner = try openRunner(InputCollector(isFull: false, tiesHead: false))
    return try CalibrationSource(options, runner).samples().digest
  }

  private func openRunner(_ collector: InputCollector) throws -> ModelRunner {
    var settings = RunSettings()
    settings.residency = .streamed
    settings.inputObserver = collector
    return try ModelRunner(path: path, options: options.parts, settings: settings, execution: execution)
  }

  /// Takes all samples through the model.
  private func pass(
    _ batches: [Range<Int>], _ samples: [MeasuredSample], _ runner: ModelRunner, _ collector: InputCollector,
    _ spool: StatisticsSpool, _ progress: ProgressHandler?
  ) throws {
    let comparison = options.comparison
    let runtime = runner.runtime
    // Sites of each stage, for the batches after the first; the head comes after all stages.
    var known: [LockstepStage?: [String]] = [:]
    let stageCount = runtime.lockstepStages(hasPictures: samples.contains(where: \.hasPicture)).count + 1
    var done = 0
    func report(_ count: Int) {
      done += count
      progress?(
        ProgressUpdate(
          step: "collecting statistics", done: done, total: batches.count * stageCount, unit: .layers))
    }
    func collect(_ stage: LockstepStage?, _ body: () throws -> Void) throws {
      for name in known[stage] ?? [] {
        if let entry = try spool.load(name) { collector.resume(entry) }
      }
      try body()
      for entry in collector.entries { try spool.store(entry) }
      known[stage] = collector.entries.map(\.site.name)
      collector.removeAll()
      report(1)
    }
    for batch in batches {
      let prompts = try samples[batch].map { try MeasuredPrompt($0, comparison, runner) }
      let states = prompts.map { LockstepState($0.prompt) }
      let stages = runtime.lockstepStages(hasPictures: prompts.contains { $0.prompt.vision != nil })
      report(stageCount - 1 - stages.count)
      for stage in stages {
        try collect(stage) {
          let loaded = try runtime.load(stage)
          for state in states { try runtime.advance(state, through: loaded) }
        }
      }
      try collect(nil) {
        for (state, prompt) in zip(states, prompts) { try readHead(state, prompt, runtime) }
      }
    }
  }

  /// Shows the head the positions that words are predicted from.
  private func readHead(_ state: LockstepState, _ prompt: MeasuredPrompt, _ runtime: FusionModel) throws {
    guard let layout = state.layout else { preconditionFailure("a prompt that has not been read") }
    let positions = prompt.targets.map { layout.positions[$0] - 1 }
    for start in stride(from: 0, to: positions.count, by: Self.positionsAtOnce) {
      let some = positions[start..<min(start + Self.positionsAtOnce, positions.count)]
      _ = try runtime.logits(state, positions: Array(some))
    }
  }

  /// Counts of the decoder's input, all samples together.
  private func counts(_ samples: [MeasuredSample], _ runner: ModelRunner) throws -> CalibrationCounts {
    let comparison = options.comparison
    var counts = CalibrationCounts()
    for sample in samples {
      switch sample {
      case .text(let tokens): counts.add(language: tokens.count, vision: 0)
      case .question(let question):
        let layout = try MeasuredPrompt.layout(question, comparison, runner)
        let vision = layout.kinds.runs(rowCount: layout.length).reduce(0) { $0 + ($1.isVision ? $1.rows.count : 0) }
        counts.add(language: layout.length - vision, vision: vision)
        if question.picture != nil { counts.pictures += 1 }
      }
    }
    return counts
  }

  private func weights(_ counts: CalibrationCounts) -> TokenWeights {
    let language = options.languageWeight
    let balanced = TokenWeights.balanced(languageCount: counts.language, visionCount: counts.vision)
    return TokenWeights(language: language, vision: options.visionWeight ?? language * balanced.vision)
  }

  /// Ranges of samples whose activations fit into memory together.
  private func batches(
    _ count: Int, _ forecast: StatisticsForecast, _ runner: ModelRunner, longest: Int
  ) -> [Range<Int>] {
    let sample = SampleFootprint(runner.model.configuration).byteCount(positions: longest)
    let room = options.memoryLimit - Self.fixedByteCount - forecast.stageByteCount
    let size = max(1, room / max(sample, 1))
    return stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
  }

  private func notices(_ counts: CalibrationCounts, _ model: RunnableModel) -> [String] {
    guard model.configuration.family.hasVision, counts.pictures == 0 else { return [] }
    return [
      "no sample has a picture: vision tower, projectors and samplers have no statistics,"
        + " and the language model is seen without what it is used for"
    ]
  }

  /// Finds out before the work what would stop the writing after it.
  private func refuse(_ output: String, replacing: Bool, _ model: RunnableModel) throws {
    var files = CommandFiles()
    files.read(model: path, options: options.parts)
    files.read(data: options.data, images: options.imagesPath)
    files.write(file: output)
    try files.check()
    try OutputName.check(output, replacing: replacing)
    guard let container = (model.weights as? ContainerWeights)?.model,
      let quantized = container.reader.index.tensors.first(where: { $0.encoding.isQuantized })
    else { return }
    throw FusionError(
      .calibrationOfQuantized, "statistics are of a model whose weights are not quantized", file: path,
      place: quantized.name, expected: "the checkpoint, or a container made with --quant keep",
      found: "an encoding of \(quantized.encoding.name)", remedy: "name the checkpoint that the container was made from"
    )
  }
}

extension FusionError.Code {
  /// A calibration of a model that has lost something already.
  public static let calibrationOfQuantized = Self("calibration.quantizedModel", .usage)
}
