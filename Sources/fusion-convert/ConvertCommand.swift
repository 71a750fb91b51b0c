import ArgumentParser
import ConversionPipeline
import FusionCore

/// `convert`: a checkpoint becomes a container.
struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Convert a checkpoint to a .fusion container (this is what runs when no command is named).",
    discussion: """
      The container holds the weights, the configuration and the tokenizer; it is read back and compared with the
      source before the command says done.

      EXAMPLES
        fusion-convert my-checkpoint model.fusion --quant int4
        fusion-convert my-checkpoint model.fusion --quant int4 --group-size 64 --tensor-type 'vision.*=keep'
        fusion-convert my-checkpoint model.fusion --quant int4 --dry-run
        fusion-convert my-checkpoint model.fusion --dry-run --compare
        fusion-convert my-checkpoint lossless.fusion --quant keep
        fusion-convert my-checkpoint model.fusion --plan wider.json
        fusion-convert my-checkpoint model.fusion --coding entropy --bits 3.5
        fusion-convert my-checkpoint model.fusion --target-size 2.5GB --calibrate questions.jsonl
        fusion-convert my-checkpoint model.fusion --target-bits 3.9 --measure questions.jsonl --save-plan plan.json
        fusion-convert my-checkpoint model.fusion --adapter my-lora
        fusion-convert my-checkpoint model.fusion --method gptq --statistics inputs.stats --resume
        fusion-convert Phi-3.5-mini model.fusion --vision-tower siglip --projector stage1/mm_projector.bin

      SCHEMES
        keep       bit for bit, compressed          bf16, f32   values in another type
        int8       one scale a row                  int8-g64    one scale for every 64 columns
        int4-g32   scale and zero point for 32      int4-sym-g32   scale only
        int4-nl-g32   scale only, uneven grid       int4-cs-g32   int4-g32 with column scales
        entropy-4.25   entropy-coded, 4.25 bits a weight on disk

      METHODS
        auto       gptq with statistics of pairs, else balance
        rtn        the scale that covers a group    search     scales of groups searched
        balance    search, and a scale a column     awq        search, columns scaled by activation
        gptq       balance, and columns make up for each other's errors

      More of the same size on disk is kept with --coding entropy: coarse steps over a wide alphabet, entropy coded. Such
      weights take 8.25 bits in memory. With --calibrate the method sees what the model's layers are fed with. With
      a target the bits go where the model suffers most without them: that is measured on the data of --measure or
      --calibrate, or else on generated samples; --measure none spreads them evenly and measures nothing.
      """)

  @Argument(help: "Checkpoint folder, or a safetensors file with config.json beside it.")
  var input: String

  @Argument(help: "Container to write, usually named .fusion.")
  var output: String

  @Option(
    help: "What the bulk of the weights becomes: int4, int8, keep, bf16, f32, or a scheme as below. (default: int4)")
  var quant: String?

  @Option(
    help: ArgumentHelp("Columns that share a scale: 16, 32, 64, 128 or 256.", valueName: "n"),
    transform: NumberRange.groupSize.parse)
  var groupSize: Int?

  @Option(help: "How scales and codes are chosen.")
  var method = QuantizationMethod.auto

  @Option(help: "What codes are made for: fixed (a fixed number of bits in memory), entropy (few bits on disk).")
  var coding = Coding.fixed

  @Option(
    help: ArgumentHelp(
      "Bits a weight on disk with --coding entropy, all included; any number from \(NumberRange.bits.span).",
      valueName: "n"), transform: NumberRange.bits.parse)
  var bits: Double?

  @Option(
    help: ArgumentHelp(
      "Bytes that the container is to take, for example 2.5GB; implies --coding entropy.", valueName: "size"),
    transform: NumberRange.containerSize.parse)
  var targetSize: ByteSize?

  @Option(
    help: ArgumentHelp(
      "Bits a weight that the whole container is to take, \(NumberRange.targetBits.span); implies --coding entropy.",
      valueName: "n"), transform: NumberRange.targetBits.parse)
  var targetBits: Double?

  @Option(
    help: ArgumentHelp(
      "Samples to collect statistics of inputs with before quantizing: a question file, a .txt file, or synth.",
      valueName: "data"))
  var calibrate: String?

  @Option(
    help: ArgumentHelp(
      "Statistics of the model's inputs, as calibrate writes them; with --calibrate, where to keep them.",
      valueName: "file"))
  var statistics: String?

  @OptionGroup var pictureMemory: PictureMemoryOptions

  @Option(
    help: ArgumentHelp(
      "Another scheme for the tensors that a pattern fits; the last one that fits counts.",
      valueName: "pattern=scheme"))
  var tensorType: [String] = []

  @Option(
    help: ArgumentHelp(
      "File with a scheme for each tensor, as --save-plan and diff --sensitivity write it; --tensor-type wins over it.",
      valueName: "file"))
  var plan: String?

  @Option(help: ArgumentHelp("Write what became of each tensor, as --plan takes it.", valueName: "file"))
  var savePlan: String?

  @Option(help: ArgumentHelp("Store the tensors that a pattern fits bit for bit.", valueName: "pattern"))
  var keep: [String] = []

  @Option(help: "Compression of the chunks: zstd, or none for a file that can be mapped and used in place.")
  var compression = Compression.zstd

  @Flag(help: "Say what would be done and how large the container would be; write nothing.")
  var dryRun = false

  @Flag(help: "Replace the output if it exists.")
  var force = false

  @Flag(help: "Keep the work beside the output while it goes on, and go on with that of an interrupted conversion.")
  var resume = false

  @Flag(name: .customLong("no-verify"), help: "Do not read back what was written.")
  var skipsVerification = false

  @OptionGroup(title: "Comparison") var advice: AdviceOptions
  @OptionGroup(title: "Checkpoint") var checkpoint: CheckpointArguments
  @OptionGroup var common: CommonOptions

  /// What is done with chunks.
  enum Compression: String, ExpressibleByArgument, CaseIterable {
    case zstd, none
  }

  /// What the number of bits in memory follows.
  enum Coding: String, ExpressibleByArgument, CaseIterable {
    case fixed, entropy
  }

  /// Bits on disk of entropy-coded weights if none are asked for: about those of int4 in groups of 64.
  private static let standardBits = 4.25

  private func scheme() throws -> WeightScheme {
    guard isEntropyCoded else { return try WeightScheme(parsing: quant ?? Self.standardScheme, groupSize: groupSize) }
    return try WeightScheme(parsing: "entropy-\(bits ?? Self.standardBits)")
  }

  /// Scheme of the bulk if none is asked for.
  private static let standardScheme = "int4"

  private var isEntropyCoded: Bool { coding == .entropy || targetSize != nil || targetBits != nil }

  private var budget: SizeBudget? {
    if let targetSize { return .bytes(targetSize.byteCount) }
    if let targetBits { return .bitsPerWeight(targetBits) }
    return measuredData == nil ? nil : .meanBits(bits ?? Self.standardBits)
  }

  /// What the parts of the model are measured on, so that the bits go where they are missed most: of a target, unless
  /// `--measure none` says otherwise, what the inputs are known from, or else generated samples.
  private var measuredData: String? {
    guard advice.measure != AdviceOptions.noData else { return nil }
    return advice.measure ?? (targetSize != nil || targetBits != nil ? calibrate ?? CalibrationData.generatedWord : nil)
  }

  /// What parts are measured on.
  private func measuring(on data: String) -> ComparisonOptions {
    ComparisonOptions(measuringOn: data, parts: checkpoint.options, pictureMemoryLimit: pictureMemory.byteCount)
  }

  /// All that the command reads and writes.
  var files: CommandFiles {
    var files = CommandFiles()
    files.read(model: input, options: checkpoint.options)
    files.read(file: plan)
    files.read(data: calibrate)
    files.read(data: measuredData)
    if calibrate == nil { files.read(file: statistics) } else { files.write(file: statistics) }
    if !advice.compare { files.write(file: output) }
    if resume { for path in ResumptionPaths.all(of: output) { files.write(file: path, until: output) } }
    files.write(file: savePlan)
    return files
  }

  func validate() throws {
    if targetSize != nil, targetBits != nil {
      throw ValidationError("--target-size and --target-bits exclude each other")
    }
    if bits != nil, targetSize != nil || targetBits != nil {
      throw ValidationError("--bits is for single tensors; the targets choose it for the whole container")
    }
    if measuredData != nil, !isEntropyCoded, !advice.compare {
      throw ValidationError(
        "--measure says where bits go: give --target-size, --target-bits or --coding entropy, or --compare")
    }
    if bits != nil, coding != .entropy { throw ValidationError("--bits needs --coding entropy") }
    if quant != nil, isEntropyCoded {
      throw ValidationError("--quant is for codes of a fixed width; --coding entropy and the targets have steps")
    }
    if isEntropyCoded, compression == .none {
      throw ValidationError("entropy-coded weights are small on disk only with compression; leave out --compression")
    }
    if calibrate != nil, dryRun { throw ValidationError("--calibrate takes long; with --dry-run give --statistics") }
    try validateAdvice()
  }

  /// Schemes of single tensors.
  func overrides() throws -> [QuantizationRecipe.Override] {
    let planned = try plan.map { try TensorPlan(path: $0).overrides(groupSize: groupSize, file: $0) } ?? []
    return try planned + tensorType.map { try QuantizationRecipe.override(parsing: $0, groupSize: groupSize) }
  }

  func run() throws {
    if advice.compare { return try advise() }
    try common.perform(
      {
        try files.check()
        let execution = try common.execution()
        let recipe = QuantizationRecipe(
          scheme: try scheme(), method: method, overrides: try overrides(), keep: keep.map { NamePattern($0) },
          compresses: compression == .zstd)
        let opened = try Checkpoint(path: input, options: checkpoint.options)
        let planFile = try savePlan.map { try TensorPlanFile(path: $0, replacing: force, resumes: resume) }
        var gathered = InputCalibration(
          input: input, output: output, data: calibrate, path: statistics, method: method, options: checkpoint.options,
          replacing: force, resumes: resume, execution: execution, programVersion: ProgramVersion.text,
          pictureMemoryLimit: pictureMemory.byteCount)
        let calibration = try gathered.statistics(progress: common.progressHandler())
        defer { gathered.discard() }
        let fitting = try budget.map {
          try BudgetPlanner(checkpoint: opened, recipe: recipe, calibration: calibration, execution: execution)
            .outcome(
              for: $0, measuringOn: measuredData.map(measuring), isOptional: advice.measure == nil, output: output,
              producer: ProgramVersion.text, progress: common.progressHandler())
        }
        let converter = try Converter(
          checkpoint: opened, recipe: fitting?.recipe ?? recipe, calibration: calibration, execution: execution)
        var report =
          try dryRun
          ? converter.forecast(output: output, producer: ProgramVersion.text)
          : converter.write(
            to: output, replacing: force, verifies: !skipsVerification, resumes: resume, producer: ProgramVersion.text,
            progress: common.progressHandler())
        report.parts = fitting?.parts.map { $0.compactMap { $0.line(in: converter.plan) } }
        report.notices += fitting?.notices ?? []
        try planFile?.write(TensorPlan(converter.plan))
        return report
      },
      text: { ConversionText(report: $0, isVerbose: common.verbose, sourceOptions: checkpoint.proposal).text })
  }
}
