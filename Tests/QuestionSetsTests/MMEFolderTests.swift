import Foundation
import FusionCore
import QuestionSets
import TestSupport
import Testing

/// The release of MME in its three arrangements.
@Suite struct MMEFolderTests {
  private static let text = "Is it red? Please answer yes or no.\tYes\nIs it blue? Please answer yes or no.\tNo\n"

  private func folder(_ files: [String: String]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (name, text) in files {
      let parent = URL(fileURLWithPath: folder.file(name)).deletingLastPathComponent()
      try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
      try folder.write(name, text: text)
    }
    return folder
  }

  @Test(arguments: [
    (["color/7.txt": text, "color/7.png": "", "count/1.txt": text, "count/1.jpg": ""], "color/7.png", "color/7"),
    (["color/questions_answers_YN/7.txt": text, "color/images/7.jpg": ""], "color/images/7.jpg", "color/7"),
    (
      ["color.txt": text.split(separator: "\n").map { "7.jpg\t\($0)\n" }.joined(), "readme.txt": "?"], "color/7.jpg",
      "color/7.jpg"
    ),
  ])
  func arrangements(files: [String: String], image: String, name: String) throws {
    let folder = try folder(files)
    let set = try QuestionSet(path: folder.path)
    #expect(set.format == .mme)
    let questions = set.questions.filter { $0.category == "color" }
    #expect(questions.map(\.identifier) == [name, "\(name)#2"])
    #expect(questions.map(\.image) == [image, image])
    #expect(questions.map(\.group) == [name, name])
    #expect(questions.map(\.answers) == [["Yes"], ["No"]])
    #expect(
      questions[0].text
        == "Is it red? Please answer yes or no.\nAnswer the question using a single word or phrase.")
    #expect(AnswerJudge.judge(questions[1], answer: "No.")?.score == 1)
  }

  @Test func answersForTheLinesOfLLaVA() throws {
    let release = try folder(["color/7.txt": Self.text])
    let lines = """
      {"question_id": "color/7.png", "image": "color/7.png", "text": "Is it blue?\\n\
      Answer the question using a single word or phrase.", "category": "color"}
      """
    let path = try release.write("lines.jsonl", text: lines)
    let set = try QuestionSet(path: path, answersPath: release.path)
    #expect(set.questions.map(\.answers) == [["No"]])
  }

  @Test(arguments: [
    ("Is it red?\tYes\nIs it blue? No\n", FusionError.Code.questionsMalformedTable, "line 2"),
    ("Is it red?\tYes\nIs it blue?\tnever\n", .questionWrongField, "line 2, field answer"),
    ("\tYes\n", .questionsMalformedTable, "line 1"),
  ])
  func linesThatAreWrong(text: String, code: FusionError.Code, place: String) throws {
    let folder = try folder(["color/7.txt": text])
    let error = #expect(throws: FusionError.self) { try QuestionSet(path: folder.path) }
    #expect(error?.code == code)
    #expect(error?.place == place)
    #expect(error?.file == folder.file("color/7.txt"))
  }

  @Test func nothingInIt() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: FusionError.self) { try QuestionSet(path: folder.path) }
    #expect(error?.code == .questionsEmpty)
    let other = #expect(throws: FusionError.self) { try QuestionSet(path: folder.path, format: .lines) }
    #expect(other?.code == .questionsUnknownForm)
  }
}
