import AccuracyReports
import Testing

struct ReportFormatTests {
  private static let numbers: [(Double, String)] = [
    (0, "0"), (0.0123456, "0.0123"), (12.3456, "12.3"), (123.456, "123"), (1234.5, "1234"), (0.00012345, "0.000123"),
    (1.23e-7, "1.2e-07"), (4.5e6, "4.5e+06"), (-0.5, "-0.500"), (.nan, "NaN"), (.infinity, "Inf"), (-.infinity, "-Inf"),
  ]

  @Test(arguments: numbers)
  func significantDigits(value: Double, text: String) { #expect(ReportFormat.significant(value) == text) }

  private static let shareTexts: [(Double, String)] = [
    (1, "100.0 %"), (0.99999, "> 99.9 %"), (0, "0.0 %"), (0.00001, "< 0.1 %"), (0.5, "50.0 %"), (.nan, "NaN"),
  ]

  @Test(arguments: shareTexts)
  func shares(value: Double, text: String) { #expect(ReportFormat.percent(value) == text) }

  private static let differences: [(Double, String)] = [
    (-0.0132, "-1.3 pp"), (0.02, "+2.0 pp"), (0, "0.0 pp"), (-0.0001, "0.0 pp"), (.nan, "NaN"),
  ]

  @Test(arguments: differences)
  func differencesOfShares(value: Double, text: String) { #expect(ReportFormat.points(value) == text) }

  private static let byteCounts: [(Int, String)] = [
    (0, "0 B"), (999, "999 B"), (1000, "1.00 kB"), (999_600, "1.00 MB"), (10_200_000_000, "10.2 GB"),
  ]

  @Test(arguments: byteCounts)
  func sizes(value: Int, text: String) { #expect(ReportFormat.bytes(value) == text) }

  private static let durations: [(Double, String)] = [
    (0, "0 ms"), (0.0312, "31.2 ms"), (0.12, "120 ms"), (4.2, "4.20 s"), (83.4, "83 s"), (200, "3 min 20 s"),
    (.infinity, "Inf"), (.nan, "NaN"),
  ]

  @Test(arguments: durations)
  func times(value: Double, text: String) { #expect(ReportFormat.seconds(value) == text) }

  private static let amounts: [(Int, String)] = [
    (4096, "4096"), (123_456, "123 k"), (850_000_000, "850.0 M"), (5_100_000_000, "5.10 B"),
  ]

  @Test(arguments: amounts)
  func counts(value: Int, text: String) { #expect(ReportFormat.count(value) == text) }
}
