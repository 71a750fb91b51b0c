/// Problems that are the same but for one layer number, as one line.
public struct FoldedProblems: Sendable, Hashable {
  /// The names in one: `language.layers.4-31.attention.qkv.weight`.
  public let name: String
  /// How many problems the line stands for.
  public let count: Int
  /// The first of them.
  public let first: GraphProblem

  /// Folds problems of one kind, keeping the order of first appearance.
  ///
  /// Names fold over their first number if everything else, and what was expected and found, is the same.
  static func fold(_ problems: [GraphProblem]) -> [FoldedProblems] {
    var groups: [Key: Int] = [:]
    var members: [(first: GraphProblem, numbers: [Int])] = []
    for problem in problems {
      let pattern = LayerPattern(problem.displayName)
      let key = Key(
        text: pattern.text, otherNumbers: Array(pattern.numbers.dropFirst()), expected: problem.expected,
        found: problem.found)
      if let index = groups[key] {
        members[index].numbers += pattern.numbers.prefix(1)
      } else {
        groups[key] = members.count
        members.append((problem, Array(pattern.numbers.prefix(1))))
      }
    }
    return members.map { member in
      let count = max(member.numbers.count, 1)
      let name = member.first.displayName
      return FoldedProblems(
        name: count == 1 ? name : replacingFirstNumber(of: name, with: LayerPattern.ranges(member.numbers.sorted())),
        count: count, first: member.first)
    }
  }

  private struct Key: Hashable {
    let text: String
    let otherNumbers: [Int]
    let expected: String?
    let found: String?
  }

  private static func replacingFirstNumber(of name: String, with text: String) -> String {
    var components = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    if let index = components.firstIndex(where: { SourceNames.number($0[...].utf8) != nil }) {
      components[index] = text
    }
    return components.joined(separator: ".")
  }
}

extension GraphProblem {
  /// The canonical name where there is one: it is what reports and options speak of.
  var displayName: String { canonicalName ?? sourceName }
}

extension FoldedProblems {
  /// The line for a person; a long name is cut.
  public var line: String {
    var text = String(name.prefix(200))
    if count > 1 { text += " (\(count) tensors)" }
    switch first.kind {
    case .wrongShape, .wrongType:
      text += ": expected \(first.expected ?? "-"), found \(first.found ?? "-")"
      if let hint = first.hint { text += " (\(hint))" }
    case .unexpected:
      if let nearest = first.nearest {
        text += ", nearest known name \(nearest)"
      } else if let hint = first.hint {
        text += ", \(hint)"
      }
    case .missing, .duplicate: break
    }
    return text
  }
}
