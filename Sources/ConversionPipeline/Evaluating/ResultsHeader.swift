import FusionCore
import FusionRuntime
import QuestionSets
import TextTokenizer

/// The first line of a file of results: what its answers are of, as names and texts in a fixed order.
struct ResultsHeader: Equatable {
  static let schema = "fusion-convert.eval-results/1"

  /// Names with their values; the name `shard` comes last.
  private(set) var fields: [(name: String, value: String)]

  /// The value of a name; empty if there is none.
  subscript(name: String) -> String { fields.first { $0.name == name }?.value ?? "" }

  var shard: String { self["shard"] }

  init(_ options: EvaluationOptions, _ data: EvaluationData, family: String, fingerprint: String) {
    let request = options.request
    fields = [
      ("schema", Self.schema), ("family", family), ("model", fingerprint), ("format", data.set.format.rawValue),
      ("data", data.fileDigest ?? "folder"), ("questions", data.questionDigest), ("count", "\(data.questions.count)"),
      ("maxTokens", "\(options.maximumTokenCount)"), ("activations", options.settings.precision.rawValue),
      ("tokenizer", options.settings.tokenizer?.rawValue ?? "default"),
      ("template", request.template?.rawValue ?? "default"),
      ("system", request.systemPrompt ?? ""), ("hasSystem", request.systemPrompt == nil ? "no" : "yes"),
      ("queryLength", request.queryLength.map { "\($0)" } ?? "default"),
      ("imageTokens", request.imageTokenCount.map { "\($0)" } ?? "default"), ("shard", options.shard.text),
    ]
    // Where there is nothing to say, the line is that of a version without this option.
    let cache = options.settings.keyValuePrecision
    if cache != .float32, let place = fields.firstIndex(where: { $0.name == "tokenizer" }) {
      fields.insert(("keyValueCache", cache.rawValue), at: place)
    }
  }

  /// Reads a line.
  ///
  /// - Throws: `.evaluationResults`.
  init(line: UnsafeRawBufferPointer, file: String) throws {
    do {
      var scanner = try StrictJSONScanner(line, maximumDepth: 1)
      fields = []
      try scanner.beginObject()
      while let name = try scanner.nextKey() {
        guard fields.count < 64 else { break }
        fields.append((name, try scanner.string()))
      }
      try scanner.finish()
    } catch let error as FusionError {
      throw FusionError.evaluationResults(
        file, line: 1, expected: "the first line of a file of results", found: error.found ?? error.summary)
    }
    guard self["schema"] == Self.schema, fields.last?.name == "shard" else {
      throw FusionError.evaluationResults(
        file, line: 1, expected: "schema \(Self.schema)",
        found: self["schema"].isEmpty ? "no schema" : self["schema"])
    }
  }

  static func == (a: ResultsHeader, b: ResultsHeader) -> Bool { a.bytes == b.bytes }

  /// The line with its end.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    for (index, field) in fields.enumerated() {
      bytes.append(index == 0 ? UInt8(ascii: "{") : UInt8(ascii: ","))
      StrictJSONText.appendQuoted(field.name, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      StrictJSONText.appendQuoted(field.value, to: &bytes)
    }
    return bytes + Array("}\n".utf8)
  }

  /// The same of all questions together.
  var whole: ResultsHeader {
    var copy = self
    copy.fields[fields.count - 1].value = EvaluationShard.whole.text
    return copy
  }

  /// The part of the questions that the line names.
  ///
  /// - Throws: `.evaluationResults`.
  func statedShard(file: String) throws -> EvaluationShard {
    guard let stated = try? EvaluationShard(shard), stated.text == shard else {
      throw FusionError.evaluationResults(file, line: 1, expected: "a part as i/n", found: shard)
    }
    return stated
  }

  /// Proves that a file belongs to this evaluation.
  ///
  /// - Parameter ignored: names whose values may differ.
  /// - Throws: `.evaluationOtherRun` that names the first difference.
  func expect(_ found: ResultsHeader, file: String, ignoring ignored: Set<String> = []) throws {
    for field in fields where !ignored.contains(field.name) && found[field.name] != field.value {
      throw FusionError(
        .evaluationOtherRun, "the results are of another evaluation", file: file, place: "line 1, field \(field.name)",
        expected: field.value, found: found[field.name].isEmpty ? "nothing" : found[field.name],
        remedy: "give model, questions and options as they were, or write to another file")
    }
    guard found.fields.count == fields.count else {
      throw FusionError.evaluationResults(
        file, line: 1, expected: "\(fields.count) fields", found: "\(found.fields.count)")
    }
  }
}
