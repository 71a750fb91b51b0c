import Foundation

/// The picture of a question, in a form that a page can show.
public struct AnswerImage: Codable, Sendable, Equatable {
  /// File name as the question file has it.
  public var name: String
  /// What the bytes are.
  public var mediaType: AnswerImageType
  /// The encoded picture; Base64 in JSON.
  public var bytes: Data

  /// Collects the fields.
  public init(
    name: String, mediaType: AnswerImageType, bytes: Data
  ) {
    self.name = name
    self.mediaType = mediaType
    self.bytes = bytes
  }
}
