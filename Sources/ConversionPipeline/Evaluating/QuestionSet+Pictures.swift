import FusionCore
import MappedFiles
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

  /// Proves that the picture of a question is there, before hours are spent on others.
  ///
  /// - Throws: `.questionPictureMissing`.
  func checkPicture(of question: Question, folder: String) throws {
    // A picture inside of the question file is decoded when its turn comes.
    guard question.embeddedImage == nil, case .file(let path) = try picture(of: question, folder: folder),
      try !(FileIdentity(path: path)?.isRegularFile ?? false)
    else { return }
    throw FusionError(
      .questionPictureMissing, "a picture that a question is about is not there", file: path,
      place: "question \(question.identifier) of \(self.path)", expected: "a PNG or JPEG file", found: "no such file",
      remedy: "name the folder of the pictures with --images")
  }

  /// The folder that the file's paths begin at where no other is named.
  var folder: String { Checkpoint.folder(of: path) }
}
