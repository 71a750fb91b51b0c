import Crypto
import FusionCore
import MappedFiles
import QuestionSets

/// The questions of an evaluation with where their pictures are, and what tells them from others.
struct EvaluationData {
  let set: QuestionSet
  /// The questions that are asked, all shards together.
  let questions: [Question]
  /// SHA-256 of the question file; `nil` for a folder.
  let fileDigest: String?
  /// SHA-256 of the questions as they were read, answers included.
  let questionDigest: String

  private let imagesPath: String

  /// - Throws: what is wrong with the question file.
  init(_ options: EvaluationOptions) throws {
    let set = try QuestionSet(path: options.dataPath, format: options.format, answersPath: options.answersPath)
    self.set = set
    questions = options.limit.map { Array(set.questions.prefix($0)) } ?? set.questions
    imagesPath = options.imagesPath ?? set.folder
    let isFolder = try FileIdentity(path: options.dataPath)?.isFolder ?? false
    fileDigest = isFolder ? nil : try EvaluationDigest.ofFile(options.dataPath)
    questionDigest = EvaluationDigest.of(set.questions)
  }

  /// Proves that the pictures of questions are there, before hours are spent on some of them.
  ///
  /// - Throws: `.questionPictureMissing`.
  func checkPictures(_ questions: [Question]) throws {
    for question in questions { try set.checkPicture(of: question, folder: imagesPath) }
  }

  /// What a question asks of a model.
  ///
  /// - Throws: `.questionPictureEncoding`.
  func request(_ question: Question, _ options: EvaluationOptions) throws -> RunRequest {
    var request = options.request
    request.questions = [question.text]
    request.maximumTokenCount = options.maximumTokenCount
    request.picture = try set.picture(of: question, folder: imagesPath)
    // These are about a picture, and refused without one.
    if request.picture == nil {
      request.queryLength = nil
      request.imageTokenCount = nil
    }
    return request
  }
}
