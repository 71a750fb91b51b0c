import QuestionSets

extension QuestionSet {
  /// The picture of a question; `nil` if it has none.
  ///
  /// - Parameter folder: where the file's paths begin.
  /// - Throws: `.questionPictureEncoding`.
  func picture(of question: Question, folder: String) throws -> PictureInput? {
    if let bytes = try embeddedImage(of: question) {
      return .encoded(bytes, name: "\(path): picture of question \(question.identifier)")
    }
    // A path out of the folder was refused when the file was read.
    return question.image.map { .file("\(folder)/\($0)") }
  }

  /// The folder that the file's paths begin at where no other is named.
  var folder: String { Checkpoint.folder(of: path) }
}
