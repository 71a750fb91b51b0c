import FusionCore
import TestSupport
import Testing

/// What the pull scanner refuses, with code and place.
@Suite struct StrictJSONDefectTests {
  /// Text, offset of the defect, and what was expected there.
  struct Defect: Sendable, CustomTestStringConvertible {
    let text: [UInt8]
    let offset: Int
    let expected: String

    init(_ text: String, _ offset: Int, _ expected: String) { self.init(Array(text.utf8), offset, expected) }

    init(_ text: [UInt8], _ offset: Int, _ expected: String) {
      self.text = text
      self.offset = offset
      self.expected = expected
    }

    var testDescription: String { String(decoding: text, as: UTF8.self).debugDescription }
  }

  static let syntaxDefects = [
    Defect("", 0, "a value"), Defect("  ", 2, "a value"), Defect("x", 0, "a value"), Defect("+1", 0, "a value"),
    Defect("\u{FEFF}{}", 0, "a value"), Defect("\u{B}1", 0, "a value"), Defect("// note\n1", 0, "a value"),
    Defect("NaN", 0, "a value"), Defect("{} {}", 3, "the end of the text"), Defect("1 ]", 2, "the end of the text"),
    Defect("{", 1, "\"}\""), Defect("[", 1, "\"]\""), Defect("[1", 2, "\"]\""), Defect("[1 2]", 3, "a comma or \"]\""),
    Defect("[1,]", 3, "a value"), Defect("[,1]", 1, "a value"),
    Defect("[1}", 2, "a comma or \"]\""), Defect(#"{"a":1]"#, 6, "a comma or \"}\""),
    Defect(#"{"a":1,}"#, 7, "a key in quotes"), Defect("{a:1}", 1, "a key in quotes"),
    Defect("{'a':1}", 1, "a key in quotes"), Defect(#"{"a" 1}"#, 5, "a colon after the key"),
    Defect(#"{"a""#, 4, "a colon after the key"), Defect(#"{"a":}"#, 5, "a value"), Defect(#"{"a":"#, 5, "a value"),
    Defect("\"abc", 4, "the closing quote of a string"), Defect("\"abcdefghijkl", 13, "the closing quote of a string"),
    Defect("\"a\nb\"", 2, "control characters of a string to be escaped"),
    Defect("\"longer than a word\0\"", 19, "control characters of a string to be escaped"),
    Defect(#""\x""#, 2, "one of \" \\ / b f n r t u after a backslash"), Defect(#""\"#, 2, "an escape"),
    Defect(#""\u12G4""#, 5, "four hexadecimal digits"), Defect(#""\u12"#, 5, "four hexadecimal digits"),
    Defect(#""\ud800""#, 1, "a high surrogate followed by a low one"),
    Defect(#""\udc00""#, 1, "a high surrogate followed by a low one"),
    Defect(#""\ud800\u0041""#, 1, "a high surrogate followed by a low one"),
    Defect(#""\ud800\n""#, 1, "a high surrogate followed by a low one"),
    Defect("tru", 0, "true"), Defect("falsy", 0, "false"), Defect("nul", 0, "null"),
    Defect("truex", 4, "the end of the text"), Defect("-", 1, "a digit"), Defect("1.", 2, "a digit"),
    Defect("1e", 2, "a digit"), Defect("1e+", 3, "a digit"), Defect("01", 0, "a number without leading zeros"),
    Defect("-00", 1, "a number without leading zeros"), Defect("0x10", 1, "the end of the text"),
  ]

  @Test(arguments: syntaxDefects)
  func refusesWhatIsNotJSON(_ defect: Defect) throws {
    let error = try refusal {
      try scanning(defect.text) { scanner in
        try scanner.skipValue()
        try scanner.finish()
      }
    }
    #expect(error.code == .jsonSyntax)
    #expect(error.place == "offset \(defect.offset)")
    #expect(error.expected == defect.expected)
    #expect(error.found?.isEmpty == false)
    #expect(error.remedy?.isEmpty == false)
  }

  @Test(arguments: [
    ("-1", "-1"), ("-0", "-0"), ("1.0", "1.0"), ("1e3", "1e3"), ("1E0", "1E0"), ("00", "00"), ("01", "01"),
    ("18446744073709551616", "18446744073709551616"),
    ("99999999999999999999999999999999999999999999", "9999999999999999999999999999999999999999…"),
  ])
  func refusesNumbersThatAreNotPlain(text: String, found: String) throws {
    let error = try refusal { try scanning("[" + text + "]") { try $0.readOneInteger() } }
    #expect(error.code == .jsonNotUnsigned)
    #expect(error.place == "offset 1")
    #expect(error.expected == "digits alone, below 2^64")
    #expect(error.found == found)
  }

  @Test(arguments: [
    ("\"1\"", "a string"), ("true", "a boolean"), ("null", "null"), ("[]", "an array"), ("{}", "an object"),
  ])
  func refusesOtherTypesThanAskedFor(text: String, found: String) throws {
    let error = try refusal { try scanning("[" + text + "]") { try $0.readOneInteger() } }
    #expect(error.code == .jsonWrongType)
    #expect(error.place == "offset 1")
    #expect(error.expected == "a number")
    #expect(error.found == found)
  }

  @Test(
    arguments: [
      ([0x80], 0), ([0x22, 0xC0, 0xAF, 0x22], 1), ([0x22, 0xED, 0xA0, 0x80, 0x22], 1), ([0x22, 0xE2, 0x82], 1),
      (Array("[\"0123456789abcdef".utf8) + [0xFF], 18), ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], 1),
    ] as [([UInt8], Int)])
  func refusesWhatIsNotUTF8(text: [UInt8], offset: Int) throws {
    let error = try refusal { try scanning(text, origin: 8) { _ in } }
    #expect(error.code == .jsonNotUTF8)
    #expect(error.place == "offset \(offset + 8)")
    #expect(error.expected == "UTF-8")
    #expect(error.found?.hasPrefix("byte 0x") == true)
  }

  @Test(arguments: ["[", "{\"k\":"])
  func refusesDeepNestingAtTheLimit(opener: String) throws {
    let text = String(repeating: opener, count: 100_000)
    let error = try refusal { try scanning(text, maximumDepth: 3) { try $0.skipValue() } }
    #expect(error.code == .jsonTooDeep)
    #expect(error.place == "offset \(3 * opener.utf8.count)")
    #expect(error.expected == "at most 3 levels of objects and arrays")
  }

  @Test func countsPlacesFromTheStartOfTheFile() throws {
    let error = try refusal { try scanning("[?]", origin: 1000) { try $0.skipValue() } }
    #expect(error.place == "offset 1001")
    #expect(error.found == "\"?\"")
  }

  @Test func refusesEveryPrefixOfACorrectText() throws {
    let text = Array(#"{"a":[1,-2.5e3,"x\u00e9\n"],"b":{"c":null,"d":true}}"#.utf8)
    for length in 0..<text.count {
      let error = try refusal { try scanning(Array(text[..<length])) { try $0.skipValue() } }
      #expect(error.code == .jsonSyntax, "prefix of \(length) bytes")
    }
  }

  /// Any bytes are either refused with an error of the scanner or read to their end.
  @Test func survivesRandomDamage() throws {
    var random = SplitMix64(seed: 7)
    let text = Array(#"{"a":[1,-2.5e3,"x\u00e9\n\ud83d\ude00"],"b":{"c":null,"d":true}}"#.utf8)
    var refused = 0
    for _ in 0..<5000 {
      var damaged = text
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        damaged[Int.random(in: 0..<text.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      do {
        try scanning(damaged) { scanner in
          try scanner.skipValue()
          try scanner.finish()
          #expect(scanner.position == damaged.count)
        }
      } catch let error as FusionError {
        #expect(error.code.rawValue.hasPrefix("json."))
        refused += 1
      }
    }
    #expect(refused > 2500)
  }
}
