/// What the rows of an input stand for.
public enum RowKinds: Sendable, Hashable {
  /// Words: all rows.
  case language
  /// What came from a picture, patches or latents: all rows.
  case vision
  /// Both: the ranges, in order and apart from each other, are vision, all other rows are words.
  case mixed(vision: [Range<Int>])

  /// A run of rows of one kind.
  public struct Run: Sendable, Hashable {
    /// The rows.
    public let rows: Range<Int>
    /// Whether they came from a picture.
    public let isVision: Bool

    /// Collects the fields.
    public init(rows: Range<Int>, isVision: Bool) {
      self.rows = rows
      self.isVision = isVision
    }
  }

  /// The kinds as runs that cover rows 0 to `rowCount - 1` in order; none is empty.
  public func runs(rowCount: Int) -> [Run] {
    let vision: [Range<Int>] =
      switch self {
      case .language: []
      case .vision: [0..<rowCount]
      case .mixed(let ranges): ranges
      }
    var runs: [Run] = []
    var end = 0
    func add(_ rows: Range<Int>, isVision: Bool) {
      if !rows.isEmpty { runs.append(Run(rows: rows, isVision: isVision)) }
    }
    for range in vision {
      precondition(range.lowerBound >= end && range.upperBound <= rowCount, "\(range) of \(rowCount) rows after \(end)")
      add(end..<range.lowerBound, isVision: false)
      add(range, isVision: true)
      end = range.upperBound
    }
    add(end..<rowCount, isVision: false)
    return runs
  }
}
