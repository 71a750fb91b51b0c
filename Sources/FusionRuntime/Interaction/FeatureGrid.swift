/// Features of a picture as a square grid, rows in raster order.
struct FeatureGrid: Sendable {
  /// [side * side, width].
  let features: ActivationMatrix
  let side: Int

  init(_ features: ActivationMatrix, side: Int) {
    precondition(features.rowCount == side * side, "\(features.rowCount) features for a side of \(side)")
    self.features = features
    self.side = side
  }

  /// Puts four square grids together: top left, top right, bottom left, bottom right.
  init(quarters: ActivationMatrix, side quarterSide: Int) {
    let side = 2 * quarterSide
    let stitched = ActivationMatrix(rows: side * side, columns: quarters.columnCount)
    for y in 0..<side {
      for x in 0..<side {
        let quarter = y / quarterSide * 2 + x / quarterSide
        let row = (quarter * quarterSide + y % quarterSide) * quarterSide + x % quarterSide
        _ = stitched[y * side + x].update(from: quarters[row])
      }
    }
    self.init(stitched, side: side)
  }

  /// The greatest value of each bin, for a grid of another size.
  ///
  /// Bin i of n covers rows floor(i s / n) to ceil((i + 1) s / n); bins overlap where s is no multiple of n, as in
  /// PyTorch's adaptive pooling.
  func maxPooled(to target: Int, _ context: ComputeContext) -> FeatureGrid {
    let result = ActivationMatrix(rows: target * target, columns: features.columnCount)
    func bin(_ index: Int) -> Range<Int> { (index * side / target)..<(((index + 1) * side + target - 1) / target) }
    let bins = (0..<target).map(bin)
    context.forEachRow(result.rowCount) { row in
      let pooled = result[row]
      pooled.update(repeating: -.infinity)
      for y in bins[row / target] {
        for x in bins[row % target] {
          let feature = features[y * side + x]
          for column in pooled.indices { pooled[column] = max(pooled[column], feature[column]) }
        }
      }
    }
    return FeatureGrid(result, side: target)
  }

  /// Bilinear interpolation without antialias between pixel centres (PyTorch's `interpolate`, corners not aligned).
  func resized(to target: Int) -> FeatureGrid {
    let result = ActivationMatrix(rows: target * target, columns: features.columnCount)
    func source(_ index: Int) -> (low: Int, high: Int, weight: Float) {
      let position = max(0, (Float(index) + 0.5) * (Float(side) / Float(target)) - 0.5)
      let low = min(Int(position), side - 1)
      return (low, min(low + 1, side - 1), position - Float(low))
    }
    for y in 0..<target {
      let vertical = source(y)
      for x in 0..<target {
        let horizontal = source(x)
        let corners = [vertical.low, vertical.high].map { row in
          (features[row * side + horizontal.low], features[row * side + horizontal.high])
        }
        let pixel = result[y * target + x]
        for column in pixel.indices {
          let lines = corners.map { left, right in
            left[column] * (1 - horizontal.weight) + right[column] * horizontal.weight
          }
          pixel[column] = lines[0] * (1 - vertical.weight) + lines[1] * vertical.weight
        }
      }
    }
    return FeatureGrid(result, side: target)
  }
}
