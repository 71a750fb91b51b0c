/// Random choices in a row, from one key; two streams of one picture know nothing of each other.
struct SceneRandom {
  private let source: CounterRandom
  private var counter: UInt64 = 0

  /// - Parameters:
  ///   - seed: the user's seed.
  ///   - picture: number of the picture, so that no picture depends on another one.
  ///   - stream: tells apart independent uses for one picture.
  init(seed: UInt64, picture: Int, stream: UInt64) {
    source = CounterRandom(seed: seed &+ UInt64(picture) &* 0x9E37_79B9_7F4A_7C15, name: "scene", stream: stream)
  }

  /// A number in 0 ..< `count`.
  mutating func below(_ count: Int) -> Int {
    precondition(count > 0, "a choice among \(count)")
    counter += 1
    return Int(source.bits(counter).multipliedFullWidth(by: UInt64(count)).high)
  }

  /// A number of a range.
  mutating func number(in range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.count) }

  /// `true` in `part` of `whole` cases.
  mutating func chance(_ part: Int, of whole: Int) -> Bool { below(whole) < part }

  /// One of the elements.
  mutating func element<Element>(of elements: [Element]) -> Element { elements[below(elements.count)] }

  /// The elements in a random order.
  mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var result = elements
    for index in result.indices.dropFirst().reversed() { result.swapAt(index, below(index + 1)) }
    return result
  }

  /// An index, each as likely as its weight says.
  mutating func index(weights: [Int]) -> Int {
    var rest = below(weights.reduce(0, +))
    for (index, weight) in weights.enumerated() {
      if rest < weight { return index }
      rest -= weight
    }
    return weights.count - 1
  }
}
