import FusionCore
import Testing
import WeightGraph

@Suite struct AdapterPatternTests {
  private static let module = "model.layers.12.self_attn.q_proj"

  private func matches(_ pattern: String, _ module: String = Self.module) throws -> Bool {
    try AdapterPattern(pattern, place: "rank_pattern").matches(module)
  }

  @Test(arguments: [
    "q_proj", "self_attn.q_proj", "model.layers.12.self_attn.q_proj", "layers.12.self_attn.q_proj",
    #"layers\.12\..*"#, #"model\.layers\.\d+\.self_attn\.[qk]_proj"#, "(q|v)_proj", "(?:k|q)_proj", "q_pro[a-z]",
    #"^model\.layers.*_proj$"#, ".*", "[^.]+", #"layers\.(1[0-3]|2)\.self_attn.q_proj"#, #"\w+\.\w+\.q_proj"#,
    #"layers\.[0-9]{1,2}\.self_attn\.q_proj"#, #"layers\.\d{2}\..+?"#, "(layers|blocks)*.12.self_attn.q_proj",
    "q_?proj", "x|q_proj|y", "((a*)*)*q_proj",
  ])
  func fits(pattern: String) throws {
    #expect(try matches(pattern))
  }

  @Test(arguments: [
    "proj", "_proj", "k_proj", "layers.1.self_attn.q_proj", "q_proj.", "Q_PROJ", #"layers\.\d\..*"#, "q_pro[^j]", "",
    "attn.q_proj", "^layers.*", #"layers\.\d{3}\..*"#, "q_proj$x", "(q|v)", #"q\.proj"#, "model",
  ])
  func doesNotFit(pattern: String) throws {
    #expect(try !matches(pattern))
  }

  /// A dot in a plain name stands for any character there, as in every regular expression.
  @Test func aDotIsAnyCharacter() throws {
    #expect(try matches("self.attn.q.proj"))
    #expect(try matches("a.c", "b.abc"))
    #expect(try !matches("a.c", "b.ac"))
  }

  @Test(arguments: [
    "(q_proj", "q_proj)", "[abc", "*q", "a**", "a{2,1}", "a{", "(?=q)", "(?P<n>q)", #"(q)\1"#, "\\", "[z-a]",
    #"\bq_proj"#, "((a{99}){99}){99}", String(repeating: "(", count: 40),
  ])
  func whatIsNotUnderstoodIsRefused(pattern: String) {
    let error = #expect(throws: FusionError.self) {
      try AdapterPattern(pattern, place: "alpha_pattern", file: "adapter_config.json")
    }
    #expect(error?.code == FusionError.Code("adapter.badPattern"))
    #expect(error?.place?.hasPrefix("alpha_pattern, offset ") == true && error?.file == "adapter_config.json")
  }

  /// Backtracking would take longer than the universe is old.
  @Test func aHostilePatternIsNotSlow() throws {
    let name = String(repeating: "a", count: 400)
    #expect(try !matches("(a|aa|aaa)*(a*)*(a+)+b", name))
    #expect(try matches("(a|aa|aaa)*(a*)*(a+)+", name))
    #expect(try !matches(".*", String(repeating: "a", count: 100_000)), "no model has such a name")
  }
}
