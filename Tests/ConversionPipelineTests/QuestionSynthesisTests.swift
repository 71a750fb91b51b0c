import ConversionPipeline
import Foundation
import FusionCore
import MappedFiles
import TestSupport
import Testing

@Suite struct QuestionSynthesisTests {
  private static let lists = ["questions.jsonl", "conversations.jsonl", "scenes.jsonl"]

  @discardableResult
  private func write(
    _ count: Int, seed: UInt64 = 8, side: Int = 64, categories: String? = nil, threads: Int = 2, to path: String,
    replacing: Bool = false
  ) throws -> QuestionSynthesisReport {
    try QuestionSynthesizer(
      questionCount: count, seed: seed, side: side, categories: try QuestionCategories.named(categories),
      execution: try Pipeline.execution(threads: threads)
    ).write(to: path, replacing: replacing)
  }

  @Test func equalSeedsGiveEqualBytes() throws {
    let folder = try TemporaryFolder()
    try write(203, threads: 1, to: folder.file("a"))
    try write(203, threads: 3, to: folder.file("b"))
    try write(203, seed: 9, to: folder.file("c"))
    let images = try FileManager.default.contentsOfDirectory(atPath: folder.file("a/images"))
    #expect(images.count == 41)
    for name in Self.lists + images.map({ "images/\($0)" }) {
      #expect(try Pipeline.bytes(folder.file("a/\(name)")) == Pipeline.bytes(folder.file("b/\(name)")), "\(name)")
      #expect(try Pipeline.bytes(folder.file("a/\(name)")) != Pipeline.bytes(folder.file("c/\(name)")), "\(name)")
    }
  }

  @Test func aSetIsTheBeginningOfALargerOne() throws {
    let folder = try TemporaryFolder()
    try write(38, to: folder.file("small"))
    try write(90, to: folder.file("large"))
    for name in Self.lists {
      let small = try Pipeline.bytes(folder.file("small/\(name)"))
      let large = try Pipeline.bytes(folder.file("large/\(name)"))
      #expect(!small.isEmpty && small.count < large.count && large.starts(with: small), "\(name)")
    }
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.file("small/images")) {
      #expect(
        try Pipeline.bytes(folder.file("small/images/\(name)")) == Pipeline.bytes(folder.file("large/images/\(name)")))
    }
  }

  /// Every answer found again, by rules of its own, in the description of the scene.
  @Test(arguments: [1 as UInt64, 77])
  func answersFollowFromTheScenes(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    try write(4000, seed: seed, to: folder.file("set"))
    let scenes = try JSONLines.read(folder.file("set/scenes.jsonl"), as: DrawnScene.self)
    let byImage = Dictionary(scenes.map { ($0.image, $0) }, uniquingKeysWith: { first, _ in first })
    let rules = try SceneAnswerRules()
    let questions = try JSONLines.read(folder.file("set/questions.jsonl"), as: DrawnQuestion.self)
    #expect(questions.count == 4000 && byImage.count == 800)
    for question in questions {
      let scene = try #require(byImage[question.image])
      let lines = question.text.split(separator: "\n").map(String.init)
      let stated = question.answers?.first ?? question.answer
      #expect(stated == question.answer)
      if question.type == "long" {
        #expect(question.answer == scene.description)
        continue
      }
      let expected = try #require(rules.answer(to: lines[0], in: scene), "\(question) of \(scene)")
      switch question.type {
      case "yes/no":
        #expect(question.answer.lowercased() == expected, "\(question) of \(scene)")
        #expect(lines.dropFirst() == ["Answer yes or no."])
      case "choice":
        #expect(lines.contains("\(question.answer). \(expected)"), "\(question) of \(scene)")
        #expect(lines.last == "Answer with the option's letter from the given choices directly.")
      default:
        #expect(question.type == "short" && question.answer == expected, "\(question) of \(scene)")
        #expect(lines.dropFirst() == ["Answer the question using a single word or phrase."])
      }
    }
  }

  @Test func conversationsTakeTurns() throws {
    let folder = try TemporaryFolder()
    try write(100, to: folder.file("set"))
    let scenes = try JSONLines.read(folder.file("set/scenes.jsonl"), as: DrawnScene.self)
    let questions = try JSONLines.read(folder.file("set/questions.jsonl"), as: DrawnQuestion.self)
    let conversations = try JSONLines.read(folder.file("set/conversations.jsonl"), as: DrawnConversation.self)
    #expect(conversations.count == 60 && Set(conversations.map(\.id)).count == 60)
    for conversation in conversations {
      let messages = conversation.conversations
      #expect(messages.indices.allSatisfy { messages[$0].from == ($0 % 2 == 0 ? "human" : "gpt") })
      #expect(messages.count % 2 == 0 && messages[0].value.hasPrefix("<image>\n"))
      #expect(messages.dropFirst().allSatisfy { !$0.value.contains("<image>") })
    }
    for (index, scene) in scenes.enumerated() {
      let own = conversations[(3 * index)..<(3 * index + 3)].map(\.conversations)
      #expect(own[0].map(\.value).last == scene.caption && own[2][1].value == scene.description)
      let asked = questions.filter { $0.image == scene.image }
      #expect(own[1].map(\.value).joined() == "<image>\n" + asked.flatMap { [$0.text, $0.answer] }.joined())
    }
  }

  @Test func theReportCountsWhatWasWritten() throws {
    let folder = try TemporaryFolder()
    let report = try write(52, categories: "SynthText,SynthColor", to: folder.file("set"))
    let questions = try JSONLines.read(folder.file("set/questions.jsonl"), as: DrawnQuestion.self)
    #expect(report.questionCount == 52 && report.pictureCount == 11 && questions.count == 52)
    #expect(Set(report.categories.keys) == ["SynthText", "SynthColor"])
    for (category, count) in report.categories { #expect(questions.count { $0.category == category } == count) }
    for (form, count) in report.forms { #expect(questions.count { $0.type == form } == count) }
    #expect(report.forms.values.reduce(0, +) == 52)
    let images = try FileManager.default.contentsOfDirectory(atPath: folder.file("set/images"))
    let byteCount = try images.reduce(0) { try $0 + Pipeline.bytes(folder.file("set/images/\($1)")).count }
    #expect(images.count == 11 && report.pictureByteCount == byteCount)
  }

  @Test func aFolderWithFilesIsReplacedOnRequestOnly() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder.file("set"), withIntermediateDirectories: true)
    try folder.write("set/mine.txt", text: "mine")
    let error = Pipeline.refusal { try write(5, to: folder.file("set")) }
    #expect(error?.code == .outputExists && error?.file == folder.file("set"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("set")) == ["mine.txt"])
    let forced = Pipeline.refusal { try write(5, to: folder.file("set"), replacing: true) }
    #expect(forced?.code == .outputHoldsOthers && forced?.found == "mine.txt")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("set")) == ["mine.txt"])
    try folder.remove("set/mine.txt")
    try write(10, to: folder.file("set"))
    try write(5, to: folder.file("set"), replacing: true)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.file("set")).sorted()
        == ["conversations.jsonl", "images", "questions.jsonl", "scenes.jsonl"])
    #expect(try folder.names() == ["set"])
  }

  @Test(arguments: ["SynthColour", "", "SynthColor,", "all"])
  func anUnknownCategoryIsRefused(list: String) {
    let error = Pipeline.refusal { try QuestionCategories.named(list) }
    #expect(error?.code == .unknownQuestionCategory && error?.code.category == .usage)
    #expect(error?.expected == QuestionCategories.names.joined(separator: ", "))
  }
}
