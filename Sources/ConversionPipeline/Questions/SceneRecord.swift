import SyntheticData

/// The lines that one picture contributes to the files of a question set.
struct SceneRecord {
  /// The picture's path in the set.
  let image: String
  private let identifier: String
  private let picture: ScenePicture

  init(_ picture: ScenePicture, number: Int) {
    let digits = String(number)
    identifier = String(repeating: "0", count: max(7 - digits.count, 0)) + digits
    image = "images/\(identifier).png"
    self.picture = picture
  }

  /// Lines of `questions.jsonl`.
  var questions: [String] {
    picture.questions.enumerated().map { index, question in
      JSONLine([
        ("question_id", JSONLine("\(identifier)-\(index)")),
        ("image", JSONLine(image)),
        ("text", JSONLine(question.text)),
        ("answer", JSONLine(question.answer)),
        ("answers", question.answers.count > 1 ? JSONLine(question.answers.map { JSONLine($0) }) : nil),
        ("category", JSONLine(question.category.rawValue)),
        ("type", JSONLine(question.form.rawValue)),
      ]).text
    }
  }

  /// Lines of `conversations.jsonl`: the caption, all questions one after the other, and a talk that begins with a
  /// description.
  var conversations: [String] {
    let spoken = picture.questions.filter { $0.form != .long }
    let caption = [("Describe the picture in one sentence.", picture.caption)]
    let questions = picture.questions.map { ($0.text, $0.answer) }
    let talk =
      [("Describe the picture in detail.", picture.description)]
      + spoken.prefix(3).map { ($0.question, $0.spokenAnswer) }
    return [("caption", caption), ("questions", questions), ("talk", talk)].map { name, turns in
      conversation("\(identifier)-\(name)", turns)
    }
  }

  private func conversation(_ identifier: String, _ turns: [(question: String, answer: String)]) -> String {
    let messages = turns.enumerated().flatMap { index, turn in
      [
        JSONLine([
          ("from", JSONLine("human")), ("value", JSONLine((index == 0 ? "<image>\n" : "") + turn.question)),
        ]),
        JSONLine([("from", JSONLine("gpt")), ("value", JSONLine(turn.answer))]),
      ]
    }
    return JSONLine([
      ("id", JSONLine(identifier)), ("image", JSONLine(image)), ("conversations", JSONLine(messages)),
    ]).text
  }

  /// The line of `scenes.jsonl`.
  var scene: String {
    let scene = picture.scene
    var background: SceneBackground?
    var place: (place: ScenePlace, time: SceneTime)?
    switch scene.backdrop {
    case .plain(let plain): background = plain
    case .place(let shown, let time): place = (shown, time)
    }
    return JSONLine([
      ("image", JSONLine(image)),
      ("caption", JSONLine(picture.caption)),
      ("description", JSONLine(picture.description)),
      ("background", background.map { JSONLine($0.rawValue) }),
      ("place", place.map { JSONLine($0.place.rawValue) }),
      ("time", place.map { JSONLine($0.time.rawValue) }),
      (
        "text",
        scene.text.map { text in
          JSONLine([
            ("characters", JSONLine(text.characters)), ("color", JSONLine(text.color.rawValue)),
            ("row", JSONLine(text.row)),
          ])
        }
      ),
      ("divided", JSONLine(scene.isDivided)),
      ("objects", JSONLine(scene.objects.map(line))),
    ]).text
  }

  private func line(_ object: SceneObject) -> JSONLine {
    JSONLine([
      ("shape", JSONLine(object.shape.rawValue)), ("color", JSONLine(object.color.rawValue)),
      ("size", JSONLine(object.size.rawValue)), ("texture", JSONLine(object.texture.rawValue)),
      ("x", JSONLine(object.x)), ("y", JSONLine(object.y)), ("width", JSONLine(object.size.side)),
      ("side", object.side.map { JSONLine($0.rawValue) }),
    ])
  }
}
