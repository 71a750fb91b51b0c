import FusionCore
import MappedFiles
import QuestionSets

/// The results of all parts of an evaluation, put in the order of the questions.
struct ResultsMerger {
  /// That of all questions together.
  let header: ResultsHeader
  /// One for each question.
  let lines: [ResultsLine]

  init(_ paths: [String], _ options: EvaluationOptions, _ data: EvaluationData) throws {
    guard options.shard == .whole, !options.resumes else {
      throw FusionError.evaluationOption(
        "--merge", expected: "neither --shard nor --resume", found: options.resumes ? "--resume" : "--shard")
    }
    var first: ResultsHeader?
    var found: [EvaluationShard: String] = [:]
    var lines: [ResultsLine?] = Array(repeating: nil, count: data.questions.count)
    for path in paths {
      let reader = try ResultsReader(path, data.questions) { header in
        try Self.checkData(header, data, path)
        let shard = try header.statedShard(file: path)
        try first?.expect(header, file: path, ignoring: ["shard"])
        if let first, let count = try? first.statedShard(file: path).count, count != shard.count {
          throw Self.incomplete(path, expected: "a part of \(count)", found: shard.text)
        }
        if let earlier = found[shard] {
          throw Self.incomplete(path, expected: "each part once", found: "\(shard.text), as in \(earlier)")
        }
        found[shard] = path
        first = first ?? header
        return shard
      }
      guard let header = reader.header, reader.isWhole else {
        throw Self.incomplete(path, expected: "whole lines to the end", found: "a line that is cut off")
      }
      let shard = try header.statedShard(file: path)
      let count = data.questions.indices.count(where: shard.contains)
      guard reader.lines.count == count else {
        throw Self.incomplete(path, expected: "\(count) answers", found: "\(reader.lines.count)")
      }
      for line in reader.lines { lines[line.index] = line }
    }
    guard let first else {
      throw FusionError.evaluationOption("--merge", expected: "files of results", found: "none")
    }
    let count = try first.statedShard(file: paths[0]).count
    if let missing = (1...count).first(where: { number in !found.keys.contains { $0.number == number } }) {
      throw Self.incomplete(paths[0], expected: "all \(count) parts", found: "no part \(missing)/\(count)")
    }
    header = first.whole
    self.lines = lines.compactMap { $0 }
  }

  /// Writes the merged file at once.
  ///
  /// - Throws: `.outputExists`, `.cannotCreate`, `.noSpace`, `.writeFailed`.
  func write(_ path: String) throws {
    // There is no --force here, so the error must not propose it.
    guard try FileIdentity(path: path) == nil else {
      throw FusionError(
        .outputExists, "the output exists already", file: path, expected: "a name that is free", found: "a file",
        remedy: "choose another name")
    }
    let file = try AtomicFile(path: path, replacing: false)
    try file.append(header.bytes)
    for line in lines { try file.append(line.bytes) }
    try file.commit()
  }

  /// Proves that results are of these questions; model and options are only held against each other.
  private static func checkData(_ header: ResultsHeader, _ data: EvaluationData, _ path: String) throws {
    let expected = [
      ("format", data.set.format.rawValue), ("data", data.fileDigest ?? "folder"), ("questions", data.questionDigest),
      ("count", "\(data.questions.count)"),
    ]
    for (name, value) in expected where header[name] != value {
      throw FusionError(
        .evaluationOtherRun, "the results are of other questions", file: path, place: "line 1, field \(name)",
        expected: value, found: header[name].isEmpty ? "nothing" : header[name],
        remedy: "give --data, --answers, --format and --limit as they were")
    }
  }

  private static func incomplete(_ path: String, expected: String, found: String) -> FusionError {
    FusionError(
      .evaluationIncomplete, "the parts do not make a whole", file: path, expected: expected, found: found,
      remedy: "name the finished results of each part once; --resume finishes a part")
  }
}
