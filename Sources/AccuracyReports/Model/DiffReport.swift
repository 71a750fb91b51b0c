/// What quantization cost, where, and whether it is good enough: all that a comparison of two models found.
///
/// The report knows nothing of how its values were obtained. Every form of it, in the terminal, as Markdown, JSON or
/// HTML, is made from this value alone; `formats/report.md` says what each field means.
public struct DiffReport: Codable, Sendable, Equatable {
  /// ``ReportSchema/name`` of the program that made the report.
  public var schema: String
  /// Version of the program that made the report.
  public var programVersion: String
  /// Whether the candidate is good enough.
  public var verdict: Verdict
  /// The model that is taken as right.
  public var reference: ModelSide
  /// The model that is judged.
  public var candidate: ModelSide
  /// What they were compared on.
  public var data: DataSummary
  /// Weights, in the order of the graph.
  public var tensors: [TensorDifference]
  /// Trace points, in the order of computation.
  public var activations: [ActivationDifference]
  /// Where the candidate first goes wrong beyond rounding; nil if it does not.
  public var firstBad: FirstBadPoint?
  /// Predictions of the next token.
  public var outputs: OutputDifferences
  /// The mapping between vision and language; nil without pictures.
  public var mapping: MappingLoss?
  /// Generated answers; nil if none were asked for.
  public var answers: AnswerComparison?
  /// Tensors by the harm they do; nil if not asked for.
  public var sensitivity: SensitivityRanking?
  /// Limits that the user set; nil without any.
  public var gate: GateOutcome?
  /// Processor and thread count that the speeds were measured with; nil without speeds.
  public var machine: String?
  /// Seconds that the comparison took; nil if not measured.
  public var elapsedSeconds: Double?

  /// Collects what was found and judges it: ``verdict`` is ``Verdict/judging(_:)`` of the values given here.
  ///
  /// Set ``verdict`` anew if values are changed afterwards, and ``gate`` with ``Gate/evaluate(_:)``.
  public init(
    programVersion: String, reference: ModelSide, candidate: ModelSide, data: DataSummary,
    tensors: [TensorDifference] = [], activations: [ActivationDifference] = [], firstBad: FirstBadPoint? = nil,
    outputs: OutputDifferences = OutputDifferences(), mapping: MappingLoss? = nil, answers: AnswerComparison? = nil,
    sensitivity: SensitivityRanking? = nil, gate: GateOutcome? = nil, machine: String? = nil,
    elapsedSeconds: Double? = nil
  ) {
    schema = ReportSchema.name
    self.programVersion = programVersion
    verdict = Verdict(grade: .unmeasured, sentence: "")
    self.reference = reference
    self.candidate = candidate
    self.data = data
    self.tensors = tensors
    self.activations = activations
    self.firstBad = firstBad
    self.outputs = outputs
    self.mapping = mapping
    self.answers = answers
    self.sensitivity = sensitivity
    self.gate = gate
    self.machine = machine
    self.elapsedSeconds = elapsedSeconds
    verdict = Verdict.judging(self)
  }
}
