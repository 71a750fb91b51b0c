/// The customary name of one of several weight files, such as `model-00001-of-00004.safetensors`.
public struct ShardName: Sendable, Hashable {
  /// Digits that a number has at most; some publishers use six for the count.
  private static let maximumDigits = 6

  /// Which shard, from 1.
  public let number: Int
  /// What names of one set have in common: the width of the number and the count as written.
  let shardSet: ShardSet

  /// A set of shards, told from others in the same folder by how its names are written.
  struct ShardSet: Sendable, Hashable {
    let naming: WeightFileNaming
    let numberWidth: Int
    let countText: String
    let count: Int

    /// The name of one member.
    func name(of number: Int) -> String {
      "\(naming.stem)-" + ShardName.padded(number, numberWidth) + "-of-" + countText + naming.suffix
    }
  }

  /// How many shards the name says there are.
  public var count: Int { shardSet.count }

  /// Takes a file name apart; `nil` if it is not like `model-X-of-Y.safetensors` with 1 <= X <= Y.
  public init?(fileName: String, naming: WeightFileNaming) {
    guard fileName.hasPrefix("\(naming.stem)-"), fileName.hasSuffix(naming.suffix) else { return nil }
    let middle = fileName.dropFirst(naming.stem.count + 1).dropLast(naming.suffix.count)
    let parts = middle.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[1] == "of", let number = ShardName.number(parts[0]),
      let count = ShardName.number(parts[2]), number >= 1, number <= count
    else { return nil }
    self.number = number
    shardSet = ShardSet(
      naming: naming, numberWidth: parts[0].utf8.count, countText: String(parts[2]), count: count)
  }

  private static func number(_ text: Substring) -> Int? {
    guard (1...maximumDigits).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    return Int(text)
  }

  static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
