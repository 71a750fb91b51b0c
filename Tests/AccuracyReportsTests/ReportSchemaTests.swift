import AccuracyReports
import Testing

struct ReportSchemaTests {
  @Test func theSchemaHasAVersion() { #expect(ReportSchema.name.split(separator: "/").last == "1") }
}
