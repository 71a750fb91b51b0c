import Foundation
import TestSupport
import Testing

/// What `run` passes over is told, once.
@Suite struct RunNoticeTests {
  private static let model = Fixtures.path("fusion-phi-tiny")

  private func run(_ words: [String]) throws -> CommandRunner.Outcome {
    let folder = try TemporaryFolder()
    return try CommandRunner.run(["run", Self.model, "--max-tokens", "1"] + words, in: folder.path)
  }

  @Test func severalPicturesAreRefused() throws {
    let image = Fixtures.path("images/image1.png")
    let outcome = try run(["--prompt", "Compare them", "--image", image, "--image", image])
    #expect(outcome.status == 64 && outcome.error.contains("one picture at a time"), "\(outcome.error)")
  }

  @Test(arguments: [
    (["--top-p", "0.9"], "--top-p changes nothing"),
    (["--top-k", "5", "--seed", "3"], "--top-k, --seed change nothing"),
    (["--min-p", "0.1"], "--min-p changes nothing"),
  ])
  func samplingWithoutTemperatureIsTold(words: [String], notice: String) throws {
    let idle = try run(["--prompt", "Hi"] + words)
    #expect(idle.status == 0 && idle.error.contains(notice), "\(idle.error)")
    let used = try run(["--prompt", "Hi", "--temperature", "1"] + words)
    #expect(used.status == 0 && !used.error.contains("nothing"), "\(used.error)")
  }

  @Test func wordsForImagesAreTold() throws {
    let outcome = try run(["--prompt", "What is <image> and <vision_end>?", "--prompt", "And <image>?"])
    #expect(outcome.status == 0)
    #expect(outcome.error.components(separatedBy: "<image>, <vision_end> in a text are left out").count == 2)
    #expect(try run(["--prompt", "What is <b>?"]).error.contains("left out") == false)
  }

  @Test func turnedAndWidePicturesAreTold() throws {
    let folder = try TemporaryFolder()
    let jpeg = Array(try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("images/image3.jpg"))))
    for (name, header, entry) in [
      (
        "little.jpg", [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, 1, 0] as [UInt8],
        [0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0] as [UInt8]
      ),
      ("big.jpg", [0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8, 0, 1], [1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0]),
    ] {
      let tiff = header + entry + [0, 0, 0, 0]
      let segment = Array("Exif".utf8) + [0, 0] + tiff
      let length = UInt16(segment.count + 2)
      try folder.write(
        name, jpeg[..<2] + [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 0xFF)] + segment + jpeg[2...])
      let outcome = try run(["--prompt", "What is it?", "--image", folder.file(name)])
      #expect(outcome.status == 0 && outcome.error.contains("EXIF orientation 6"), "\(outcome.error)")
    }
    let plain = try run(["--prompt", "What is it?", "--image", Fixtures.path("images/image3.jpg")])
    #expect(!plain.error.contains("EXIF"))
  }

  @Test func fieldsWithoutEffectAreTold() throws {
    let folder = try TemporaryFolder()
    try CheckpointCopies.make(of: "fusion-phi-tiny", at: folder.file("model"))
    let text = try String(contentsOfFile: folder.file("model/config.json"), encoding: .utf8)
    try folder.write(
      "model/config.json",
      text: text.replacing(#""image_aspect_ratio": "static_hd""#, with: #""image_aspect_ratio": "anyres""#)
        .replacing(#""tokenizer_model_max_length": 4096"#, with: #""tokenizer_model_max_length": 20"#))
    let outcome = try CommandRunner.run(
      ["run", "model", "--prompt", "Tell me about a long day in the garden.", "--max-tokens", "1"], in: folder.path)
    #expect(outcome.status == 0)
    #expect(outcome.error.contains(#"image_aspect_ratio "anyres" has no effect"#), "\(outcome.error)")
    #expect(outcome.error.contains("cut it at tokenizer_model_max_length, 20"), "\(outcome.error)")
  }

  @Test func anImageWithoutItsTokensTakesFewerPositions() throws {
    let folder = try TemporaryFolder()
    try CheckpointCopies.make(of: "fusion-phi-tiny", at: folder.file("model"))
    let words = ["--prompt", "Hi", "--image", Fixtures.path("images/image1.png"), "--max-tokens", "1", "--json"]
    func positions() throws -> Int {
      let outcome = try CommandRunner.run(["run", "model"] + words, in: folder.path)
      let report = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
      return try #require(report?["promptTokens"] as? Int)
    }
    let wrapped = try positions()
    let text = try String(contentsOfFile: folder.file("model/config.json"), encoding: .utf8)
    try folder.write(
      "model/config.json",
      text: text.replacing(#""mm_use_im_start_end": true"#, with: #""mm_use_im_start_end": false"#))
    #expect(try positions() < wrapped)
  }
}
