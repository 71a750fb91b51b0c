import Foundation
import FusionCore
import Testing
import WeightGraph

@Suite struct JSONValueTests {
  static func value(_ json: String) throws -> JSONValue? {
    try JSONValue.parseObject(Array("{\"x\": \(json)}".utf8), file: "config.json")["x"]
  }

  @Test(arguments: [
    ("null", JSONValue.null), (" true ", .bool(true)), ("false", .bool(false)), ("0", .integer(0)),
    ("-12", .integer(-12)), ("9223372036854775807", .integer(.max)), ("1.0", .number(1)), ("1e3", .number(1000)),
    ("-0.5E-1", .number(-0.05)), ("18446744073709551616", .number(18_446_744_073_709_551_616)), ("\"\"", .string("")),
    ("[]", .array([])), ("{}", .object([:])), (#""\"\\\/\n\u0041\ud83d\ude00""#, .string("\"\\/\nA😀")),
    ("[1, [2 ,3]]", .array([.integer(1), .array([.integer(2), .integer(3)])])),
    (#"{"a":{"b":"é"}}"#, .object(["a": .object(["b": .string("é")])])),
  ])
  func parses(text: String, expected: JSONValue) throws {
    #expect(try Self.value(text) == expected)
  }

  @Test(arguments: [
    ("Nan", FusionError.Code.jsonSyntax), ("Inf", .jsonSyntax), ("+Infinity", .jsonSyntax), ("01", .jsonSyntax),
    ("[1,]", .jsonSyntax), ("\"\\ud800\"", .jsonSyntax),
    ("'a'", .jsonSyntax), ("1e999", .configurationOutOfRange), (#"{"a":1,"a":1}"#, .configurationDuplicateField),
  ])
  func refuses(text: String, code: FusionError.Code) {
    let error = #expect(throws: FusionError.self) { try Self.value(text) }
    #expect(error?.code == code)
    #expect(error?.file == "config.json")
    #expect(error?.place?.contains("offset ") == true)
  }

  @Test func numbersThatAreNotFiniteAreReadAndRefusedWhereTheyAreNeeded() throws {
    guard case .number(let nan)? = try Self.value("NaN") else { throw Checkpoint.MissingError() }
    #expect(nan.isNaN)
    #expect(try Self.value("[Infinity, -Infinity]") == .array([.number(.infinity), .number(-.infinity)]))
    let fields = String(
      decoding: try JSONSerialization.data(withJSONObject: Configs.tiny("llama")), as: UTF8.self)
    func read(_ more: String) throws -> ModelConfiguration {
      try ModelConfiguration(json: Array("{\(more),\(fields.dropFirst())".utf8), file: "config.json")
    }
    #expect(try read("\"best_loss\": Infinity").family == .llama)
    for field in ["rms_norm_eps", "head_dim"] {
      let error = #expect(throws: FusionError.self) { try read("\"\(field)\": NaN") }
      #expect(error?.place == field && error?.found == "nan", "\(String(describing: error))")
    }
  }

  @Test func aByteOrderMarkAndWholeNumbersWithAFractionAreRead() throws {
    let text = String(decoding: try JSONSerialization.data(withJSONObject: Configs.tiny("llama")), as: UTF8.self)
    let plain = try ModelConfiguration(json: Array(text.utf8), file: "config.json")
    let written = text.replacing(#/("(?:hidden_size|vocab_size)": ?)([0-9]+)/#) { "\($0.1)\($0.2).0" }
    #expect(written != text)
    #expect(try ModelConfiguration(json: [0xEF, 0xBB, 0xBF] + Array(written.utf8), file: "config.json") == plain)
  }

  @Test(arguments: [("", "a value"), ("[]", "an object"), ("7", "an object"), ("{} {}", "the end of the text")])
  func refusesAnythingButOneObject(text: String, expected: String) throws {
    let error = try ConfigurationRefusalTests.error(Array(text.utf8))
    #expect([.jsonSyntax, .jsonWrongType].contains(error.code))
    #expect(error.expected == expected)
    #expect(error.file == "config.json")
  }

  /// No cut and no changed bit of a configuration may trap, and a cut one is never accepted.
  @Test func survivesDamage() throws {
    let text = Array(try JSONSerialization.data(withJSONObject: Configs.tiny("fusion_phi"), options: .sortedKeys))
    var refusals = 0
    for position in text.indices {
      #expect(throws: FusionError.self) { try ModelConfiguration(json: Array(text[..<position]), file: "f") }
      for bit in 0..<8 {
        var damaged = text
        damaged[position] ^= 1 << bit
        do {
          _ = try ModelConfiguration(json: damaged, file: "f")
        } catch is FusionError {
          refusals += 1
        }
      }
    }
    #expect(refusals > text.count)
  }
}
