/// How far the mean of values that come in groups can be trusted: the cluster bootstrap.
///
/// Tokens of one answer are alike, so they are not drawn one by one: as many groups as there are are drawn with
/// replacement, the mean is taken over all values of those drawn, and this is repeated 1000 times with a fixed seed.
/// The interval goes from the 2.5th to the 97.5th percentile of the means (the percentile method of Efron and
/// Tibshirani, "An Introduction to the Bootstrap", 1993; groups after Field and Welsh, "Bootstrapping Clustered Data",
/// 2007). The same values in the same groups give the same bits, whatever the groups are numbered.
public enum MeanInterval {
  /// How often the groups are drawn.
  public static let resampleCount = 1000
  /// Where the random numbers start.
  public static let seed: UInt64 = 0x46555349_4F4E

  /// The interval of the mean of all values.
  ///
  /// - Parameters:
  ///   - values: the measurements; a NaN among them makes both ends NaN.
  ///   - groups: for each value the group that it belongs to, such as the number of its sample.
  /// - Returns: `nil` if there are fewer than two groups, which say nothing about how groups differ.
  /// - Precondition: there are as many group numbers as values.
  public static func value(of values: [Double], groups: [Int]) -> ConfidenceInterval? {
    precondition(values.count == groups.count, "\(values.count) values in \(groups.count) groups")
    var places: [Int: Int] = [:]
    var sums: [Double] = []
    var counts: [Double] = []
    for (value, group) in zip(values, groups) {
      let place = places[group, default: sums.count]
      if place == sums.count {
        places[group] = place
        sums.append(0)
        counts.append(0)
      }
      sums[place] += value
      counts[place] += 1
    }
    guard sums.count >= 2 else { return nil }
    if values.contains(where: \.isNaN) { return ConfidenceInterval(lower: .nan, upper: .nan) }
    let means = resampledMeans(sums: sums, counts: counts).sorted()
    return ConfidenceInterval(lower: Percentile.value(2.5, of: means), upper: Percentile.value(97.5, of: means))
  }

  private static func resampledMeans(sums: [Double], counts: [Double]) -> [Double] {
    var generator = ResamplingGenerator(seed: seed)
    return (0..<resampleCount).map { _ in
      var (sum, count) = (0.0, 0.0)
      for _ in sums.indices {
        let group = generator.next(below: sums.count)
        sum += sums[group]
        count += counts[group]
      }
      return sum / count
    }
  }
}
