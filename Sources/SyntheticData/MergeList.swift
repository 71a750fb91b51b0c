/// Pieces of two or more letters, each the merge of a shorter piece and one letter, best first.
///
/// Pieces that begin with the space come before all others. So merging takes the longest known beginning of a word
/// first, and only what is left of the word is put together from groups of letters.
struct MergeList {
  /// A piece and the letter that made it one longer.
  struct Merge {
    let left: String
    let right: String
    var piece: String { left + right }
  }

  private(set) var merges: [Merge] = []
  private let space: String
  private let count: Int
  private var known: Set<String> = []
  private var anchored: [Merge] = []
  private var free: [Merge] = []

  /// - Parameters:
  ///   - count: how many merges.
  ///   - space: the letter that stands for a space.
  ///   - lineFeed: the letter that stands for a line feed, if there is one.
  init(count: Int, space: String, lineFeed: String?) {
    self.count = count
    self.space = space
    if let lineFeed { add(lineFeed + lineFeed) }
    add(space + space)
    add(space + space + space + space)
    for group in WordList.letterGroups.prefix(count < 200 ? 20 : .max) { add(group) }
    for word in WordList.words { add(space + word) }
    if count > 8000 {
      for word in WordList.words { add(space + WordList.capitalized(word)) }
      for word in WordList.words {
        add(WordList.capitalized(word))
        add(word)
      }
    }
    fill()
    merges = anchored + free
  }

  private var isFull: Bool { known.count >= count }

  /// Adds the beginnings of a piece, shortest first, until the list is full.
  private mutating func add(_ piece: String) {
    var left = ""
    for letter in piece.map(String.init) {
      defer { left += letter }
      guard !left.isEmpty, !isFull, known.insert(left + letter).inserted else { continue }
      let merge = Merge(left: left, right: letter)
      if left.hasPrefix(space) && letter != space { anchored.append(merge) } else { free.append(merge) }
    }
  }

  /// Adds beginnings of made-up words: all of one letter, then of two, and so on, by letters that follow one another.
  private mutating func fill() {
    let letters = WordList.followers.map(\.letter)
    let followers = Dictionary(uniqueKeysWithValues: WordList.followers.map { ($0.letter, $0.next) })
    var level = (letters + letters.map { $0.uppercased() }).map { (left: space, letter: $0) }
    while !isFull {
      var next: [(left: String, letter: String)] = []
      for entry in level {
        guard !isFull else { return }
        let merge = Merge(left: entry.left, right: entry.letter)
        let piece = merge.piece
        if known.insert(piece).inserted { anchored.append(merge) }
        for letter in followers[entry.letter.lowercased()] ?? [] { next.append((left: piece, letter: letter)) }
      }
      level = next
    }
  }
}
