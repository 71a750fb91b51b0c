import FusionCore

/// How many tensors lie in the dictionaries of a pickle; each dictionary is counted once for each depth.
///
/// Not for use from several threads at once.
final class StateDictCounts {
  private struct Key: Hashable {
    let reference: PickleDocument.Reference
    let depth: Int
  }

  private let document: PickleDocument
  private var known: [Key: Int] = [:]
  /// More than any file can hold; what shares dictionaries in dictionaries could claim any number.
  private static let most = 1 << 40

  init(document: PickleDocument) { self.document = document }

  /// Whether a value is a tensor or a parameter; nothing in it is proven.
  func isTensor(_ reference: PickleDocument.Reference) -> Bool {
    guard let call = document.call(reference) else { return false }
    switch document.kind(of: call) {
    case .rebuildTensor, .rebuildParameter, .rebuildFromType, .tensorClass: return true
    default: return false
    }
  }

  /// Tensors in a dictionary and, to the depth that is read, in dictionaries in it.
  func tensorCount(of reference: PickleDocument.Reference) -> Int {
    count(Key(reference: reference, depth: TorchLimits.dictionaryDepth))
  }

  private func count(_ key: Key) -> Int {
    if let count = known[key] { return count }
    var count = 0
    for entry in document.entries(of: key.reference) ?? [] {
      if isTensor(entry.value) {
        count += 1
      } else if key.depth > 0 {
        count += self.count(Key(reference: entry.value, depth: key.depth - 1))
      }
      count = min(count, Self.most)
    }
    known[key] = count
    return count
  }
}
