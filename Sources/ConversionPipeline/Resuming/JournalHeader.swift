import ContainerFormat
import FusionCore
import MappedFiles

/// The first line of a journal: everything that decides the container's bytes.
struct JournalHeader {
  typealias Field = JournalSchema.HeaderField

  /// Characters of a value that an error shows.
  private static let shownCharacterCount = 120

  private var values: [Field: String] = [:]

  /// The header of a conversion.
  ///
  /// - Throws: what reading the source or the statistics throws.
  init(_ converter: Converter, producer: String) throws {
    let calibration = converter.calibration
    let statisticsSize = try calibration.flatMap { try FileIdentity(path: $0.path)?.byteCount }
    values = [
      .schema: JournalSchema.name, .program: producer,
      .container: "\(ContainerLimits.majorVersion).\(ContainerLimits.minorVersion)",
      .compressor: ChunkEncoder.compressor, .source: try ModelFingerprint.of(converter.checkpoint),
      .sideFiles: try PlanDigest.of(converter.checkpoint.sideFiles), .recipe: try converter.recipe.provenanceText(),
      .plan: PlanDigest.of(converter.plan.entries),
      .statistics: try calibration.map { try ModelFingerprint.ofFile($0.path) } ?? Self.nothing,
      .statisticsByteCount: statisticsSize.map { "\($0)" } ?? Self.nothing,
      .statisticsData: calibration?.dataDigest ?? Self.nothing,
      .statisticsModel: calibration?.modelFingerprint ?? Self.nothing,
    ]
  }

  private static let nothing = "none"

  /// Reads a line.
  ///
  /// - Throws: `.resumeJournal`.
  init(line: UnsafeRawBufferPointer, _ paths: ResumptionPaths) throws {
    do {
      var scanner = try StrictJSONScanner(line, maximumDepth: 1)
      try scanner.beginObject()
      while let name = try scanner.nextKey() {
        let value = try scanner.string()
        if let field = Field(rawValue: name) { values[field] = value }
      }
      try scanner.finish()
    } catch let error as FusionError {
      throw FusionError.resumeJournal(
        paths, line: 1, expected: "the first line of a journal", found: error.found ?? error.summary)
    }
    guard values[.schema] == JournalSchema.name else {
      throw FusionError.resumeJournal(
        paths, line: 1, expected: "schema \(JournalSchema.name)", found: values[.schema] ?? "no schema")
    }
  }

  /// The line with its end.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    for (index, field) in Field.allCases.enumerated() {
      JournalText.append(index == 0 ? "{" : ",", field.rawValue, to: &bytes)
      StrictJSONText.appendQuoted(values[field] ?? "", to: &bytes)
    }
    return bytes + Array("}\n".utf8)
  }

  /// Proves that a journal belongs to this conversion.
  ///
  /// - Throws: `.resumeOtherConversion` that names every difference.
  func expect(_ found: JournalHeader, _ paths: ResumptionPaths) throws {
    let differences = Field.allCases.filter { values[$0] != found.values[$0] }
    guard !differences.isEmpty else { return }
    throw FusionError(
      .resumeOtherConversion, "the interrupted conversion is another one", file: paths.journal,
      place: "line 1: " + differences.map(\.rawValue).joined(separator: ", "),
      expected: Self.shown(differences, of: self), found: Self.shown(differences, of: found),
      remedy: "repeat the command of the interrupted conversion as it was, or \(paths.beginAnew)")
  }

  private static func shown(_ fields: [Field], of header: JournalHeader) -> String {
    fields.map { field in
      let value = header.values[field] ?? "nothing"
      let start = value.unicodeScalars.prefix(shownCharacterCount)
      let isCut = start.endIndex != value.unicodeScalars.endIndex
      return "\(field.rawValue) \(String(start))\(isCut ? "..." : "")"
    }.joined(separator: "\n")
  }
}
