import Foundation
import SyntheticData
import TestSupport
import Testing

/// That formats/questions.md names everything that a scene can have.
@Suite struct QuestionsDocumentTests {
  private static func document() throws -> String {
    try String(contentsOfFile: "\(Fixtures.repository)/formats/questions.md", encoding: .utf8)
  }

  @Test(arguments: [
    SceneCategory.allCases.map(\.rawValue), SceneQuestion.Form.allCases.map(\.rawValue),
    SceneShape.allCases.map(\.rawValue), SceneColor.allCases.map(\.rawValue), SceneSize.allCases.map(\.rawValue),
    SceneTexture.allCases.map(\.rawValue), SceneBackground.allCases.map(\.rawValue),
    ScenePlace.allCases.map(\.rawValue),
    SceneTime.allCases.map(\.rawValue), SceneSide.allCases.map(\.rawValue),
  ])
  func valuesAreNamed(values: [String]) throws {
    let document = try Self.document()
    for value in values { #expect(document.contains("`\(value)`"), "\(value)") }
  }

  @Test func sizesAreTheDocumentedOnes() throws {
    let document = try Self.document().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(document.contains("Small objects are \(SceneSize.small.side) wide, large ones \(SceneSize.large.side)"))
    let sides = ScenePainter.sides
    #expect(document.contains("`--size` \(sides.lowerBound) to \(sides.upperBound) pixels"))
  }
}
