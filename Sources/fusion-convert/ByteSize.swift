import ArgumentParser

/// A number of bytes as an option takes it: `2500000000`, `2.5GB`, `800MB`, `4GiB`.
struct ByteSize: ExpressibleByArgument, CustomStringConvertible {
  private static let units: [(name: String, byteCount: Double)] = [
    ("KIB", 1024), ("MIB", 1_048_576), ("GIB", 1_073_741_824), ("TIB", 1_099_511_627_776), ("KB", 1e3), ("MB", 1e6),
    ("GB", 1e9), ("TB", 1e12), ("B", 1), ("", 1),
  ]

  /// A million terabytes: no disk is larger, and eight times as many bits fit into an `Int`.
  static let greatest = 1_000_000_000_000_000_000

  let byteCount: Int

  init(_ byteCount: Int) { self.byteCount = byteCount }

  init?(argument: String) {
    let text = argument.uppercased()
    guard let unit = Self.units.first(where: { text.hasSuffix($0.name) }),
      let number = Double(text.dropLast(unit.name.count)), number.isFinite, number >= 0,
      let byteCount = Int(exactly: (number * unit.byteCount).rounded(.down)), byteCount <= Self.greatest
    else { return nil }
    self.byteCount = byteCount
  }

  var description: String { Format.bytes(byteCount) }
  var defaultValueDescription: String { description }
}
