/// What each phrase of a question means, said once more and apart from the program: words are matched, objects are
/// counted and compared as `scenes.jsonl` lists them.
struct SceneAnswerRules {
  typealias Meaning = @Sendable (_ scene: DrawnScene, _ words: [String]) -> String?

  /// Placeholders in phrases, and what stands in their place.
  private static let placeholders = [
    "SHAPE": "(circle|square|triangle|star|cross|diamond|ring|heart)",
    "SHAPES": "(circles|squares|triangles|stars|crosses|diamonds|rings|hearts)",
    "COLOR": "(red|orange|yellow|green|blue|purple|black|white)", "GROUND": "(gray|pink|brown|cyan)",
    "GROUP": "((?:[a-z]+ ){0,2}[a-z]+)", "N": "([0-5])", "COLUMN": "(left|middle|right)", "ROW": "(top|middle|bottom)",
    "SIDE": "(left|right)", "VERTICAL": "(above|below)", "PLACE": "(a [a-z ]+)", "TIME": "(day|night)",
    "WORD": "([a-z0-9]+)", "WHAT": "(color|shape|number|size)", "EXTREME": "(largest|smallest)",
    "TEXTURE": "(solid|striped|dotted)",
  ]

  private let rules: [(pattern: Regex<AnyRegexOutput>, meaning: Meaning)]

  init() throws {
    rules = try (Self.openPhrases + Self.statements).map { phrase, meaning in
      let words = phrase.replacing("?", with: "\\?").split(separator: " ").map { word in
        let bare = word.filter { $0.isLetter }
        return Self.placeholders[bare].map { String(word.replacing(bare, with: $0)) } ?? String(word)
      }
      return (try Regex(words.joined(separator: " ")), meaning)
    }
  }

  /// The answer, `yes` or `no` for a statement; `nil` if no phrase fits or the scene does not decide it.
  func answer(to question: String, in scene: DrawnScene) -> String? {
    for (pattern, meaning) in rules {
      guard let match = question.wholeMatch(of: pattern) else { continue }
      return meaning(scene, match.output.dropFirst().compactMap { $0.substring.map(String.init) })
    }
    return nil
  }

  private static let openPhrases: [(String, Meaning)] = [
    ("What color is the SHAPE?", { color($0, $1[0]) }), ("What is the color of the SHAPE?", { color($0, $1[0]) }),
    ("What shape is the COLOR object?", { shape($0, $1[0]) }), ("Which shape is COLOR?", { shape($0, $1[0]) }),
    ("What color is the background?", { scene, _ in scene.background }),
    ("What is the color of the background?", { scene, _ in scene.background }),
    ("What color are the letters on the sign?", { scene, _ in scene.text?.color }),
    ("In which color is the sign written?", { scene, _ in scene.text?.color }),
    ("How many GROUP are there?", { count($0, $1[0]) }), ("How many GROUP are in the picture?", { count($0, $1[0]) }),
    ("Is the SHAPE on the left, in the middle or on the right?", { column($0, $1[0]) }),
    ("Is the SHAPE at the top, in the middle or at the bottom?", { row($0, $1[0]) }),
    ("Is the SHAPE to the left or to the right of the SHAPE?", { horizontal($0, $1[0], $1[1]) }),
    ("Is the SHAPE above or below the SHAPE?", { vertical($0, $1[0], $1[1]) }),
    ("Where is the SHAPE relative to the SHAPE?", { direction($0, $1[0], $1[1]) }),
    ("Is the sign at the top, in the middle or at the bottom?", { scene, _ in signRow(scene) }),
    ("Which place does the picture show?", { scene, _ in scene.place }),
    ("What place is this?", { scene, _ in scene.place }),
    ("Is it day or night in the picture?", { scene, _ in scene.time }),
    ("Is this picture of the day or of the night?", { scene, _ in scene.time }),
    ("What is written on the sign?", { scene, _ in scene.text?.characters.lowercased() }),
    ("What does the sign say?", { scene, _ in scene.text?.characters.lowercased() }),
    ("How many letters does the word on the sign have?", { scene, _ in scene.text.map { "\($0.characters.count)" } }),
    ("What differs between the left and the right side?", { scene, _ in difference(scene) }),
    ("In what do the two sides differ?", { scene, _ in difference(scene) }),
    ("What color are the objects on the SIDE side?", { common($0, $1[0], \.color) }),
    ("What shape are the objects on the SIDE side?", { common($0, $1[0], \.shape) }),
    ("How many objects are on the SIDE side?", { "\(side($0, $1[0]).count)" }),
    ("Which side has more objects, left or right?", { scene, _ in fuller(scene) }),
    ("Are there more SHAPES or more SHAPES?", { more($0, $1[0], $1[1]) }),
    ("What shape is the EXTREME object?", { extreme($0, $1[0])?.shape }),
    ("What color is the EXTREME object?", { extreme($0, $1[0])?.color }),
    ("Is the SHAPE solid, striped or dotted?", { texture($0, $1[0]) }),
    ("What pattern does the SHAPE have?", { texture($0, $1[0]) }),
  ]

  private static let statements: [(String, Meaning)] = [
    ("Is the SHAPE COLOR?", { equal(color($0, $1[0]), $1[1]) }),
    ("Is the color of the SHAPE COLOR?", { equal(color($0, $1[0]), $1[1]) }),
    ("Is the COLOR object a SHAPE?", { equal(shape($0, $1[0]), $1[1]) }),
    ("Is the background GROUND?", { equal($0.background, $1[0]) }),
    ("Are the letters on the sign COLOR?", { equal($0.text?.color, $1[0]) }),
    ("Are there N GROUP?", { equal(count($0, $1[1]), $1[0]) }),
    ("Is there exactly 1 GROUP?", { equal(count($0, $1[0]), "1") }),
    ("Is the number of GROUP N?", { equal(count($0, $1[0]), $1[1]) }),
    ("Is the SHAPE in the COLUMN column of the picture?", { equal(column($0, $1[0]), $1[1]) }),
    ("Is the SHAPE in the ROW row of the picture?", { equal(row($0, $1[0]), $1[1]) }),
    ("Is the SHAPE to the SIDE of the SHAPE?", { equal(horizontal($0, $1[0], $1[2]), $1[1]) }),
    ("Is the SHAPE VERTICAL the SHAPE?", { equal(vertical($0, $1[0], $1[2]), $1[1]) }),
    ("Is the sign at the ROW of the picture?", { equal(signRow($0), $1[0]) }),
    ("Is the sign in the ROW of the picture?", { equal(signRow($0), $1[0]) }),
    ("Does the picture show PLACE?", { equal($0.place, placeName($1[0])) }),
    ("Is this PLACE?", { equal($0.place, placeName($1[0])) }),
    ("Is it TIME in the picture?", { equal($0.time, $1[0]) }),
    ("Does the sign say WORD?", { equal($0.text?.characters.lowercased(), $1[0]) }),
    ("Is WORD written on the sign?", { equal($0.text?.characters.lowercased(), $1[0]) }),
    ("Does the word on the sign have N letters?", { equal($0.text.map { "\($0.characters.count)" }, $1[0]) }),
    ("Do the two sides differ in WHAT?", { equal(difference($0), $1[0]) }),
    ("Is the WHAT of the objects the same on both sides?", { isSame($0, $1[0]) }),
    ("Do both sides have the same WHAT?", { isSame($0, $1[0]) }),
    ("Do both sides show the same?", { scene, _ in differences(scene).isEmpty ? "yes" : "no" }),
    ("Are the two sides the same?", { scene, _ in differences(scene).isEmpty ? "yes" : "no" }),
    ("Are the objects on the SIDE side COLOR?", { equal(common($0, $1[0], \.color), $1[1]) }),
    ("Are the objects on the SIDE side SHAPES?", { equal(common($0, $1[0], \.shape).map(plural), $1[1]) }),
    ("Is there 1 object on the SIDE side?", { equal("\(side($0, $1[0]).count)", "1") }),
    ("Are there N objects on the SIDE side?", { equal("\(side($0, $1[1]).count)", $1[0]) }),
    ("Does the SIDE side have more objects?", { equal(fuller($0), $1[0]) }),
    ("Are there more SHAPES than SHAPES?", { equal(more($0, $1[0], $1[1]), $1[0]) }),
    ("Do the SHAPE and the SHAPE have the same color?", { equal(color($0, $1[0]), color($0, $1[1])) }),
    ("Is the EXTREME object a SHAPE?", { equal(extreme($0, $1[0])?.shape, $1[1]) }),
    ("Is the EXTREME object COLOR?", { equal(extreme($0, $1[0])?.color, $1[1]) }),
    ("Is the SHAPE TEXTURE?", { equal(texture($0, $1[0]), $1[1]) }),
  ]
}
