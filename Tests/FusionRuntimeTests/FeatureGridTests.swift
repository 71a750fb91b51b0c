import FusionCore
import FusionRuntime
import Testing
import WeightGraph

/// What becomes of a picture's grid of features: pooled to latents and windows, resized to fewer tokens.
@Suite struct FeatureGridTests {
  private func model(side: Int, queryLengths: String, window: Int) throws -> FusionModel {
    let configuration = try SmallModels.fusion(side: side, queryLengths: queryLengths, window: window)
    return try FusionModel(
      MemoryWeights(configuration, seed: 8), residency: .resident, context: try SmallModels.context())
  }

  /// The greatest value of every bin, from PyTorch's definition of adaptive pooling.
  private func pooled(_ map: ActivationStore.Entry, to target: Int) -> [Float] {
    let width = map.shape[2]
    let side = Int(Double(map.shape[1]).squareRoot())
    func bin(_ index: Int) -> [Int] {
      let first = Int((Double(index) * Double(side) / Double(target)).rounded(.down))
      let end = Int((Double(index + 1) * Double(side) / Double(target)).rounded(.up))
      return Array(first..<end)
    }
    return (0..<target).flatMap { y in
      (0..<target).flatMap { x in
        (0..<width).map { column in
          bin(y).flatMap { row in bin(x).map { map.values[(row * side + $0) * width + column] } }.max() ?? .nan
        }
      }
    }
  }

  @Test(arguments: [(5, 1), (5, 3), (4, 4), (27, 3)])
  func latentsAndContextAreTheGreatestOfTheirBins(side: Int, window: Int) throws {
    let lengths = [1, 4, 9, 16, 25, 49].filter { side < 20 || $0 > 9 }
    let model = try model(side: side, queryLengths: lengths.map(String.init).joined(separator: ","), window: window)
    for length in lengths {
      let store = ActivationStore()
      let features = try model.encode(SmallPicture.request(side: side, queryLength: length), recorder: store)
      let map = try #require(store.entries["global_image_features"])
      #expect(map.shape == [1, 4 * side * side, 32])
      let root = try #require(length.squareRoot)
      #expect(features.latents.array == pooled(map, to: root), "\(length)")
      let context = pooled(map, to: root * window)
      #expect(store.entries["global_ctx"]?.values == context, "\(length)")
      // Window by window in raster order, each window's features in raster order too.
      let windowRows = (0..<length).flatMap { latent in
        (0..<(window * window)).map { offset in
          (latent / root * window + offset / window) * (root * window) + latent % root * window + offset % window
        }
      }
      #expect(features.windows.array == windowRows.flatMap { context[($0 * 32)..<($0 * 32 + 32)] }, "\(length)")
      let layout = try model.prefill(SmallPicture.prompt, features: features, answerCapacity: 1).layout
      #expect(layout.latentPositions.count == length && layout.length == side * side + length + 5)
    }
  }

  @Test(arguments: [(27, 144), (24, 144), (27, 729), (5, 1), (5, 16)])
  func aPictureCanHaveFewerTokens(side: Int, count: Int) throws {
    let model = try model(side: side, queryLengths: "4", window: 1)
    let features = try model.encode(SmallPicture.request(side: side, queryLength: 4, imageTokenCount: count))
    #expect(features.patches.rowCount == side * side && features.image.rowCount == count)
    let target = try #require(count.squareRoot)
    // Between pixel centres, edges repeated.
    func weights(_ index: Int) -> [(row: Int, weight: Double)] {
      let position = max(0, (Double(index) + 0.5) * Double(side) / Double(target) - 0.5)
      let low = Int(position)
      return [(low, Double(low + 1) - position), (min(low + 1, side - 1), position - Double(low))]
    }
    let patches = features.patches.array
    var worst = 0.0
    for row in 0..<count {
      let found = features.image.row(row)
      for column in found.indices {
        var expected = 0.0
        for vertical in weights(row / target) {
          for horizontal in weights(row % target) {
            let value = patches[(vertical.row * side + horizontal.row) * found.count + column]
            expected += vertical.weight * horizontal.weight * Double(value)
          }
        }
        worst = max(worst, abs(Double(found[column]) - expected))
      }
    }
    #expect(worst < 5e-6, "\(worst)")
    let layout = try model.prefill(SmallPicture.prompt, features: features, answerCapacity: 1).layout
    #expect(layout.latentPositions == Array((2 + count)..<(6 + count)) && layout.length == count + 4 + 5)
  }

  @Test func windowsFarWiderThanTheGridAreRefused() throws {
    #expect(try model(side: 4, queryLengths: "100", window: 3).configuration.interaction?.windowSize == 3)
    for (lengths, window) in [("1,121", 3), ("65536", 64), ("1", 33)] {
      let error = #expect(throws: FusionError.self) { try model(side: 4, queryLengths: lengths, window: window) }
      #expect(error?.code == .unsupportedWidth && error?.place == "query_len, window_size", "\(lengths) \(window)")
    }
  }

  @Test func samplersNeedAWidthForTheirHeads() throws {
    let configuration = try SmallModels.fusion(["hidden_size": "24"])
    let error = #expect(throws: FusionError.self) {
      try FusionModel(MemoryWeights(configuration, seed: 8), residency: .resident, context: try SmallModels.context())
    }
    #expect(error?.code == .unsupportedWidth && error?.place == "hidden_size" && error?.found == "24")
  }

  @Test(arguments: [(1, 1), (2, nil), (144, 12), (65_536, 256), (65_537, nil), (0, nil), (-4, nil), (Int.max, nil)])
  func onlyPerfectSquaresHaveARoot(number: Int, root: Int?) { #expect(number.squareRoot == root) }
}
