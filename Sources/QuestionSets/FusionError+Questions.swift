import FusionCore

extension FusionError.Code {
  /// A question lacks a field.
  public static let questionMissingField = Self("questions.missingField")
  /// A field of a question has a type or value that it cannot have.
  public static let questionWrongField = Self("questions.wrongField")
  /// Two questions have one name.
  public static let questionDuplicate = Self("questions.duplicate")
  /// A line, field or picture of a question file is longer than ``QuestionLimits`` permits.
  public static let questionLineTooLong = Self("questions.lineTooLong")
  /// There are more questions than ``QuestionLimits`` permits.
  public static let questionsTooMany = Self("questions.tooMany")
  /// There is no question in the file.
  public static let questionsEmpty = Self("questions.empty")
  /// The form of a question file was not recognised.
  public static let questionsUnknownForm = Self("questions.unknownForm")
  /// Quotes or columns of a table do not work out.
  public static let questionsMalformedTable = Self("questions.malformedTable")
  /// A question has no answer among those that were given separately.
  public static let questionNoAnswer = Self("questions.noAnswer")
  /// A picture's path leads out of the picture folder.
  public static let questionPicturePath = Self("questions.picturePath")
  /// A picture in base64 cannot be decoded.
  public static let questionPictureEncoding = Self("questions.pictureEncoding")
  /// A picture that a question names is not there.
  public static let questionPictureMissing = Self("questions.pictureMissing", .missingInput)
}
