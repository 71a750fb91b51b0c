import FusionCore

/// The customary names of weight files: `model.safetensors`, or `model-00001-of-00004.safetensors` and so on.
public struct SafetensorsShardName: Sendable, Hashable {
  /// The name of a checkpoint in one file.
  public static let single = "model.safetensors"
  /// How all weight files end.
  public static let suffix = ".safetensors"
  /// Digits that a number has at most; some publishers use six for the count.
  private static let maximumDigits = 6

  /// Which shard, from 1.
  public let number: Int
  /// What names of one set have in common: the width of the number and the count as written.
  let shardSet: ShardSet

  /// A set of shards, told from others in the same folder by how its names are written.
  struct ShardSet: Sendable, Hashable {
    let numberWidth: Int
    let countText: String
    let count: Int

    /// The name of one member.
    func name(of number: Int) -> String {
      "model-" + SafetensorsShardName.padded(number, numberWidth) + "-of-" + countText + suffix
    }
  }

  /// How many shards the name says there are.
  public var count: Int { shardSet.count }

  /// Takes a file name apart; `nil` if it is not `model-X-of-Y.safetensors` with 1 <= X <= Y.
  public init?(fileName: String) {
    guard fileName.hasPrefix("model-"), fileName.hasSuffix(SafetensorsShardName.suffix) else { return nil }
    let middle = fileName.dropFirst("model-".count).dropLast(SafetensorsShardName.suffix.count)
    let parts = middle.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[1] == "of", let number = SafetensorsShardName.number(parts[0]),
      let count = SafetensorsShardName.number(parts[2]), number >= 1, number <= count
    else { return nil }
    self.number = number
    shardSet = ShardSet(numberWidth: parts[0].utf8.count, countText: String(parts[2]), count: count)
  }

  /// The name that publishers give a shard: five digits each.
  ///
  /// - Precondition: `1 <= number <= count <= 99999`.
  public static func standard(number: Int, of count: Int) -> String {
    precondition(number >= 1 && number <= count && count <= 99_999, "shard \(number) of \(count)")
    return ShardSet(numberWidth: 5, countText: padded(count, 5), count: count).name(of: number)
  }

  private static func number(_ text: Substring) -> Int? {
    guard (1...maximumDigits).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    return Int(text)
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
