extension Scene {
  /// What the picture shows, in one sentence.
  public var caption: String {
    if isDivided {
      return "The left side shows \(Self.list(on(.left))) and the right side \(Self.list(on(.right)))\(setting)."
    }
    if let text {
      let others = objects.isEmpty ? "" : " and \(Self.list(objects))"
      return "A sign that says \(text.characters)\(others)\(setting)."
    }
    if case .place(let place, let time) = backdrop {
      return "\(Self.capitalized(place.phrase)) \(time == .day ? "by day" : "at night") with \(Self.list(objects))."
    }
    return Self.capitalized("\(Self.list(objects))\(setting).")
  }

  /// What the picture shows and where, in several sentences.
  public var detailedDescription: String {
    var sentences: [String] = []
    switch backdrop {
    case .plain(let background): sentences.append("The background is \(background.rawValue).")
    case .place(let place, let time): sentences.append("The picture shows \(place.phrase). It is \(time.rawValue).")
    }
    if let text {
      let row = ["at the top", "in the middle", "at the bottom"][text.row]
      sentences.append("A sign \(row) says \(text.characters) in \(text.color.rawValue) letters.")
    }
    if isDivided {
      for side in SceneSide.allCases {
        sentences.append("On the \(side.rawValue) side \(Self.verb(on(side))) \(Self.list(on(side), withSizes: true)).")
      }
      return sentences.joined(separator: " ")
    }
    sentences += objects.sorted { ($0.row, $0.column) < ($1.row, $1.column) }.map { object in
      "There is \(Self.withArticle(object.words)) \(object.cellWords)."
    }
    return sentences.joined(separator: " ")
  }

  private var setting: String {
    guard case .plain(let background) = backdrop else { return "" }
    return " on a \(background.rawValue) background"
  }

  private func on(_ side: SceneSide) -> [SceneObject] { objects.filter { $0.side == side } }

  private static func verb(_ objects: [SceneObject]) -> String { objects.count == 1 ? "there is" : "there are" }

  /// Objects that look alike are counted: `two red circles and a blue star`.
  private static func list(_ objects: [SceneObject], withSizes: Bool = false) -> String {
    var groups: [(noun: String, plural: String, count: Int)] = []
    for object in objects {
      let adjectives = (withSizes ? object.size.rawValue + " " : "") + object.color.rawValue + " "
      let noun = adjectives + object.shape.rawValue
      if let index = groups.firstIndex(where: { $0.noun == noun }) {
        groups[index].count += 1
      } else {
        groups.append((noun, adjectives + object.shape.plural, 1))
      }
    }
    let words = groups.map { group in
      group.count == 1 ? withArticle(group.noun) : "\(numberWords[min(group.count, 9)]) \(group.plural)"
    }
    guard words.count > 1 else { return words.first ?? "nothing" }
    return words.dropLast().joined(separator: ", ") + " and " + words[words.count - 1]
  }

  private static let numberWords = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]

  private static func withArticle(_ noun: String) -> String { (noun.hasPrefix("o") ? "an " : "a ") + noun }

  private static func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}

extension SceneObject {
  /// Size, surface unless solid, colour and form: `large striped red circle`.
  var words: String {
    let surface = texture == .solid ? [] : [texture.rawValue]
    return ([size.rawValue] + surface + [color.rawValue, shape.rawValue]).joined(separator: " ")
  }

  /// Which ninth of the picture the middle is in.
  var cellWords: String {
    let rows = ["top", "middle", "bottom"]
    let columns = ["left", "middle", "right"]
    if row == 1, column == 1 { return "in the center" }
    if row == 1 { return "on the \(columns[column])" }
    return column == 1 ? "at the \(rows[row])" : "at the \(rows[row]) \(columns[column])"
  }
}
