extension SceneQuery {
  /// Ways to ask for the answer.
  var questions: [String] {
    switch self {
    case .color(let shape): ["What color is the \(shape.rawValue)?", "What is the color of the \(shape.rawValue)?"]
    case .shape(let color): ["What shape is the \(color.rawValue) object?", "Which shape is \(color.rawValue)?"]
    case .backgroundColor: ["What color is the background?", "What is the color of the background?"]
    case .letterColor: ["What color are the letters on the sign?", "In which color is the sign written?"]
    case .count(let filter): ["How many \(filter.plural) are there?", "How many \(filter.plural) are in the picture?"]
    case .column(let shape): ["Is the \(shape.rawValue) on the left, in the middle or on the right?"]
    case .row(let shape): ["Is the \(shape.rawValue) at the top, in the middle or at the bottom?"]
    case .horizontal(let first, let second):
      ["Is the \(first.rawValue) to the left or to the right of the \(second.rawValue)?"]
    case .vertical(let first, let second): ["Is the \(first.rawValue) above or below the \(second.rawValue)?"]
    case .direction(let first, let second): ["Where is the \(first.rawValue) relative to the \(second.rawValue)?"]
    case .textRow: ["Is the sign at the top, in the middle or at the bottom?"]
    case .place: ["Which place does the picture show?", "What place is this?"]
    case .time: ["Is it day or night in the picture?", "Is this picture of the day or of the night?"]
    case .text: ["What is written on the sign?", "What does the sign say?"]
    case .letterCount: ["How many letters does the word on the sign have?"]
    case .difference: ["What differs between the left and the right side?", "In what do the two sides differ?"]
    case .panelColor(let side): ["What color are the objects on the \(side.rawValue) side?"]
    case .panelShape(let side): ["What shape are the objects on the \(side.rawValue) side?"]
    case .panelCount(let side): ["How many objects are on the \(side.rawValue) side?"]
    case .fullerPanel: ["Which side has more objects, left or right?"]
    case .moreOf(let first, let second): ["Are there more \(first.plural) or more \(second.plural)?"]
    case .shapeOfExtreme(let size): ["What shape is the \(size.extreme) object?"]
    case .colorOfExtreme(let size): ["What color is the \(size.extreme) object?"]
    case .texture(let shape):
      ["Is the \(shape.rawValue) solid, striped or dotted?", "What pattern does the \(shape.rawValue) have?"]
    case .isSame, .arePanelsEqual, .haveSameColor: statements(of: "")
    }
  }

  /// Ways to ask whether an answer is the right one, none if that would be ambiguous; without regard to it where the query is itself yes or no.
  func statements(of value: String) -> [String] {
    switch self {
    case .color(let shape): ["Is the \(shape.rawValue) \(value)?", "Is the color of the \(shape.rawValue) \(value)?"]
    case .shape(let color): ["Is the \(color.rawValue) object a \(value)?"]
    case .backgroundColor: ["Is the background \(value)?"]
    case .letterColor: ["Are the letters on the sign \(value)?"]
    case .count(let filter): [Self.isCount(value, filter), "Is the number of \(filter.plural) \(value)?"]
    case .column(let shape): ["Is the \(shape.rawValue) in the \(value) column of the picture?"]
    case .row(let shape): ["Is the \(shape.rawValue) in the \(value) row of the picture?"]
    case .horizontal(let first, let second): ["Is the \(first.rawValue) to the \(value) of the \(second.rawValue)?"]
    case .vertical(let first, let second): ["Is the \(first.rawValue) \(value) the \(second.rawValue)?"]
    // What is above may be a little to the left as well, which a statement would leave open.
    case .direction: []
    case .textRow: ["Is the sign \(value == "middle" ? "in" : "at") the \(value) of the picture?"]
    case .place: ["Does the picture show \(Self.phrase(ofPlace: value))?", "Is this \(Self.phrase(ofPlace: value))?"]
    case .time: ["Is it \(value) in the picture?"]
    case .text: ["Does the sign say \(value)?", "Is \(value) written on the sign?"]
    case .letterCount: ["Does the word on the sign have \(value) letters?"]
    case .difference: ["Do the two sides differ in \(value)?"]
    case .isSame(let what):
      [
        "Is the \(what.rawValue) of the objects the same on both sides?",
        "Do both sides have the same \(what.rawValue)?",
      ]
    case .arePanelsEqual: ["Do both sides show the same?", "Are the two sides the same?"]
    case .panelColor(let side): ["Are the objects on the \(side.rawValue) side \(value)?"]
    case .panelShape(let side): ["Are the objects on the \(side.rawValue) side \(Self.plural(ofShape: value))?"]
    case .panelCount(let side):
      [
        value == "1"
          ? "Is there 1 object on the \(side.rawValue) side?"
          : "Are there \(value) objects on the \(side.rawValue) side?"
      ]
    case .fullerPanel: ["Does the \(value) side have more objects?"]
    case .moreOf(let first, let second):
      ["Are there more \(value) than \(value == first.plural ? second.plural : first.plural)?"]
    case .haveSameColor(let first, let second):
      ["Do the \(first.rawValue) and the \(second.rawValue) have the same color?"]
    case .shapeOfExtreme(let size): ["Is the \(size.extreme) object a \(value)?"]
    case .colorOfExtreme(let size): ["Is the \(size.extreme) object \(value)?"]
    case .texture(let shape): ["Is the \(shape.rawValue) \(value)?"]
    }
  }

  private static func isCount(_ value: String, _ filter: SceneFilter) -> String {
    value == "1" ? "Is there exactly 1 \(filter.singular)?" : "Are there \(value) \(filter.plural)?"
  }

  private static func phrase(ofPlace value: String) -> String { ScenePlace(rawValue: value)?.phrase ?? value }

  private static func plural(ofShape value: String) -> String { SceneShape(rawValue: value)?.plural ?? value }
}

extension SceneSize {
  /// The word for the only object of this size.
  var extreme: String { self == .large ? "largest" : "smallest" }
}
