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
  /// Empty for a plain name, which needs none.
  private let program: [AdapterPatternStep]
  /// The pattern's bytes if it has names and dots only, as most have; each byte then reads one character.
  private let plain: [UInt8]?
  /// Steps that were written while the pattern was read, those among them that a repetition of 0 takes away again.
  let workCount: Int

  /// Bytes of a pattern; what people write stays below 200.
  public static let maximumByteCount = 4_096
  /// Longer names are of no model, and would make a hostile pattern costly.
  private static let maximumNameLength = 512

  /// Steps that each character of a name may cost; 0 for a plain name.
  var stepCount: Int { program.count }

  /// Reads a pattern.
  ///
  /// - Parameters:
  ///   - place: names the field in errors.
  ///   - file: names the file in errors.
  /// - Throws: `.adapterBadPattern` with the offset of what is not understood, or for a text of more than
  ///   ``maximumByteCount`` bytes.
  public init(_ text: String, place: String, file: String? = nil) throws {
    guard text.utf8.count <= Self.maximumByteCount else {
      throw FusionError(
        .adapterBadPattern, "a pattern over module names is too long", file: file, place: place,
        expected: "at most \(Self.maximumByteCount) bytes", found: "\(text.utf8.count) bytes",
        remedy: "write the module's name, or a plain regular expression")
    }
    self.text = text
    let bytes = Array(text.utf8)
    if bytes.allSatisfy({ $0 == UInt8(ascii: ".") || AdapterByteSet.words.contains($0) }) {
      (plain, program, workCount) = (bytes, [], 0)
    } else {
      var parser = AdapterPatternParser(text, place: place, file: file)
      (plain, program) = (nil, try parser.parse())
      workCount = parser.workCount
    }
  }

  /// Whether a module's name fits.
  public func matches(_ module: String) -> Bool { matches(Array(module.utf8)) }

  /// Whether a module's name, as UTF-8, fits.
  func matches(_ name: [UInt8]) -> Bool {
    guard name.count <= Self.maximumNameLength else { return false }
    if let plain { return endsPlainly(name, with: plain) }
    return runs(over: name)
  }

  private func endsPlainly(_ name: [UInt8], with plain: [UInt8]) -> Bool {
    let start = name.count - plain.count
    guard start == 0 || (start > 0 && name[start - 1] == UInt8(ascii: ".")) else { return false }
    return zip(name[start...], plain).allSatisfy { $0 == $1 || $1 == UInt8(ascii: ".") }
  }

  /// Whether the program gets from the name's start, or from behind a dot, to the end of the name; all of these at
  /// once.
  private func runs(over name: [UInt8]) -> Bool {
    let none = [Bool](repeating: false, count: program.count + 1)
    var (current, next) = (none, none)
    for position in 0...name.count {
      if position == 0 || name[position - 1] == UInt8(ascii: ".") { follow(0, at: position, name.count, &current) }
      guard position < name.count else { break }
      for index in program.indices where current[index] {
        guard case .set(let set) = program[index], set.contains(name[position]) else { continue }
        follow(index + 1, at: position + 1, name.count, &next)
      }
      current = next
      next = none
    }
    return current[program.count]
  }

  /// Marks a step and all that can be reached from it without reading a character.
  private func follow(_ first: Int, at position: Int, _ end: Int, _ marks: inout [Bool]) {
    // Most steps are reached again and again.
    guard !marks[first] else { return }
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
