import FusionCore

/// A pattern over module names, as `rank_pattern` and `alpha_pattern` have it: a regular expression that must fit the
/// whole name, or what follows one of its dots.
///
/// The usual syntax is known: literals, `.`, escapes, sets, groups, `|`, `*`, `+`, `?`, `{m,n}`, `^` and `$`. All
/// positions are followed at once, so that a hostile pattern cannot take more than its size times the name's length.
/// What would need backtracking (references, looking ahead or behind) is refused.
public struct AdapterPattern: Sendable, Hashable {
  /// The pattern as given.
  public let text: String
  private let program: [AdapterPatternStep]
  /// The pattern's bytes if it has names and dots only, as most have; each byte then reads one character.
  private let plain: [UInt8]?

  /// Longer names are of no model, and would make a hostile pattern costly.
  private static let maximumNameLength = 512

  /// Steps that each character of a name may cost; 0 for a plain name.
  var stepCount: Int { plain == nil ? program.count : 0 }

  /// Reads a pattern.
  ///
  /// - Parameters:
  ///   - place: names the field in errors.
  ///   - file: names the file in errors.
  /// - Throws: `.adapterBadPattern` with the offset of what is not understood.
  public init(_ text: String, place: String, file: String? = nil) throws {
    var parser = AdapterPatternParser(text, place: place, file: file)
    program = try parser.parse()
    self.text = text
    let bytes = Array(text.utf8)
    let isPlain = bytes.allSatisfy { $0 == UInt8(ascii: ".") || AdapterByteSet.words.contains($0) }
    plain = isPlain ? bytes : nil
  }

  /// Whether a module's name fits.
  public func matches(_ module: String) -> Bool {
    let name = Array(module.utf8)
    guard name.count <= Self.maximumNameLength else { return false }
    if let plain { return endsPlainly(name, with: plain) }
    if runs(over: name, from: 0) { return true }
    return name.indices.contains { name[$0] == UInt8(ascii: ".") && runs(over: name, from: $0 + 1) }
  }

  private func endsPlainly(_ name: [UInt8], with plain: [UInt8]) -> Bool {
    let start = name.count - plain.count
    guard start == 0 || (start > 0 && name[start - 1] == UInt8(ascii: ".")) else { return false }
    return zip(name[start...], plain).allSatisfy { $0 == $1 || $1 == UInt8(ascii: ".") }
  }

  /// Whether the program gets from `start` to the end of the name.
  private func runs(over name: [UInt8], from start: Int) -> Bool {
    var current = [Bool](repeating: false, count: program.count + 1)
    follow(0, at: start, name.count, &current)
    for position in start..<name.count {
      var next = [Bool](repeating: false, count: program.count + 1)
      var isAlive = false
      for index in program.indices where current[index] {
        guard case .set(let set) = program[index], set.contains(name[position]) else { continue }
        follow(index + 1, at: position + 1, name.count, &next)
        isAlive = true
      }
      guard isAlive else { return false }
      current = next
    }
    return current[program.count]
  }

  /// Marks a step and all that can be reached from it without reading a character.
  private func follow(_ first: Int, at position: Int, _ end: Int, _ marks: inout [Bool]) {
    var open = [first]
    while let index = open.popLast() {
      guard !marks[index] else { continue }
      marks[index] = true
      guard index < program.count else { continue }
      switch program[index] {
      case .set: continue
      case .jump(let target): open.append(target)
      case .split(let target): open += [target, index + 1]
      case .start: if position == 0 { open.append(index + 1) }
      case .end: if position == end { open.append(index + 1) }
      }
    }
  }
}
