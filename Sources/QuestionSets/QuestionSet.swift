import Foundation
import FusionCore
import MappedFiles

/// The questions of a file or folder, read and checked as a whole.
public struct QuestionSet: Sendable {
  /// Path as given.
  public let path: String
  /// Its form.
  public let format: QuestionFormat
  /// All questions, in the order of the file; one at least.
  public let questions: [Question]

  /// The file, for pictures inside it; `nil` for a folder.
  private let file: MappedFile?

  /// Reads a question file.
  ///
  /// Lines are read one after the other and given back to the system; what stays in memory are the questions. Nothing is
  /// allocated by a number of the file, and ``QuestionLimits`` bounds what is taken from it.
  ///
  /// - Parameters:
  ///   - path: the file, or the folder of MME.
  ///   - format: its form; `nil` to tell it from the content.
  ///   - answersPath: answers that are published separately, for ``QuestionFormat/mme`` and ``QuestionFormat/textvqa``.
  /// - Throws: `.cannotOpen`; `.questionsUnknownForm`; an error with file, line and field for what is wrong in it.
  public init(path: String, format: QuestionFormat? = nil, answersPath: String? = nil) throws {
    self.path = path
    let found: (questions: [Question], format: QuestionFormat)
    if try FileIdentity(path: path)?.isFolder ?? false {
      guard format ?? .mme == .mme else {
        throw FusionError(
          .questionsUnknownForm, "questions of this form are in a file", file: path, expected: "a file",
          found: "a folder", remedy: "name the question file")
      }
      file = nil
      found = (try MMEFolder.questions(in: path), .mme)
    } else {
      let mapped = try MappedFile(path: path)
      let known =
        try format
        ?? mapped.withBytes(in: 0..<mapped.byteCount) {
          try QuestionRecognition.format(of: $0, file: path)
        }
      file = mapped
      found = (try QuestionReader.questions(in: mapped, known), known)
    }
    self.format = found.format
    questions =
      try answersPath.map {
        try SeparateAnswers.add($0, to: found.questions, found.format, file: path)
      } ?? found.questions
  }

  /// The picture that the file itself holds for a question, decoded from base64; `nil` if it holds none.
  ///
  /// - Throws: `.questionPictureEncoding`; `.changedWhileReading`.
  public func embeddedImage(of question: Question) throws -> [UInt8]? {
    guard let file, let range = question.embeddedImage else { return nil }
    defer { file.discard(range) }
    return try file.withBytes(in: range) { bytes in
      guard let picture = Data(base64Encoded: Data(bytes)) else {
        throw FusionError(
          .questionPictureEncoding, "a picture in base64 cannot be decoded", file: path,
          place: "line \(try lineNumber(of: range)), field image", expected: "base64", found: "other characters",
          remedy: "download the file again")
      }
      return Array(picture)
    }
  }

  private func lineNumber(of range: Range<Int>) throws -> Int {
    guard let file else { return 1 }
    return try file.withBytes(in: 0..<file.byteCount) { $0.lineNumber(at: range.lowerBound) }
  }
}
