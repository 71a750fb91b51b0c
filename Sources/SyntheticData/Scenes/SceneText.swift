/// A word or a number on a board.
public struct SceneText: Sendable, Hashable {
  /// Capital letters or digits, 1 to 5 of them.
  public var characters: String
  /// Colour of the letters.
  public var color: SceneColor
  /// The third of the picture that the board fills, from the top: 0, 1 or 2.
  public var row: Int

  /// Collects the fields.
  ///
  /// - Precondition: 1 to 5 capital letters of ASCII or digits, and a row of 0 to 2.
  public init(characters: String, color: SceneColor, row: Int) {
    precondition(
      (1...5).contains(characters.utf8.count)
        && characters.utf8.allSatisfy { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) },
      "\(characters) on a board")
    precondition((0...2).contains(row), "a board in row \(row)")
    self.characters = characters
    self.color = color
    self.row = row
  }

  /// Whether these are digits.
  public var isNumber: Bool { characters.utf8.allSatisfy { $0 < 0x3A } }

  /// Short common words, so that a reader can learn them from few pictures.
  public static let words = """
    CAT DOG SUN CAR BUS CUP HAT KEY BOX PEN STOP OPEN EXIT SALE FISH BIRD TREE MILK BOOK DOOR LAMP SHIP MOON RAIN FIRE \
    HELP APPLE BREAD WATER HOUSE TRAIN CHAIR MUSIC HOTEL PIZZA TIGER PLANT TABLE CLOCK
    """.split(separator: " ").map(String.init)

  /// Numbers of one to three digits.
  public static let numbers = [
    "7", "12", "18", "24", "30", "36", "45", "50", "63", "72", "88", "99", "100", "250", "365", "500",
  ]
}
