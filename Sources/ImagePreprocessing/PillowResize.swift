import FusionCore

/// Resizes as Pillow's `resize((width, height))` does for RGB, to the byte: bicubic, widened when shrinking, in fixed
/// point, one direction after the other.
///
/// Sums are rounded between the directions, so their order shows in single steps of a sample. It is that of Pillow 13:
/// along the rows first, unless the height shrinks by more than twice what the width does. Older versions never turn
/// the order round; the reference values were made with the newer rule.
public enum PillowResize {
  /// Weights that are held at a time; a very long row is worked on in parts, so that its weights cannot fill the memory.
  private static let heldWeightCount = 1 << 20

  /// The picture at another size.
  ///
  /// The time is proportional to the larger of both sizes. The same size gives the same picture.
  ///
  /// - Precondition: both sizes are at least 1.
  public static func bicubic(_ image: RGBImage, width: Int, height: Int) -> RGBImage {
    precondition(width > 0 && height > 0, "a resize to \(width) x \(height)")
    var image = image
    if beginsWithHeight(from: (image.width, image.height), to: (width, height)) {
      image = vertical(image, height: height)
    }
    if image.width != width { image = horizontal(image, width: width) }
    if image.height != height { image = vertical(image, height: height) }
    return image
  }

  /// Whether the columns are worked on before the rows.
  private static func beginsWithHeight(
    from source: (width: Int, height: Int), to target: (width: Int, height: Int)
  ) -> Bool {
    target.height < source.height && source.height - target.height > 2 * (source.width - target.width)
  }

  /// Bytes that ``bicubic(_:width:height:)`` takes at its peak, the result included and the picture itself not.
  static func workingByteCount(
    from source: (width: Int, height: Int), to target: (width: Int, height: Int)
  ) -> Int {
    let between =
      beginsWithHeight(from: source, to: target) ? source.width * target.height : target.width * source.height
    let heldWeights = [(source.width, target.width), (source.height, target.height)].map { from, to in
      let capacity = ResampleWeights(from: from, to: to).capacity
      return 4 * max(heldWeightCount, capacity) + 8 * capacity
    }
    let sums = 4 * 3 * max(source.width, target.width)
    return 3 * (between + target.width * target.height) + (heldWeights.max() ?? 0) + sums
  }

  private static func horizontal(_ image: RGBImage, width: Int) -> RGBImage {
    let weights = ResampleWeights(from: image.width, to: width)
    let blockWidth = min(width, max(1, heldWeightCount / weights.capacity))
    let sampleCount = 3 * width * image.height
    let samples = [UInt8](unsafeUninitializedCapacity: sampleCount) { target, count in
      withTemporaryMemory(Int32.self, blockWidth * weights.capacity) { held in
        withTemporaryMemory(Double.self, weights.capacity) { exact in
          image.bytes.withUnsafeBufferPointer { source in
            for start in stride(from: 0, to: width, by: blockWidth) {
              let columns = start..<min(width, start + blockWidth)
              for column in columns {
                weights.write(of: column, to: slice(held, column - start, weights.capacity), exact: exact)
              }
              let ranges = columns.map(weights.range)
              for row in 0..<image.height {
                resampleRow(
                  source, at: 3 * row * image.width, into: target, at: 3 * (row * width + start), ranges: ranges,
                  weights: held, capacity: weights.capacity)
              }
            }
          }
        }
      }
      count = sampleCount
    }
    return RGBImage(width: width, height: image.height, bytes: samples)
  }

  @inline(__always)
  private static func resampleRow(
    _ source: UnsafeBufferPointer<UInt8>, at sourceStart: Int, into target: UnsafeMutableBufferPointer<UInt8>,
    at targetStart: Int, ranges: [Range<Int>], weights: UnsafeMutableBufferPointer<Int32>, capacity: Int
  ) {
    guard let base = source.baseAddress, let weightBase = weights.baseAddress else { return }
    for (index, range) in ranges.enumerated() {
      var pixel = base + (sourceStart + 3 * range.lowerBound)
      let own = weightBase + index * capacity
      var red = ResampleWeights.half
      var green = ResampleWeights.half
      var blue = ResampleWeights.half
      for tap in 0..<range.count {
        let weight = own[tap]
        red &+= Int32(pixel[0]) &* weight
        green &+= Int32(pixel[1]) &* weight
        blue &+= Int32(pixel[2]) &* weight
        pixel += 3
      }
      let place = targetStart + 3 * index
      target[place] = clipped(red)
      target[place + 1] = clipped(green)
      target[place + 2] = clipped(blue)
    }
  }

  private static func vertical(_ image: RGBImage, height: Int) -> RGBImage {
    let weights = ResampleWeights(from: image.height, to: height)
    let rowLength = 3 * image.width
    let samples = [UInt8](unsafeUninitializedCapacity: rowLength * height) { target, count in
      withTemporaryMemory(Int32.self, weights.capacity) { held in
        withTemporaryMemory(Double.self, weights.capacity) { exact in
          withTemporaryMemory(Int32.self, rowLength) { sums in
            image.bytes.withUnsafeBufferPointer { source in
              for row in 0..<height {
                weights.write(of: row, to: held, exact: exact)
                sums.update(repeating: ResampleWeights.half)
                for (tap, sourceRow) in weights.range(of: row).enumerated() {
                  let weight = held[tap]
                  let start = sourceRow * rowLength
                  for index in 0..<rowLength { sums[index] &+= Int32(source[start + index]) &* weight }
                }
                for index in 0..<rowLength { target[row * rowLength + index] = clipped(sums[index]) }
              }
            }
          }
        }
      }
      count = rowLength * height
    }
    return RGBImage(width: image.width, height: height, bytes: samples)
  }

  @inline(__always)
  private static func clipped(_ sum: Int32) -> UInt8 { UInt8(clamping: sum >> ResampleWeights.precisionBitCount) }

  private static func slice(
    _ buffer: UnsafeMutableBufferPointer<Int32>, _ index: Int, _ length: Int
  ) -> UnsafeMutableBufferPointer<Int32> {
    UnsafeMutableBufferPointer(rebasing: buffer[(index * length)..<((index + 1) * length)])
  }

  private static func withTemporaryMemory<T: BitwiseCopyable & ExpressibleByIntegerLiteral>(
    _ type: T.Type, _ count: Int, _ body: (UnsafeMutableBufferPointer<T>) -> Void
  ) {
    let memory = UnsafeMutableBufferPointer<T>.allocate(capacity: count)
    defer { memory.deallocate() }
    memory.initialize(repeating: 0)
    body(memory)
  }
}
