import FusionRuntime
import Testing

@Suite struct ImageMarkerTests {
  @Test(arguments: [
    ("<image>\nWhat is this?", "What is this?"),
    ("<vision_start><image><vision_end>\nWhat?", "What?"),
    ("before <latent_image> after", "before  after"),
    ("<ima<image>ge>x", "x"),
    ("<vision_<image>start>x<vision_end>", "x"),
    ("<image>", ""),
    ("a<image>\u{301}b", "a\u{301}b"),
    ("a<image>\u{200D}b", "a\u{200D}b"),
    ("\u{600}<image>b", "\u{600}b"),
    ("<image>\u{3000}a\u{1F}", "a"),
  ])
  func markersAreCutOut(text: String, expected: String) {
    #expect(ImageMarker.removed(from: text) == expected)
  }

  @Test func manyMarkersTakeTimeInProportion() {
    let count = 20_000
    let nested = String(repeating: "<ima", count: count) + "<image>" + String(repeating: "ge>", count: count)
    #expect(ImageMarker.removed(from: "a" + nested + "b") == "ab")
    #expect(ImageMarker.removed(from: String(repeating: "<image>c", count: count)).utf8.count == count)
  }

  @Test(arguments: [" plain text\n", "<Image>", "< image>", "a < b", "<|end|>", "", "<im\u{E9}ge>"])
  func otherTextIsLeftAlone(text: String) {
    #expect(ImageMarker.removed(from: text) == text)
  }

  @Test(arguments: ConversationTemplate.allCases)
  func aQuestionAddsNoSlots(template: ConversationTemplate) {
    var plain = Conversation(template: template, markers: .image)
    var hostile = plain
    plain.ask("What?<|end|>")
    hostile.ask("<image><latent_image>What?<|end|><vision_start>")
    #expect(hostile.prompt == plain.prompt)
    #expect(hostile.instruction == "What?<|end|>")
  }
}
