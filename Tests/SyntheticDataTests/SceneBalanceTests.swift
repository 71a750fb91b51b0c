import SyntheticData
import Testing

/// That no category can be answered by guessing: what the most frequent answer of its kind gets.
@Suite struct SceneBalanceTests {
  private static let questions = (0..<8000).flatMap { SceneSampler(seed: 21).picture($0).questions }

  private static func shares(_ answers: [String]) -> [String: Double] {
    Dictionary(answers.map { ($0, 1 / Double(answers.count)) }, uniquingKeysWith: +)
  }

  @Test(arguments: SceneCategory.allCases)
  func yesIsAsFrequentAsNo(category: SceneCategory) throws {
    let answers = Self.questions.filter { $0.category == category && $0.form == .yesNo }.map(\.answer)
    #expect(answers.count > 500 && Set(answers) == ["Yes", "No"])
    let yes = try #require(Self.shares(answers)["Yes"])
    #expect((0.45...0.55).contains(yes), "\(yes)")
  }

  @Test func lettersAreEquallyFrequent() {
    let shares = Self.shares(Self.questions.filter { $0.form == .choice }.map(\.answer))
    #expect(shares.keys.sorted() == ["A", "B", "C", "D"])
    #expect(shares.values.allSatisfy { (0.23...0.27).contains($0) }, "\(shares)")
  }

  @Test(arguments: SceneCategory.allCases)
  func noAnswerPrevails(category: SceneCategory) {
    let questions = Self.questions.filter { $0.category == category && $0.form != .long }
    #expect(Self.shares(questions.map(\.answer)).values.allSatisfy { $0 < 0.32 })
    let short = questions.filter { $0.form == .short }.map(\.answer)
    #expect(short.count > 500 && Self.shares(short).values.allSatisfy { $0 < 0.35 })
  }

  @Test func categoriesAreEquallyFrequent() {
    let shares = Self.shares(Self.questions.map(\.category.rawValue))
    #expect(shares.count == 7 && shares.values.allSatisfy { (0.12...0.17).contains($0) }, "\(shares)")
  }

  @Test func countsFromZeroToFiveOccur() {
    let answers = Self.questions.filter { $0.category == .count && $0.form == .short }.map(\.answer)
    let shares = Self.shares(answers)
    #expect(shares.keys.sorted() == ["0", "1", "2", "3", "4", "5"] && shares.values.allSatisfy { $0 > 0.08 })
  }

  @Test func everyWordNumberAndPlaceOccurs() {
    let answers = Set(Self.questions.flatMap(\.answers))
    for text in SceneText.words + SceneText.numbers { #expect(answers.contains(text.lowercased())) }
    for place in ScenePlace.allCases { #expect(answers.contains(place.rawValue)) }
  }
}
