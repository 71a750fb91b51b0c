/// The numbers that the vision tower receives for samples.
public enum PixelValues {
  /// The value of each of the 256 sample values, in -1...1: scaled in float64, rounded to float32, then shifted and
  /// stretched in float32.
  public static let table: [Float] = (0..<256).map { sample in
    let scaled = Float(Double(sample) * (1.0 / 255.0))
    return (scaled - 0.5) / 0.5
  }

  /// A picture's values channel by channel, [3, height, width].
  public static func planar(_ image: RGBImage) -> [Float] {
    let pixelCount = image.width * image.height
    return [Float](unsafeUninitializedCapacity: 3 * pixelCount) { values, count in
      table.withUnsafeBufferPointer { table in
        image.bytes.withUnsafeBufferPointer { samples in
          for pixel in 0..<pixelCount {
            for channel in 0..<3 { values[channel * pixelCount + pixel] = table[Int(samples[3 * pixel + channel])] }
          }
        }
      }
      count = 3 * pixelCount
    }
  }
}
