/// The kinds of pictures, which are good for different questions.
enum SceneKind: CaseIterable {
  /// One to five objects on a plain colour.
  case objects
  /// A place with one or two objects.
  case place
  /// A board with a word, and up to two objects.
  case text
  /// Two panels side by side.
  case contrast

  /// Kinds of successive pictures: with five questions a picture, each category gets ten of seventy.
  private static let cycle: [SceneKind] = [
    .objects, .text, .place, .objects, .contrast, .objects, .text, .objects, .place, .objects, .contrast, .text,
    .objects, .place,
  ]

  /// What the questions about a picture are to be about, in order.
  private static let plans: [SceneKind: [[SceneCategory]]] = [
    .objects: [
      [.count, .reasoning, .color, .reasoning, .spatial], [.count, .reasoning, .count, .reasoning, .color],
      [.count, .reasoning, .count, .reasoning, .spatial], [.count, .reasoning, .count, .color, .spatial],
      [.count, .reasoning, .color, .count, .spatial], [.count, .reasoning, .count, .reasoning, .color],
    ],
    .text: [[.text, .color, .text, .spatial, .text]],
    .place: [[.scene, .color, .scene, .spatial, .scene]],
    .contrast: [[.contrast, .contrast, .contrast, .contrast, .contrast]],
  ]

  /// The kind and the questions of a picture, among those that can have questions of the categories asked for.
  static func plan(picture: Int, categories: Set<SceneCategory>) -> (kind: SceneKind, categories: [SceneCategory]) {
    let fitting = cycle.indices.filter { !categories.isDisjoint(with: planned(cycle[$0])) }
    precondition(!fitting.isEmpty, "pictures without questions")
    let position = fitting[picture % fitting.count]
    let kind = cycle[position]
    let variants = plans[kind] ?? []
    let earlier = cycle[..<position].count { $0 == kind }
    let wanted = variants[earlier % variants.count].filter(categories.contains)
    if !wanted.isEmpty { return (kind, (0..<5).map { wanted[$0 % wanted.count] }) }
    let any = planned(kind).intersection(categories).sorted { $0.rawValue < $1.rawValue }
    return (kind, (0..<5).map { any[$0 % any.count] })
  }

  private static func planned(_ kind: SceneKind) -> Set<SceneCategory> { Set((plans[kind] ?? []).joined()) }
}
