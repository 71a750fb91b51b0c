/// Queries of one sort, and how often they are tried.
struct SceneTopic {
  let weight: Int
  /// How often of 100 times "yes" is wanted where the answer is yes or no; the answer that fewer scenes can give is
  /// wanted more often, so that both come out equally frequent.
  var yesPercent = 50
  let queries: [SceneQuery]

  static func topics(of category: SceneCategory) -> [SceneTopic] { table[category] ?? [] }

  private static let table: [SceneCategory: [SceneTopic]] = [
    .color: [
      SceneTopic(weight: 3, queries: shapes.map { .color(of: $0) }),
      SceneTopic(weight: 2, queries: SceneColor.allCases.map { .shape(of: $0) }),
      SceneTopic(weight: 1, queries: [.backgroundColor]),
      SceneTopic(weight: 2, queries: [.letterColor]),
    ],
    .count: [
      SceneTopic(weight: 3, queries: shapes.map { .count(SceneFilter(shape: $0)) }),
      SceneTopic(weight: 3, queries: SceneColor.allCases.map { .count(SceneFilter(color: $0)) }),
      SceneTopic(weight: 1, queries: SceneTexture.allCases.map { .count(SceneFilter(texture: $0)) }),
      SceneTopic(weight: 2, queries: [.count(SceneFilter())]),
    ],
    .spatial: [
      SceneTopic(weight: 1, queries: shapes.map { .column(of: $0) }),
      SceneTopic(weight: 1, queries: shapes.map { .row(of: $0) }),
      SceneTopic(weight: 2, queries: pairs.map { .horizontal($0, $1) }),
      SceneTopic(weight: 2, queries: pairs.map { .vertical($0, $1) }),
      SceneTopic(weight: 2, queries: pairs.map { .direction($0, $1) }),
      SceneTopic(weight: 2, queries: [.textRow]),
    ],
    .scene: [SceneTopic(weight: 3, queries: [.place]), SceneTopic(weight: 2, queries: [.time])],
    .text: [SceneTopic(weight: 4, queries: [.text]), SceneTopic(weight: 1, queries: [.letterCount])],
    .contrast: [
      SceneTopic(weight: 4, queries: [.difference]),
      SceneTopic(weight: 3, yesPercent: 32, queries: SceneDifference.allCases.map { .isSame($0) }),
      SceneTopic(weight: 1, yesPercent: 72, queries: [.arePanelsEqual]),
      SceneTopic(weight: 2, queries: SceneSide.allCases.map { .panelColor($0) }),
      SceneTopic(weight: 2, queries: SceneSide.allCases.map { .panelShape($0) }),
      SceneTopic(weight: 2, queries: SceneSide.allCases.map { .panelCount($0) }),
      SceneTopic(weight: 1, queries: [.fullerPanel]),
    ],
    .reasoning: [
      SceneTopic(weight: 2, queries: pairs.map { .moreOf($0, $1) }),
      SceneTopic(weight: 1, yesPercent: 37, queries: pairs.map { .haveSameColor($0, $1) }),
      SceneTopic(weight: 2, queries: SceneSize.allCases.map { .shapeOfExtreme($0) }),
      SceneTopic(weight: 2, queries: SceneSize.allCases.map { .colorOfExtreme($0) }),
      SceneTopic(weight: 2, queries: shapes.map { .texture(of: $0) }),
    ],
  ]

  private static let shapes = SceneShape.allCases
  private static let pairs = shapes.flatMap { first in shapes.filter { $0 != first }.map { (first, $0) } }
}
