/// One step from tokens to text, fed with the tokens' texts as they come.
///
/// A token is any number of `.text` events and one `.end`; a step that joins tokens lets the ends disappear. Text in one
/// event always consists of whole characters.
struct DecodeStage: Sendable {
  /// What passes from step to step.
  enum Event: Sendable {
    case text([UInt8])
    case end
  }

  /// What a step does.
  enum Kind: Sendable {
    /// Replaces a pattern within each token.
    case replace([UInt8], with: [UInt8])
    /// Turns the stand-in into spaces, and drops it in the first token if told so.
    case metaspace(replacement: [UInt8], dropsFirst: Bool)
    /// Joins runs of `<0x..>` tokens into characters; a run that is not UTF-8 as a whole becomes U+FFFD throughout.
    case byteFallback
    /// Joins all tokens.
    case fuse
    /// Removes a character from the ends of each token, up to given numbers of times.
    case strip([UInt8], start: Int, end: Int)
    /// Joins all tokens and turns the byte alphabet into bytes.
    case byteLevel
    /// Puts a space between tokens, for files without a decoder.
    case spaces
  }

  private let kind: Kind
  private var replacer: TextReplacer?
  private var assembler = UTF8Assembler(.perSequence)
  /// Text of the token so far, for steps that need it whole.
  private var token: [UInt8] = []
  /// Bytes of the run of byte tokens so far.
  private var run: [UInt8] = []
  private var isFirstToken = true
  private var isTokenStart = true

  init(_ kind: Kind) {
    self.kind = kind
    if case .replace(let pattern, let replacement) = kind {
      replacer = TextReplacer(pattern: pattern, replacement: replacement)
    }
  }

  /// Takes an event and appends what follows from it.
  mutating func feed(_ event: Event, to output: inout [Event]) {
    switch event {
    case .text(let text): feed(text, to: &output)
    case .end:
      end(to: &output)
      isFirstToken = false
      isTokenStart = true
    }
  }

  /// Appends what follows from the end of all tokens.
  mutating func finish(to output: inout [Event]) {
    switch kind {
    case .byteFallback: flushRun(to: &output)
    case .fuse: output.append(.end)
    case .byteLevel:
      var text: [UInt8] = []
      assembler.finish(to: &text)
      output.append(.text(text))
      output.append(.end)
    case .replace, .metaspace, .strip, .spaces: break
    }
  }

  private mutating func feed(_ text: [UInt8], to output: inout [Event]) {
    switch kind {
    case .replace:
      var result: [UInt8] = []
      replacer?.append(text, to: &result)
      output.append(.text(result))
    case .metaspace(let replacement, let dropsFirst):
      let space: [UInt8] = isFirstToken && dropsFirst ? [] : [0x20]
      output.append(.text(UTF8Text.replacing(replacement, with: space, in: text)))
    case .fuse: output.append(.text(text))
    case .strip(_, _, end: 0): strip(text, to: &output)
    case .byteFallback, .byteLevel, .strip: token.append(contentsOf: text)
    case .spaces:
      output.append(.text(isTokenStart && !isFirstToken ? [0x20] + text : text))
      isTokenStart = false
    }
  }

  private mutating func end(to output: inout [Event]) {
    switch kind {
    case .replace:
      var rest: [UInt8] = []
      replacer?.finish(to: &rest)
      output.append(.text(rest))
      output.append(.end)
    case .metaspace: output.append(.end)
    case .fuse: break
    case .byteFallback:
      if let byte = DecodeStage.byte(named: token) {
        run.append(byte)
      } else {
        flushRun(to: &output)
        output.append(.text(token))
        output.append(.end)
      }
    case .byteLevel:
      var text: [UInt8] = []
      assembler.append(ByteAlphabet.decode(token), to: &text)
      output.append(.text(text))
    case .strip(let character, let start, let end):
      if end > 0 { output.append(.text(DecodeStage.stripped(token, of: character, start: start, end: end))) }
      stripped = 0
      output.append(.end)
    case .spaces:
      if isTokenStart, !isFirstToken { output.append(.text([0x20])) }
      output.append(.end)
    }
    token = []
  }

  /// Characters removed from the start of the token so far, or -1 once another one was there.
  private var stripped = 0

  private mutating func strip(_ text: [UInt8], to output: inout [Event]) {
    guard case .strip(let character, let start, _) = kind else { return }
    var index = 0
    while stripped >= 0, stripped < start, text[index...].starts(with: character) {
      index += character.count
      stripped += 1
    }
    if index < text.count { stripped = -1 }
    output.append(.text(Array(text[index...])))
  }

  private mutating func flushRun(to output: inout [Event]) {
    guard !run.isEmpty else { return }
    if String(validating: run, as: UTF8.self) != nil {
      output.append(.text(run))
      output.append(.end)
    } else {
      for _ in run {
        output.append(.text(UTF8.encodedReplacementCharacter))
        output.append(.end)
      }
    }
    run = []
  }

  private static func stripped(_ token: [UInt8], of character: [UInt8], start: Int, end: Int) -> [UInt8] {
    var slice = token[...]
    for _ in 0..<start where slice.starts(with: character) { slice = slice.dropFirst(character.count) }
    for _ in 0..<end where slice.reversed().starts(with: character.reversed()) {
      slice = slice.dropLast(character.count)
    }
    return Array(slice)
  }

  /// The byte that a token such as `<0x0A>` names; digits may be in either case, as the library reads them.
  private static func byte(named token: [UInt8]) -> UInt8? {
    guard token.count == 6, token.starts(with: [0x3C, 0x30, 0x78]), token[5] == 0x3E else { return nil }
    return UInt8(String(decoding: token[3..<5], as: UTF8.self), radix: 16)
  }
}
