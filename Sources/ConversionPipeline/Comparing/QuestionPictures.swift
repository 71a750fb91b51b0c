import FusionCore
import QuestionSets

/// Finds the pictures that a question file names.
struct QuestionPictures {
  private let set: QuestionSet
  private let folder: String

  /// - Parameter folder: where the file's paths begin; `nil` for the folder that the file is in.
  init(_ set: QuestionSet, folder: String?) {
    self.set = set
    self.folder = folder ?? Checkpoint.folder(of: set.path)
  }

  /// The picture of a question; `nil` if it has none.
  ///
  /// - Throws: what is wrong with a picture inside of the file.
  func picture(of question: Question) throws -> PictureInput? {
    if let bytes = try set.embeddedImage(of: question) {
      return .encoded(bytes, name: "picture of question \(question.identifier)")
    }
    return question.image.map { .file($0.hasPrefix("/") ? $0 : "\(folder)/\($0)") }
  }
}
