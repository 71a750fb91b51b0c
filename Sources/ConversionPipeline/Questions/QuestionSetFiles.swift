import MappedFiles

/// The three text files of a synthetic question set, written line by line.
final class QuestionSetFiles {
  private let questions: AtomicFile
  private let conversations: AtomicFile
  private let scenes: AtomicFile

  /// - Throws: `.cannotCreate`.
  init(in folder: AtomicFolder) throws {
    questions = try AtomicFile(path: folder.file("questions.jsonl"), replacing: false)
    conversations = try AtomicFile(path: folder.file("conversations.jsonl"), replacing: false)
    scenes = try AtomicFile(path: folder.file("scenes.jsonl"), replacing: false)
  }

  /// Adds the lines of a picture, with no more than so many questions.
  func append(_ record: SceneRecord, questionLimit: Int) throws {
    try questions.append(Self.bytes(record.questions.prefix(questionLimit)))
    try conversations.append(Self.bytes(record.conversations[...]))
    try scenes.append(Self.bytes([record.scene]))
  }

  /// Gives the files their names.
  func finish() throws {
    try questions.commit()
    try conversations.commit()
    try scenes.commit()
  }

  private static func bytes(_ lines: ArraySlice<String>) -> [UInt8] {
    Array(lines.joined(separator: "\n").utf8) + [0x0A]
  }
}
