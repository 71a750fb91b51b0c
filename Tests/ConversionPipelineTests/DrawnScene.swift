import Foundation

/// A line of `scenes.jsonl`.
struct DrawnScene: Decodable {
  struct Object: Decodable {
    let shape: String
    let color: String
    let size: String
    let texture: String
    let x: Int
    let y: Int
    let width: Int
    let side: String?
  }

  struct Text: Decodable {
    let characters: String
    let color: String
    let row: Int
  }

  let image: String
  let caption: String
  let description: String
  let background: String?
  let place: String?
  let time: String?
  let text: Text?
  let divided: Bool
  let objects: [Object]

  /// The only object that a condition holds for.
  func only(where condition: (Object) -> Bool) -> Object? {
    let found = objects.filter(condition)
    return found.count == 1 ? found[0] : nil
  }
}

/// A line of `questions.jsonl`.
struct DrawnQuestion: Decodable {
  let identifier: String
  let image: String
  let text: String
  let answer: String
  let answers: [String]?
  let category: String
  let type: String

  enum CodingKeys: String, CodingKey {
    case identifier = "question_id"
    case image, text, answer, answers, category, type
  }
}

/// A line of `conversations.jsonl`.
struct DrawnConversation: Decodable {
  struct Message: Decodable {
    let from: String
    let value: String
  }

  let id: String
  let image: String
  let conversations: [Message]
}

/// Files with a JSON value on each line.
enum JSONLines {
  static func read<Line: Decodable>(_ path: String, as type: Line.Type = Line.self) throws -> [Line] {
    let lines = try Pipeline.bytes(path).split(separator: 0x0A)
    return try lines.map { try JSONDecoder().decode(Line.self, from: Data($0)) }
  }
}
