import FusionCore

/// Which tensors of a checkpoint are the same bytes, and which only share some.
struct SharedTensors {
  /// Names whose bytes are all those of another name, which comes first in the order of names.
  private(set) var aliases: [String: String] = [:]
  private var overlapping: [String] = []

  /// Compares the tensors of one file; storages of different files are different.
  mutating func add(_ file: TorchFile) {
    let shared = Dictionary(grouping: file.tensors.filter { $0.view.byteCount > 0 }, by: \.view.storageIndex)
    for tensors in shared.values where tensors.count > 1 {
      let sorted = tensors.sorted { TensorName.precedes($0.name, $1.name) }
      var first: [TorchView: String] = [:]
      for tensor in sorted {
        if let other = first[tensor.view] { aliases[tensor.name] = other } else { first[tensor.view] = tensor.name }
      }
      // Views at one offset come in the order of their names, so that every run says the same.
      let ranges = first.map { (file.extent(of: $0.key), $0.value) }.sorted {
        $0.0.lowerBound != $1.0.lowerBound
          ? $0.0.lowerBound < $1.0.lowerBound : TensorName.precedes($0.1, $1.1)
      }
      var end = 0
      for (range, name) in ranges {
        if range.lowerBound < end { overlapping.append(name) }
        end = max(end, range.upperBound)
      }
    }
  }

  var notices: [String] {
    var notices: [String] = []
    let pairs = aliases.sorted { TensorName.precedes($0.key, $1.key) }
    if let (name, other) = pairs.first {
      notices.append(
        "\(Self.counted(pairs.count)) the same bytes as another, such as \(TensorName.quoted(name)) as "
          + TensorName.quoted(other))
    }
    if let name = overlapping.min(by: TensorName.precedes) {
      notices.append(
        "\(Self.counted(overlapping.count, "shares", "share")) some bytes with another, such as "
          + "\(TensorName.quoted(name)); each is read as a tensor of its own")
    }
    return notices
  }

  private static func counted(_ count: Int, _ one: String = "is", _ more: String = "are") -> String {
    count == 1 ? "1 tensor \(one)" : "\(count) tensors \(more)"
  }
}
