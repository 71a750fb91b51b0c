import FusionCore
import Testing

@testable import WeightGraph

@Suite struct JSONParserTests {
  @Test(arguments: [
    ("null", JSONValue.null), (" true ", .bool(true)), ("false", .bool(false)), ("0", .integer(0)),
    ("-12", .integer(-12)), ("9223372036854775807", .integer(.max)), ("1.0", .number(1)), ("1e3", .number(1000)),
    ("-0.5E-1", .number(-0.05)), ("\"\"", .string("")), ("[]", .array([])), ("{}", .object([:])),
    (#""\"\\\/\b\f\n\r\t\u0041\ud83d\ude00""#, .string("\"\\/\u{8}\u{c}\n\r\tA😀")),
    ("[1, [2 ,3]]", .array([.integer(1), .array([.integer(2), .integer(3)])])),
    (#"{"a":{"b":"é"}}"#, .object(["a": .object(["b": .string("é")])])),
  ])
  func parses(text: String, expected: JSONValue) throws {
    #expect(try JSONParser.parse(Array(text.utf8), file: "f") == expected)
  }

  @Test(arguments: [
    ("", 0), ("  ", 2), ("tru", 0), ("nul", 0), ("NaN", 0), ("Infinity", 0), ("-", 1), ("01", 1), ("1.", 2), ("1e", 2),
    (".5", 0), ("+1", 0), ("1e999", 0), ("[1,]", 3), ("[1 2]", 3), ("[", 1), ("{\"a\":1,}", 7), ("{a:1}", 1),
    ("{\"a\" 1}", 5), ("{\"a\":1", 6), ("\"abc", 4), ("\"\\x\"", 2), ("\"\\u12\"", 3), ("\"\\u12g4\"", 3),
    ("\"\\ud800\"", 7), ("\"\\ud800\\u0041\"", 13), ("\"\\udc00\"", 7), ("\"a\nb\"", 2), ("{} {}", 3), ("1 x", 2),
  ])
  func refuses(text: String, offset: Int) {
    let error = #expect(throws: FusionError.self) { try JSONParser.parse(Array(text.utf8), file: "f") }
    #expect(error?.code == .configurationNotJSON)
    #expect(error?.place == "offset \(offset)")
  }

  @Test(arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82]] as [[UInt8]])
  func refusesTextThatIsNotUTF8(bytes: [UInt8]) {
    let error = #expect(throws: FusionError.self) { try JSONParser.parse([0x22] + bytes + [0x22], file: "f") }
    #expect(error?.code == .configurationNotJSON)
    #expect(error?.expected == "text in UTF-8")
  }

  /// No cut and no changed byte of a document may trap.
  @Test func survivesDamage() throws {
    let text = Array(#"{"a": [1, -2.5e3, "x\u00e9\n", null, true], "b": {"c": {}}}"#.utf8)
    var refusals = 0
    for position in text.indices {
      #expect(throws: FusionError.self) { try JSONParser.parse(Array(text[..<position]), file: "f") }
      for bit in 0..<8 {
        var damaged = text
        damaged[position] ^= 1 << bit
        if (try? JSONParser.parse(damaged, file: "f")) == nil { refusals += 1 }
      }
    }
    #expect(refusals > 100)
  }
}
