import NumericKernels
import WeightGraph

/// Patches of a crop to tokens: a convolution whose stride is its size, plus a learned position.
struct PatchEmbedding: Sendable {
  private let projection: Linear
  private let positions: [Float]
  private let patchSize: Int
  private let patchesPerSide: Int

  init(_ vision: VisionConfiguration, in weights: any ModelWeights, kernels: WeightReading) throws {
    projection = try Linear("vision.patch_embedding", hasBias: true, in: weights, kernels: kernels)
    positions = try kernels.vector("vision.position_embedding.weight", in: weights)
    patchSize = vision.patchSize
    patchesPerSide = vision.patchesPerSide
  }

  /// Embeds a crop into rows of `target` from `row` on, in raster order of the patches.
  func embed(_ crop: ImageCropPixels, into target: ActivationMatrix, row start: Int, _ context: ComputeContext) {
    let tokens = context.apply(projection, to: patches(of: crop), .vision)
    positions.withUnsafeBufferPointer { positions in
      for row in 0..<tokens.rowCount {
        let position = (row * tokens.columnCount)..<((row + 1) * tokens.columnCount)
        context.kernels.add(UnsafeBufferPointer(rebasing: positions[position]), to: tokens[row])
      }
    }
    target.replaceRows(at: start, with: tokens, rows: 0..<tokens.rowCount)
  }

  /// Each patch as a row: channel by channel, line by line. Pixels beyond the last whole patch are left out.
  private func patches(of crop: ImageCropPixels) -> ActivationMatrix {
    let result = ActivationMatrix(rows: patchesPerSide * patchesPerSide, columns: 3 * patchSize * patchSize)
    precondition(crop.side >= patchesPerSide * patchSize, "a crop of \(crop.side) pixels is too small")
    crop.values.withUnsafeBufferPointer { pixels in
      for patch in 0..<result.rowCount {
        let target = result[patch]
        let top = patch / patchesPerSide * patchSize
        let left = patch % patchesPerSide * patchSize
        for line in 0..<(3 * patchSize) {
          let (channel, y) = line.quotientAndRemainder(dividingBy: patchSize)
          let source = (channel * crop.side + top + y) * crop.side + left
          for x in 0..<patchSize { target[line * patchSize + x] = pixels[source + x] }
        }
      }
    }
    return result
  }
}
