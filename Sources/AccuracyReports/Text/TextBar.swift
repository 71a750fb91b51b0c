/// Pictures made of block characters.
enum TextBar {
  private static let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
  private static let levels = Array("▁▂▃▄▅▆▇█")

  /// A bar of up to some columns, in steps of an eighth; what is not 0 shows at least a sliver.
  static func horizontal(_ value: Double, of maximum: Double, columns: Int) -> String {
    guard value > 0, maximum > 0, maximum.isFinite else { return "" }
    let steps = max(1, Int((min(1, value / maximum) * Double(columns * 8)).rounded()))
    return String(repeating: "█", count: steps / 8) + eighths[steps % 8]
  }

  /// One character for each value, from nothing to the largest; `!` where a value is not finite.
  ///
  /// More values than columns are joined by their largest.
  static func line(_ values: [Double], columns: Int) -> String {
    let count = min(values.count, columns)
    guard count > 0 else { return "" }
    let joined = (0..<count).map { index -> Double in
      let range = values[(index * values.count / count)..<((index + 1) * values.count / count)]
      return range.contains { !$0.isFinite } ? .nan : range.max() ?? 0
    }
    let maximum = joined.filter(\.isFinite).max() ?? 0
    return String(
      joined.map { value in
        guard value.isFinite else { return "!" }
        guard maximum > 0, value > 0 else { return levels[0] }
        return levels[min(levels.count - 1, Int(value / maximum * Double(levels.count)))]
      })
  }
}
