import FusionCore
import Testing

/// What the pull scanner accepts and gives.
@Suite struct StrictJSONTests {
  @Test func readsNestedValuesInOrder() throws {
    let text = #" { "a" : [ 1 , 22,333 ] ,"b":{"c":"d"},"e":[] , "f":{} }"# + "\r\n\t "
    let seen = try scanning(text) { scanner -> [String] in
      var seen: [String] = []
      try scanner.beginObject()
      while let key = try scanner.nextKey() {
        seen.append(key)
        switch try scanner.kind() {
        case .array:
          try scanner.beginArray()
          while try scanner.nextElement() { seen.append(String(try scanner.unsignedInteger())) }
          seen.append("]")
        case .object:
          try scanner.beginObject()
          while let inner = try scanner.nextKey() { seen.append(inner + "=" + (try scanner.string())) }
          seen.append("}")
        default: try scanner.skipValue()
        }
      }
      try scanner.finish()
      return seen
    }
    #expect(seen == ["a", "1", "22", "333", "]", "b", "c=d", "}", "e", "]", "f", "}"])
  }

  @Test func leavesRepeatedKeysToTheCaller() throws {
    let keys = try scanning(#"{"k":1,"k":2}"#) { scanner -> [String] in
      var keys: [String] = []
      try scanner.beginObject()
      while let key = try scanner.nextKey() {
        keys.append("\(key)\(try scanner.unsignedInteger())")
      }
      return keys
    }
    #expect(keys == ["k1", "k2"])
  }

  @Test(arguments: [
    (#""""#, ""), (#""plain""#, "plain"), (#""exactly8""#, "exactly8"), (#""seventeen bytes!!""#, "seventeen bytes!!"),
    (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0041\u00e9\u20AC""#, "Aé€"),
    (#""\ud83d\ude00""#, "😀"), (#""\uDBFF\uDFFF""#, "\u{10FFFF}"),
    (
      #""a long run before \n and a long run after""#,
      "a long run before \n and a long run after"
    ), (#""é€😀 raw""#, "é€😀 raw"), (#""\u0000""#, "\0"),
    ("\"\u{7F}\"", "\u{7F}"),
  ])
  func decodesStrings(text: String, expected: String) throws {
    let value = try scanning(text) { scanner in
      let value = try scanner.string()
      try scanner.finish()
      return value
    }
    #expect(Array(value.utf8) == Array(expected.utf8))
  }

  @Test func findsTheEndOfAStringAtEveryDistance() throws {
    for length in 0...40 {
      let content = String(repeating: "x", count: length)
      for (stop, decoded) in [("", ""), ("\\n", "\n"), ("\\\\", "\\"), ("\\\"", "\"")] {
        let value = try scanning("\"\(content)\(stop)\(content)\"") { try $0.string() }
        #expect(value == content + decoded + content)
      }
    }
  }

  @Test(arguments: [
    ("0", 0), ("7", 7), ("18446744073709551615", UInt64.max), ("9007199254740993", 9_007_199_254_740_993),
  ])
  func readsUnsignedIntegersExactly(text: String, expected: UInt64) throws {
    #expect(try scanning(text) { try $0.unsignedInteger() } == expected)
  }

  @Test(arguments: [
    "{}", "[]", "null", "true", "false", "0", "-0", "-1.5e+10", "1E5", "0.0", #"{"a":[{"b":[[],{}]},null,true,-3]}"#,
  ])
  func skipsEveryCorrectValue(text: String) throws {
    let position = try scanning(text) { scanner in
      try scanner.skipValue()
      try scanner.finish()
      return scanner.position
    }
    #expect(position == text.utf8.count)
  }

  @Test func tellsTheKindOfEveryValue() throws {
    let kinds = try scanning(#"[{},[],"",-1,5,true,false,null]"#) { scanner -> [StrictJSONKind] in
      var kinds: [StrictJSONKind] = []
      try scanner.beginArray()
      while try scanner.nextElement() {
        kinds.append(try scanner.kind())
        try scanner.skipValue()
      }
      return kinds
    }
    #expect(kinds == [.object, .array, .string, .number, .number, .boolean, .boolean, .null])
  }

  @Test func nestingIsAllowedUpToTheLimit() throws {
    let text = String(repeating: "[", count: 5) + String(repeating: "]", count: 5)
    let position = try scanning(text, maximumDepth: 5) { scanner in
      try scanner.skipValue()
      return scanner.position
    }
    #expect(position == 10)
  }

  @Test func quotedTextReadsBackAsItself() throws {
    var text = ""
    for value in 0..<0x100 { text.unicodeScalars.append(Unicode.Scalar(UInt8(value))) }
    text += "\u{2028}€😀"
    var bytes: [UInt8] = []
    StrictJSONText.appendQuoted(text, to: &bytes)
    let back = try scanning(bytes) { try $0.string() }
    #expect(Array(back.utf8) == Array(text.utf8))
  }

  @Test func quotesWithTheShortestEscapes() {
    var bytes: [UInt8] = []
    StrictJSONText.appendQuoted("a\"\\/\u{8}\u{C}\n\r\t\u{0}\u{1F}\u{7F}é", to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == #""a\"\\/\b\f\n\r\t\u0000\u001f"# + "\u{7F}é\"")
  }
}
