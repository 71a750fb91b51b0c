/// What is asked about a scene, apart from the words.
///
/// ``Scene/answer(to:)`` gives the answer, or `nil` where a scene does not determine one.
public enum SceneQuery: Sendable, Hashable {
  /// The colour of the only object of a form.
  case color(of: SceneShape)
  /// The form of the only object of a colour.
  case shape(of: SceneColor)
  /// The colour behind the objects.
  case backgroundColor
  /// The colour of the letters.
  case letterColor
  /// How many objects.
  case count(SceneFilter)
  /// Left, middle or right.
  case column(of: SceneShape)
  /// Top, middle or bottom.
  case row(of: SceneShape)
  /// Whether the first form is left or right of the second.
  case horizontal(SceneShape, SceneShape)
  /// Whether the first form is above or below the second.
  case vertical(SceneShape, SceneShape)
  /// Left, right, above or below, for objects that are apart in one direction only.
  case direction(SceneShape, SceneShape)
  /// Where the board with the word is: top, middle or bottom.
  case textRow
  /// Which place.
  case place
  /// Day or night.
  case time
  /// What is printed on the board.
  case text
  /// How many letters the printed word has.
  case letterCount
  /// What the two panels differ in.
  case difference
  /// Whether one thing is the same in both panels.
  case isSame(SceneDifference)
  /// Whether nothing differs between the panels.
  case arePanelsEqual
  /// The colour of a panel's objects.
  case panelColor(SceneSide)
  /// The form of a panel's objects.
  case panelShape(SceneSide)
  /// How many objects a panel has.
  case panelCount(SceneSide)
  /// Which panel has more objects.
  case fullerPanel
  /// Which of two forms there are more of.
  case moreOf(SceneShape, SceneShape)
  /// Whether the only objects of two forms have the same colour.
  case haveSameColor(SceneShape, SceneShape)
  /// The form of the only object of a size.
  case shapeOfExtreme(SceneSize)
  /// The colour of the only object of a size.
  case colorOfExtreme(SceneSize)
  /// The surface of the only object of a form.
  case texture(of: SceneShape)

  /// What the question is about.
  public var category: SceneCategory {
    switch self {
    case .color, .shape, .backgroundColor, .letterColor: .color
    case .count: .count
    case .column, .row, .horizontal, .vertical, .direction, .textRow: .spatial
    case .place, .time: .scene
    case .text, .letterCount: .text
    case .difference, .isSame, .arePanelsEqual, .panelColor, .panelShape, .panelCount, .fullerPanel: .contrast
    case .moreOf, .haveSameColor, .shapeOfExtreme, .colorOfExtreme, .texture: .reasoning
    }
  }

  /// Whether the answer itself is yes or no.
  public var isBoolean: Bool {
    switch self {
    case .isSame, .arePanelsEqual, .haveSameColor: true
    default: false
    }
  }

  /// Answers that a scene can give, the true one among them; wrong options and false statements come from here.
  public var possibleAnswers: [String] {
    switch self {
    case .color, .letterColor, .panelColor, .colorOfExtreme: SceneColor.allCases.map(\.rawValue)
    case .shape, .panelShape, .shapeOfExtreme: SceneShape.allCases.map(\.rawValue)
    case .backgroundColor: SceneBackground.allCases.map(\.rawValue)
    case .count(let filter): (filter == SceneFilter() ? 1...5 : 0...5).map(String.init)
    case .panelCount: (1...3).map(String.init)
    case .column: ["left", "middle", "right"]
    case .row, .textRow: ["top", "middle", "bottom"]
    case .horizontal: ["left", "right"]
    case .vertical: ["above", "below"]
    case .direction: ["left", "right", "above", "below"]
    case .place: ScenePlace.allCases.map(\.rawValue)
    case .time: SceneTime.allCases.map(\.rawValue)
    case .text: (SceneText.words + SceneText.numbers).map { $0.lowercased() }
    case .letterCount: ["3", "4", "5"]
    case .difference: SceneDifference.allCases.map(\.rawValue)
    case .fullerPanel: SceneSide.allCases.map(\.rawValue)
    case .moreOf(let first, let second): [first.plural, second.plural]
    case .texture: SceneTexture.allCases.map(\.rawValue)
    case .isSame, .arePanelsEqual, .haveSameColor: ["yes", "no"]
    }
  }
}
