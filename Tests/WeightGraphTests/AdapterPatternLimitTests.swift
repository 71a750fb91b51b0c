import FusionCore
import Testing
import WeightGraph

/// What patterns may cost to read and to try, whatever their text.
@Suite struct AdapterPatternLimitTests {
  private static func configuration(_ field: String) throws -> AdapterConfiguration {
    let text = #"{"peft_type":"LORA","r":8,"lora_alpha":16,\#(field)}"#
    return try AdapterConfiguration(json: Array(text.utf8), file: "adapter_config.json")
  }

  private static func ranks(_ patterns: [String]) -> String {
    "\"rank_pattern\":{" + patterns.map { "\"\($0)\":2" }.joined(separator: ",") + "}"
  }

  /// Repeated for its own sake, each of these would take hours.
  @Test(arguments: ["(){9999}", "(()){9999}", "(a{0}){9999}", "((){9999}){9999}", "(){0,9999}", "()*", "(|){3}"])
  func nothingIsNothingHoweverOften(unit: String) throws {
    let pattern = try AdapterPattern(String(repeating: unit, count: 20) + "q_proj", place: "rank_pattern")
    #expect(pattern.matches("layers.0.q_proj") && !pattern.matches("layers.0.k_proj"))
    let nested = (0..<30).reduce("") { inner, _ in "(\(inner)){9999}" }
    #expect(try AdapterPattern(nested + "q_proj", place: "rank_pattern").matches("q_proj"))
  }

  @Test(arguments: ["a", "(", "a|"])
  func aPatternHasAGreatestLength(unit: String) throws {
    let limit = AdapterPattern.maximumByteCount
    #expect(try AdapterPattern(String(repeating: "a", count: limit), place: "p").text.utf8.count == limit)
    let text = String(repeating: unit, count: limit / unit.utf8.count + 1)
    let error = #expect(throws: FusionError.self) { try AdapterPattern(text, place: "rank_pattern", file: "f") }
    #expect(error?.code == FusionError.Code("adapter.badPattern") && error?.place == "rank_pattern")
    #expect(error?.expected == "at most 4096 bytes" && error?.found == "\(text.utf8.count) bytes")
    #expect(error?.file == "f" && error?.remedy != nil)
  }

  @Test func manyPatternsAreRefused() throws {
    #expect(try Self.configuration(Self.ranks((0..<4096).map { "m\($0)" })).rankPatterns.count == 4096)
    let refused = [
      (0..<4097).map { "m\($0)" }, (0..<70).map { "m\($0)" + String(repeating: "a", count: 4_000) },
      (0..<10).map { "m\($0).{500}" },
      // Nothing of these is left in the program, but it is written.
      (0..<300).map { "m\($0)(a{1900}){0}" },
    ]
    for patterns in refused {
      let error = #expect(throws: FusionError.self) { try Self.configuration(Self.ranks(patterns)) }
      #expect(error?.code == FusionError.Code("adapter.unsupported") && error?.place == "rank_pattern")
      #expect(error?.file == "adapter_config.json" && error?.expected != nil && error?.found != nil)
    }
  }

  @Test func manyModulesThatAreSavedWholeAreRefused() throws {
    func field(_ count: Int) -> String {
      "\"modules_to_save\":[" + (0..<count).map { "\"m\($0)\"" }.joined(separator: ",") + "]"
    }
    #expect(try Self.configuration(field(1000)).savedModules.count == 1000)
    let error = #expect(throws: FusionError.self) { try Self.configuration(field(1001)) }
    #expect(error?.code == FusionError.Code("config.outOfRange") && error?.place == "modules_to_save")
    #expect(error?.found == "1001 names")
  }

  /// Many branches are what tools write for a list of layers.
  @Test func longListsOfBranchesFit() throws {
    let numbers = (0..<100).map(String.init).joined(separator: "|")
    let pattern = try AdapterPattern("layers\\.(\(numbers))\\.(q|k|v)_proj", place: "rank_pattern")
    for number in [0, 7, 10, 99] { #expect(pattern.matches("model.layers.\(number).k_proj")) }
    #expect(!pattern.matches("model.layers.100.k_proj") && !pattern.matches("model.layers..k_proj"))
  }

  /// An error is a message, not a copy of the pattern.
  @Test func messagesStayShort() throws {
    for (count, value) in [(1_500, "0"), (1_500, "true"), (4_000, "2"), (5_000, "2")] {
      let key = String(repeating: "\\u0001", count: count)
      let error = #expect(throws: FusionError.self) {
        try Self.configuration("\"rank_pattern\":{\"\(key)\":\(value)}")
      }
      #expect((error?.description.utf8.count ?? 0) < 4_096)
    }
  }
}
