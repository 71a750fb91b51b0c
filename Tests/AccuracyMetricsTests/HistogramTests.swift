import AccuracyMetrics
import Testing

@Suite struct HistogramTests {
  @Test func edgesAreHalfDecades() {
    #expect(Histogram.edges.count == 21)
    #expect(Histogram.edges.first == 1e-8)
    #expect(Histogram.edges.last == 100)
    for (edge, next) in zip(Histogram.edges, Histogram.edges.dropFirst()) {
      #expect(abs(next / edge - 3.1622776601683795) < 1e-14)
    }
  }

  @Test func everyEdgeOpensItsBin() {
    for (bin, edge) in Histogram.edges.dropLast().enumerated() {
      #expect(Histogram([edge]).binCounts.firstIndex(of: 1) == bin)
      #expect(Histogram([edge, edge.nextUp]).binCounts[bin] == 2)
    }
  }

  @Test func whatLiesOutside() {
    let small: [Double] = [0, 0, -0.0, .leastNonzeroMagnitude, 1e-8.nextDown]
    let histogram = Histogram(small + [100, .infinity, .nan, 100.0.nextDown, 0.5])
    #expect(histogram.zeroCount == 3)
    #expect(histogram.belowCount == 2)
    #expect(histogram.aboveCount == 2)
    #expect(histogram.nanCount == 1)
    #expect(histogram.binCounts[19] == 1)
    #expect(histogram.binCounts[15] == 1)
    #expect(histogram.binCounts.reduce(0, +) == 2)
  }
}
