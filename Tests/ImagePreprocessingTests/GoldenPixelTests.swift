import ImagePreprocessing
import TestSupport
import Testing

@Suite struct GoldenPixelTests {
  static let pictures = ["image1.png", "image2.png", "image3.jpg"]
  static let models = ["fusion-phi-tiny", "fusion-x-llama-tiny"]

  /// Bit patterns of the five crops' values at the given rows and columns, in the order crop, channel, row, column.
  private func valueBits(_ crops: [RGBImage], at places: [Int]) -> [UInt32] {
    crops.flatMap { crop in
      let values = PixelValues.planar(crop)
      return (0..<3).flatMap { channel in
        places.flatMap { row in
          places.map { values[(channel * crop.height + row) * crop.width + $0].bitPattern }
        }
      }
    }
  }

  private func channelMeans(_ crop: RGBImage) -> [Double] {
    let values = PixelValues.planar(crop)
    let pixelCount = crop.width * crop.height
    return (0..<3).map { channel in
      let plane = values[(channel * pixelCount)..<((channel + 1) * pixelCount)]
      let sum: Double = plane.reduce(0) { $0 + Double($1) }
      return sum / Double(pixelCount)
    }
  }

  /// Samples of every `step`-th pixel of every `step`-th row.
  private func samples(_ image: RGBImage, every step: Int) -> [UInt8] {
    stride(from: 0, to: image.height, by: step).flatMap { row in
      stride(from: 0, to: image.width, by: step).flatMap { column in
        (0..<3).map { image.bytes[3 * (row * image.width + column) + $0] }
      }
    }
  }

  @Test(arguments: pictures) func preprocessingIsTheReferences(_ name: String) throws {
    let golden = try GoldenTensors("preprocess/preprocess")
    let key = String(name.prefix { $0 != "." })
    let image = try PictureFiles.decoded(name)
    #expect(try golden.values("\(key).size_wh", Int64.self) == [Int64(image.width), Int64(image.height)])
    let large = PillowResize.bicubic(image, width: 768, height: 768)
    #expect(try golden.values("\(key).resized_768.sub_u8", UInt8.self) == samples(large, every: 4))
    let crops = ImageCrops.staticHD(image)
    #expect(crops.count == 5)
    let places = Array(stride(from: 0, to: 384, by: 6))
    #expect(try golden.values("\(key).pixel_values.sub", UInt32.self) == valueBits(crops, at: places))
    let means = crops.flatMap(channelMeans)
    let expectedMeans = try golden.values("\(key).pixel_values.mean_per_crop", Float.self)
    #expect(expectedMeans.count == means.count)
    for (mean, expected) in zip(means, expectedMeans) { #expect(abs(mean - Double(expected)) < 1e-5) }
  }

  @Test func jpegDecodesAsTheReferences() throws {
    let golden = try GoldenTensors("preprocess/preprocess")
    let image = try PictureFiles.decoded("image3.jpg")
    #expect(try golden.values("image3.decoded_rgb.sub_u8", UInt8.self) == samples(image, every: 2))
  }

  @Test(arguments: models) func allPixelsOfTheFirstCaseAreTheReferences(_ model: String) throws {
    let golden = try GoldenTensors("golden/\(model)/case1")
    let tableBits = try golden.values("pixel_values.table", UInt32.self)
    #expect(tableBits == PixelValues.table.map(\.bitPattern))
    let crops = ImageCrops.staticHD(try PictureFiles.decoded("image1.png"))
    let expected = try golden.values("pixel_values.u8", UInt8.self).map { tableBits[Int($0)] }
    #expect(crops.flatMap { PixelValues.planar($0).map(\.bitPattern) } == expected)
  }

  @Test(arguments: models) func partsOfTheSecondCaseAreTheReferences(_ model: String) throws {
    let golden = try GoldenTensors("golden/\(model)/case2")
    let crops = ImageCrops.staticHD(try PictureFiles.decoded("image2.png"))
    let places = Array(stride(from: 0, to: 384, by: 6))
    #expect(try golden.values("pixel_values.sub", UInt32.self) == valueBits(crops, at: places))
    let middle = try golden.values("pixel_values.crop_u8", UInt8.self)
    #expect(middle.map { PixelValues.table[Int($0)].bitPattern } == valueBits(crops, at: Array(160..<224)))
  }

  @Test(arguments: [1, 2, 5]) func cropsFollowTheSide(_ side: Int) throws {
    let image = try PictureFiles.decoded("cases/444-37x29.jpg")
    let crops = ImageCrops.staticHD(image, side: side)
    let large = PillowResize.bicubic(image, width: 2 * side, height: 2 * side)
    for (index, corner) in [(0, 0), (side, 0), (0, side), (side, side)].enumerated() {
      for row in 0..<side {
        let start = 3 * ((corner.1 + row) * 2 * side + corner.0)
        let expected = large.bytes[start..<(start + 3 * side)]
        #expect(crops[index].bytes[(3 * row * side)..<(3 * (row + 1) * side)] == expected)
      }
    }
    #expect(crops[4] == PillowResize.bicubic(image, width: side, height: side))
  }
}
