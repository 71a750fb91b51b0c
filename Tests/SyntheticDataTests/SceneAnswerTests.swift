import SyntheticData
import Testing

/// What a scene answers, and what it refuses to answer because more than one answer could be right.
@Suite struct SceneAnswerTests {
  private static let scene = Scene(
    backdrop: .plain(.gray),
    objects: [
      SceneObject(shape: .circle, color: .red, size: .large, texture: .striped, x: 180, y: 180),
      SceneObject(shape: .square, color: .red, size: .small, x: 500, y: 200),
      SceneObject(shape: .star, color: .blue, size: .small, x: 820, y: 820),
      SceneObject(shape: .star, color: .white, size: .small, texture: .dotted, x: 180, y: 820),
    ])

  @Test(arguments: [
    (SceneQuery.color(of: .circle), "red"), (.shape(of: .blue), "star"), (.backgroundColor, "gray"),
    (.count(SceneFilter()), "4"), (.count(SceneFilter(shape: .star)), "2"), (.count(SceneFilter(color: .red)), "2"),
    (.count(SceneFilter(shape: .heart)), "0"), (.count(SceneFilter(texture: .solid)), "2"),
    (.column(of: .circle), "left"),
    (.row(of: .square), "top"), (.horizontal(.square, .circle), "right"), (.direction(.circle, .square), "left"),
    (.moreOf(.circle, .star), "stars"), (.haveSameColor(.circle, .square), "yes"), (.shapeOfExtreme(.large), "circle"),
    (.colorOfExtreme(.large), "red"), (.texture(of: .circle), "striped"),
  ])
  func determinedAnswersAreGiven(query: SceneQuery, answer: String) {
    #expect(Self.scene.answer(to: query) == answer)
    #expect(query.possibleAnswers.contains(answer))
  }

  @Test(arguments: [
    // Two stars, no heart, two red objects.
    SceneQuery.color(of: .star), .color(of: .heart), .shape(of: .red), .shape(of: .green), .texture(of: .star),
    .column(of: .star), .row(of: .ring), .horizontal(.star, .circle), .direction(.circle, .star),
    // Level with each other, so neither is above.
    .vertical(.circle, .square),
    // As many of one as of the other, or none of one.
    .moreOf(.circle, .square), .moreOf(.star, .heart), .haveSameColor(.circle, .star),
    // Three are small.
    .shapeOfExtreme(.small), .colorOfExtreme(.small),
    // No place, no word, no panels.
    .place, .time, .text, .letterCount, .letterColor, .textRow, .difference, .isSame(.color), .arePanelsEqual,
    .panelColor(.left), .panelCount(.right), .fullerPanel,
  ])
  func openAnswersAreRefused(query: SceneQuery) { #expect(Self.scene.answer(to: query) == nil) }

  /// A middle right at a border of thirds, or a distance that one could argue about.
  @Test(arguments: [
    (300, 180, SceneQuery.column(of: .circle)), (180, 640, .row(of: .circle)),
    (340, 500, .horizontal(.circle, .heart)), (500, 640, .vertical(.circle, .heart)),
    (180, 180, .direction(.circle, .heart)),
  ])
  func smallMarginsAreRefused(x: Int, y: Int, query: SceneQuery) {
    let scene = Scene(
      backdrop: .plain(.pink),
      objects: [
        SceneObject(shape: .circle, color: .green, size: .small, x: x, y: y),
        SceneObject(shape: .heart, color: .black, size: .small, x: 500, y: 500),
      ])
    #expect(scene.answer(to: query) == nil)
  }

  @Test func sixObjectsAreNotCounted() {
    let objects = (0..<6).map { index in
      SceneObject(shape: .ring, color: .blue, size: .small, x: 180 + index % 3 * 320, y: 180 + index / 3 * 320)
    }
    #expect(Scene(backdrop: .plain(.cyan), objects: objects).answer(to: .count(SceneFilter())) == nil)
    #expect(Scene(backdrop: .plain(.cyan), objects: Array(objects.dropLast())).answer(to: .count(SceneFilter())) == "5")
  }

  @Test(arguments: [
    (ScenePlace.city, SceneShape.square), (.forest, .triangle), (.mountain, .triangle), (.beach, .circle),
    (.meadow, .star),
  ])
  func objectsLikePartsOfAPlaceAreNotAskedFor(place: ScenePlace, shape: SceneShape) {
    let objects = [
      SceneObject(shape: shape, color: .red, size: .large, x: 180, y: 180),
      SceneObject(shape: .heart, color: .blue, size: .large, x: 820, y: 820),
    ]
    let scene = Scene(backdrop: .place(place, .night), objects: objects)
    #expect(scene.answer(to: .color(of: shape)) == nil)
    #expect(scene.answer(to: .horizontal(.heart, shape)) == nil)
    #expect(scene.answer(to: .color(of: .heart)) == "blue")
    #expect(scene.answer(to: .place) == place.rawValue && scene.answer(to: .time) == "night")
    // Windows and trees have colours and are objects too.
    #expect(scene.answer(to: .shape(of: .red)) == nil)
    #expect(scene.answer(to: .count(SceneFilter())) == nil)
  }

  @Test(arguments: [("BOOK", SceneShape.ring), ("DOG", .circle), ("EXIT", .cross), ("100", .ring)])
  func objectsLikeLettersAreNotAskedFor(word: String, shape: SceneShape) {
    let object = SceneObject(shape: shape, color: .red, size: .large, x: 180, y: 180)
    let text = SceneText(characters: word, color: .blue, row: 2)
    let scene = Scene(backdrop: .plain(.brown), objects: [object], text: text)
    #expect(scene.answer(to: .color(of: shape)) == nil)
    #expect(scene.answer(to: .text) == word.lowercased() && scene.answer(to: .letterColor) == "blue")
    #expect(scene.answer(to: .textRow) == "bottom")
    #expect(scene.answer(to: .letterCount) == (text.isNumber ? nil : String(word.count)))
  }

  @Test func panelsAreComparedAsAWhole() {
    func scene(_ right: [SceneObject]) -> Scene {
      let left = SceneObject(shape: .heart, color: .red, size: .small, x: 245, y: 500, side: .left)
      return Scene(backdrop: .plain(.gray), objects: [left] + right, isDivided: true)
    }
    func object(_ shape: SceneShape, _ color: SceneColor, y: Int = 500) -> SceneObject {
      SceneObject(shape: shape, color: color, size: .small, x: 755, y: y, side: .right)
    }
    let equal = scene([object(.heart, .red)])
    #expect(equal.answer(to: .arePanelsEqual) == "yes" && equal.answer(to: .difference) == nil)
    let other = scene([object(.ring, .red)])
    #expect(other.answer(to: .difference) == "shape" && other.answer(to: .isSame(.color)) == "yes")
    #expect(other.answer(to: .isSame(.shape)) == "no" && other.answer(to: .panelShape(.right)) == "ring")
    // Two differences: no single one to name. Unlike objects in a panel: nothing to say of it.
    #expect(scene([object(.ring, .blue)]).answer(to: .difference) == nil)
    let mixed = scene([object(.heart, .red, y: 300), object(.heart, .blue, y: 700)])
    #expect(mixed.answer(to: .isSame(.shape)) == nil && mixed.answer(to: .fullerPanel) == nil)
    #expect(mixed.answer(to: .color(of: .heart)) == nil)
  }
}
