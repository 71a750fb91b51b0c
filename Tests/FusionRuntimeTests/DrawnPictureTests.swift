import ConversionPipeline
import Foundation
import FusionCore
import ImagePreprocessing
import TestSupport
import Testing

/// The pictures of `synth qa` as a model gets them: decoded, and scaled to crops.
@Suite struct DrawnPictureTests {
  private struct Scene: Decodable {
    struct Object: Decodable {
      let shape: String
      let color: String
      let texture: String
      let x: Int
      let y: Int
    }

    let image: String
    let objects: [Object]
  }

  private static let samples: [String: [UInt8]] = [
    "red": [220, 20, 30], "orange": [255, 135, 0], "yellow": [255, 230, 0], "green": [20, 150, 50],
    "blue": [20, 60, 220], "purple": [130, 30, 160], "black": [15, 15, 15], "white": [255, 255, 255],
  ]

  @Test(arguments: [64, 200, 256])
  func colorsAreWhereTheSceneSays(side: Int) throws {
    let folder = try TemporaryFolder()
    _ = try QuestionSynthesizer(
      questionCount: 500, seed: 6, side: side, execution: try ExecutionOptions.forThisMachine(threads: 2)
    ).write(to: folder.file("set"), replacing: false)
    let lines = try Data(contentsOf: URL(fileURLWithPath: folder.file("set/scenes.jsonl"))).split(separator: 0x0A)
    var checkedCount = 0
    for line in lines {
      let scene = try JSONDecoder().decode(Scene.self, from: Data(line))
      let path = folder.file("set/\(scene.image)")
      let image = try ImageDecoder.decode(Array(try Data(contentsOf: URL(fileURLWithPath: path))), file: path)
      #expect(image.width == side && image.height == side)
      // The middle of a ring is not the ring's, and that of a pattern may be of its other colour.
      for object in scene.objects where object.shape != "ring" && object.texture == "solid" {
        let offset = 3 * (object.y * side / 1000 * side + object.x * side / 1000)
        #expect(Array(image.bytes[offset..<(offset + 3)]) == Self.samples[object.color], "\(object) of \(path)")
        checkedCount += 1
      }
    }
    #expect(lines.count == 100 && checkedCount > 50)
  }

  /// Small objects must outlive the scaling to 64 pixels: a pixel near the middle still has about the colour.
  @Test func colorsSurviveSmallCrops() throws {
    let folder = try TemporaryFolder()
    _ = try QuestionSynthesizer(
      questionCount: 500, seed: 6, execution: try ExecutionOptions.forThisMachine(threads: 2)
    ).write(to: folder.file("set"), replacing: false)
    let lines = try Data(contentsOf: URL(fileURLWithPath: folder.file("set/scenes.jsonl"))).split(separator: 0x0A)
    for line in lines {
      let scene = try JSONDecoder().decode(Scene.self, from: Data(line))
      let path = folder.file("set/\(scene.image)")
      let image = try ImageDecoder.decode(Array(try Data(contentsOf: URL(fileURLWithPath: path))), file: path)
      let whole = try #require(ImageCrops.staticHD(image, side: 64).last)
      for object in scene.objects where object.shape != "ring" && object.texture == "solid" {
        let offset = 3 * (object.y * 64 / 1000 * 64 + object.x * 64 / 1000)
        let color = try #require(Self.samples[object.color])
        let distance = zip(whole.bytes[offset..<(offset + 3)], color).map { abs(Int($0) - Int($1)) }.max() ?? 255
        #expect(distance < 40, "\(object) of \(path)")
      }
    }
  }
}
