import FusionCore
import Quantizers
import WeightGraph

/// What the statistics of a model take, from its configuration alone.
struct StatisticsForecast {
  /// Inputs of linear layers that any sample can reach: the name of one of the weights, and the width.
  let sites: [(weight: String, width: Int)]

  private let isFull: Bool

  /// - Parameter hasPictures: whether any sample has a picture.
  init(_ configuration: ModelConfiguration, isFull: Bool, hasPictures: Bool) {
    self.isFull = isFull
    var sites: [(weight: String, width: Int)] = []
    for tensor in ExpectedTensors.list(for: configuration) {
      let name = tensor.canonicalName
      let isLanguage = tensor.module == .language
      guard hasPictures || isLanguage, name.hasSuffix(".weight"), tensor.shape.dimensions.count > 1 else { continue }
      // The head is optional where it is tied, and multiplied all the same.
      guard !tensor.isOptional || name == "language.head.weight" else { continue }
      guard ![.embedding, .norm, .buffer].contains(tensor.role), name != "vision.position_embedding.weight" else {
        continue
      }
      if !Self.followsInOneInput(name) { sites.append((name, tensor.shape.columnCount)) }
    }
    self.sites = sites
  }

  /// Whether a weight shares its input with one that stands before it.
  private static func followsInOneInput(_ name: String) -> Bool {
    let words = name.split(separator: ".")
    guard words.count == 6, words[1] == "layers" else { return false }
    return switch words[3...4].joined(separator: ".") {
    case "attention.k", "attention.v": true
    case "mlp.up": words[0] == "language"
    default: false
    }
  }

  /// Bytes of the file's tensors.
  var dataByteCount: Int {
    sites.reduce(0) { sum, site in
      sum + 16 * site.width + (isFull ? 4 * SecondMoments.productCount(width: site.width) : 0)
    }
  }

  /// Room for the header: three tensors and a line of the metadata for each site, names of up to three weights.
  var headerByteCount: Int { 8_192 + 1_024 * sites.count }

  /// Bytes that the sums of one stage take in memory at most, a decoder layer with its sampler among the stages.
  var stageByteCount: Int {
    var stages: [String: Int] = [:]
    for site in sites {
      let words = site.weight.split(separator: ".")
      let stage = words[0] == "samplers" ? words[0...1] : words.count == 6 ? words[0...2] : words[0...0]
      // Whole tiles, and the rows of a block times their weights.
      let products = isFull ? 2 * site.width * (site.width + 256) + 2_048 * site.width : 0
      stages[stage.joined(separator: "."), default: 0] += 16 * site.width + products
    }
    let samplers = stages.filter { $0.key.hasPrefix("samplers.") }.values.max() ?? 0
    return (stages.values.max() ?? 0) + samplers
  }
}
