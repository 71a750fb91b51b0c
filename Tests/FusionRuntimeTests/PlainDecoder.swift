import Foundation
import WeightGraph

/// A decoder written the long way in double precision: loops, and every score of every query.
struct PlainDecoder {
  let weights: MemoryWeights
  /// Frequencies for a pass whose last position is one before this length.
  let frequencies: (_ length: Int) -> [Double]
  /// What cosines and sines are multiplied with.
  var attentionFactor = 1.0

  private typealias Row = [Double]
  private var language: LanguageConfiguration { weights.configuration.language }
  private var isFused: Bool { weights.configuration.family.hasFusedRows }

  /// Frequencies without any scaling.
  static func frequencies(_ language: LanguageConfiguration) -> [Double] {
    (0..<(language.headDimension / 2)).map {
      1 / pow(language.rotary.theta, Double(2 * $0) / Double(language.headDimension))
    }
  }

  /// Logits of every position, where the tokens come in passes of these lengths.
  func logits(_ tokens: [Int], passes: [Int]) -> [[Double]] {
    let width = language.hiddenSize
    let embedding = values("language.embedding.weight")
    var x = tokens.map { Array(embedding[($0 * width)..<(($0 + 1) * width)]) }
    let tables = rotationTables(passes)
    for layer in 0..<language.layerCount {
      let name = "language.layers.\(layer)."
      let attended = attention(x.map { norm($0, name + "attention_norm.weight") }, name + "attention.", tables)
      x = zip(x, attended).map { sum($0, product(name + "attention.output.weight", $1)) }
      x = x.map { row in
        let inner = split(norm(row, name + "mlp_norm.weight"), name + "mlp.", fused: "gate_up", ["gate", "up"])
        let half = inner.count / 2
        let gated = (0..<half).map { inner[$0] / (1 + exp(-inner[$0])) * inner[half + $0] }
        return sum(row, product(name + "mlp.down.weight", gated))
      }
    }
    return x.map { product("language.head.weight", norm($0, "language.norm.weight")) }
  }

  /// For each position the frequencies of the pass it comes in, so that earlier keys stay as they were rotated.
  private func rotationTables(_ passes: [Int]) -> [[Double]] {
    var length = 0
    return passes.flatMap { count in
      length += count
      return Array(repeating: frequencies(length), count: count)
    }
  }

  private func attention(_ x: [Row], _ name: String, _ tables: [[Double]]) -> [Row] {
    let size = language.headDimension
    let (heads, keyHeads) = (language.headCount, language.keyValueHeadCount)
    var rows = x.map { split($0, name, fused: "qkv", ["q", "k", "v"]) }
    for position in rows.indices {
      for head in 0..<(heads + keyHeads) {
        rotate(&rows[position], from: head * size, by: tables[position], Double(position))
      }
    }
    return rows.indices.map { query in
      let first = language.slidingWindow.map { max(0, query + 1 - $0) } ?? 0
      return (0..<heads).flatMap { head -> Row in
        let shared = head / (heads / keyHeads)
        let keyStart = (heads + shared) * size
        let valueStart = (heads + keyHeads + shared) * size
        let scores = (first...query).map { key in
          (0..<size).reduce(0.0) { $0 + rows[query][head * size + $1] * rows[key][keyStart + $1] }
            / Double(size).squareRoot()
        }
        let greatest = scores.max() ?? 0
        let powers = scores.map { exp($0 - greatest) }
        let total = powers.reduce(0, +)
        return (0..<size).map { column in
          zip(first...query, powers).reduce(0.0) { $0 + $1.1 / total * rows[$1.0][valueStart + column] }
        }
      }
    }
  }

  private func rotate(_ row: inout Row, from start: Int, by frequencies: [Double], _ position: Double) {
    let half = frequencies.count
    for (index, frequency) in frequencies.enumerated() {
      let cosine = cos(position * frequency) * attentionFactor
      let sine = sin(position * frequency) * attentionFactor
      let (a, b) = (row[start + index], row[start + half + index])
      row[start + index] = a * cosine - b * sine
      row[start + half + index] = b * cosine + a * sine
    }
  }

  /// The product with one fused weight, or those with its parts one after the other.
  private func split(_ x: Row, _ name: String, fused: String, _ parts: [String]) -> Row {
    (isFused ? [fused] : parts).flatMap { product(name + $0 + ".weight", x) }
  }

  private func values(_ name: String) -> [Double] { (weights.values[name] ?? []).map(Double.init) }

  private func product(_ name: String, _ x: Row) -> Row {
    let weight = weights.values[name] ?? []
    return (0..<(weight.count / x.count)).map { row in
      x.indices.reduce(0.0) { $0 + Double(weight[row * x.count + $1]) * x[$1] }
    }
  }

  private func norm(_ x: Row, _ name: String) -> Row {
    let square = x.reduce(0) { $0 + $1 * $1 } / Double(x.count)
    let scale = 1 / (square + language.rmsNormEpsilon).squareRoot()
    return zip(x, values(name)).map { $0 * scale * $1 }
  }

  private func sum(_ a: Row, _ b: Row) -> Row { zip(a, b).map { $0 + $1 } }
}
