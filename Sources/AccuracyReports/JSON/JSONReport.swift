import Foundation
import FusionCore

/// The report for programs: one JSON document with the fields of ``DiffReport``.
///
/// Keys are sorted, so that two reports can be compared as text. JSON has no number for what is not finite; such a
/// value is one of the strings `NaN`, `Infinity` and `-Infinity`.
public enum JSONReport {
  /// Writes a report.
  ///
  /// Characters that could drive a terminal or reorder text stand as escapes, since the document may be shown as it is.
  ///
  /// - Returns: the document, ending with a line feed.
  /// - Throws: what the encoder throws; it has no reason to.
  public static func encode(_ report: DiffReport) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return String(decoding: try encoder.encode(report), as: UTF8.self).jsonEscapedForTerminal + "\n"
  }

  /// Reads a report back.
  ///
  /// - Throws: `.reportSchema` for a document of another schema, `.malformedReport` for one that is none.
  public static func decode(_ text: String, file: String? = nil) throws -> DiffReport {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    let data = Data(text.utf8)
    do {
      let schema = try decoder.decode(SchemaField.self, from: data).schema
      guard schema == ReportSchema.name else {
        throw FusionError(
          .reportSchema, "the report has another schema than this program knows", file: file, place: "schema",
          expected: ReportSchema.name, found: schema, remedy: "read it with the version of the program that wrote it")
      }
      return try decoder.decode(DiffReport.self, from: data)
    } catch let error as DecodingError {
      throw malformed(error, file)
    }
  }

  private struct SchemaField: Decodable { let schema: String }

  private static func malformed(_ error: DecodingError, _ file: String?) -> FusionError {
    let context: DecodingError.Context? =
      switch error {
      case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
        .dataCorrupted(let context):
        context
      @unknown default: nil
      }
    var place = context?.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue } ?? []
    if case .keyNotFound(let key, _) = error { place.append(key.stringValue) }
    return FusionError(
      .malformedReport, "this is not an accuracy report", file: file, place: place.joined(separator: "."),
      expected: "a JSON document of the schema \(ReportSchema.name)", found: context?.debugDescription,
      remedy: "name a file that diff --json wrote")
  }
}

extension FusionError.Code {
  /// A report of a schema that this program does not read.
  public static let reportSchema = Self("reports.schema")
  /// A document that is not a report, or not a whole one.
  public static let malformedReport = Self("reports.malformed")
}
