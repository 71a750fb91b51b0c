import CheckpointLayout
import FusionCore

/// Finds the dictionary of weights in what a file holds.
struct StateDictFinder {
  /// A dictionary that was chosen.
  struct Choice {
    /// The keys that lead to it.
    var path: [String]
    let reference: PickleDocument.Reference
    /// What was passed over, one sentence each.
    var notices: [String]
  }

  let document: PickleDocument
  private let counts: StateDictCounts

  init(document: PickleDocument) {
    self.document = document
    counts = StateDictCounts(document: document)
  }

  /// An entry with tensors somewhere in it.
  private struct Candidate {
    let name: String
    let reference: PickleDocument.Reference
    let tensorCount: Int
  }

  /// Chooses the dictionary.
  ///
  /// - Parameter key: keys joined by dots, `.` for the whole file; `nil` to find it.
  /// - Throws: `.torchNoStateDict`, `.torchAmbiguousStateDict`, `.torchStateDictKey`.
  func choose(key: String?) throws -> Choice {
    if let key { return try follow(key) }
    var choice = Choice(path: [], reference: document.root, notices: [])
    for _ in 0..<TorchLimits.dictionaryDepth {
      guard let next = try step(from: choice) else { return choice }
      choice = next
    }
    throw nothing(found: "dictionaries in dictionaries")
  }

  /// The dictionary one level deeper that holds the weights; `nil` if they are at this level.
  private func step(from choice: Choice) throws -> Choice? {
    guard let entries = try uniqueEntries(of: choice.reference, path: choice.path) else {
      throw nothing(found: document[choice.reference].phrase)
    }
    // A tensor under a number has no name.
    let directCount = entries.count { isTensor($0.value) && document.text($0.key) != nil }
    let candidates = entries.compactMap { entry -> Candidate? in
      guard let name = document.text(entry.key), document.entries(of: entry.value) != nil else { return nil }
      let count = counts.tensorCount(of: entry.value)
      return count == 0 ? nil : Candidate(name: name, reference: entry.value, tensorCount: count)
    }
    let known = StateDictNames.weights.compactMap { name in candidates.first { $0.name == name } }
    let chosen: Candidate
    if let first = known.first {
      chosen = first
    } else if directCount > 0 {
      return nil
    } else {
      let weights = candidates.filter { !StateDictNames.isTrainingState($0.name) }
      guard let first = weights.first else { throw nothing(found: summary(of: entries)) }
      guard weights.count == 1 else { throw ambiguous(choice.path, weights) }
      chosen = first
    }
    var next = Choice(path: choice.path + [chosen.name], reference: chosen.reference, notices: choice.notices)
    let others = entries.filter { $0.value != chosen.reference }
    if !others.isEmpty { next.notices.append("beside the weights, not read: \(summary(of: others))") }
    return next
  }

  private func follow(_ key: String) throws -> Choice {
    var choice = Choice(path: [], reference: document.root, notices: [])
    var rest = key == "." ? [] : key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    while !rest.isEmpty {
      guard let entries = try uniqueEntries(of: choice.reference, path: choice.path) else {
        throw wrongKey(key, found: document[choice.reference].phrase + " at " + place(choice.path))
      }
      // Keys may have dots themselves: the longest that fits counts.
      let lengths = (1...rest.count).reversed()
      guard
        let match = lengths.lazy.compactMap({ length -> (String, PickleDocument.Reference, Int)? in
          let name = rest.prefix(length).joined(separator: ".")
          return entries.first { document.text($0.key) == name }.map { (name, $0.value, length) }
        }).first
      else { throw wrongKey(key, found: summary(of: entries) + " at " + place(choice.path)) }
      choice = Choice(path: choice.path + [match.0], reference: match.1, notices: [])
      rest.removeFirst(match.2)
    }
    guard counts.tensorCount(of: choice.reference) > 0 else {
      throw wrongKey(key, found: document[choice.reference].phrase + " without tensors")
    }
    return choice
  }

  /// Whether a value is a tensor or a parameter; nothing in it is proven.
  func isTensor(_ reference: PickleDocument.Reference) -> Bool { counts.isTensor(reference) }

  /// The entries of a dictionary, proven to have each text key once: of two values, Python takes the last, and other
  /// programs may take the first.
  ///
  /// - Parameter path: the keys that lead to the dictionary.
  /// - Returns: `nil` if the value is not a dictionary.
  /// - Throws: `.torchDuplicateTensor`.
  func uniqueEntries(of reference: PickleDocument.Reference, path: [String]) throws -> [PickleDocument.Entry]? {
    guard let entries = document.entries(of: reference) else { return nil }
    var keys: Set<String> = []
    for entry in entries {
      guard let key = document.text(entry.key), !keys.insert(key).inserted else { continue }
      throw FusionError(
        .torchDuplicateTensor, "a dictionary has a key twice", place: "key \(TensorName.quoted(key)) of \(place(path))",
        expected: "every key once", found: "a second value",
        remedy: "do not trust this file; download it again from its author")
    }
    return entries
  }

  /// The keys of entries, for a person.
  private func summary(of entries: [PickleDocument.Entry]) -> String {
    let shown = entries.prefix(8).map { entry -> String in
      let name = document.text(entry.key).map(TensorName.quoted) ?? document[entry.key].phrase
      let count = document.entries(of: entry.value) == nil ? 0 : counts.tensorCount(of: entry.value)
      return count == 0 ? name : "\(name) (\(count) tensors)"
    }
    let rest = entries.count - shown.count
    return shown.isEmpty ? "an empty dictionary" : shown.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }

  private func place(_ path: [String]) -> String {
    path.isEmpty ? "the top" : TensorName.quoted(path.joined(separator: "."))
  }

  private func nothing(found: String) -> FusionError {
    // What DeepSpeed leaves of each process: an optimizer that the weights can be put together from.
    let isShard = document.entries(of: document.root)?.contains { document.text($0.key) == "ds_version" } ?? false
    if isShard {
      return FusionError(
        .torchNoStateDict, "the file is a shard of a DeepSpeed ZeRO checkpoint, without weights of its own",
        place: "the top", expected: "names with tensors", found: found,
        remedy: ForeignWeights.zeroRemedy)
    }
    return FusionError(
      .torchNoStateDict, "the file holds no dictionary of tensors", place: "the top",
      expected: "names with tensors, at the top or under "
        + StateDictNames.weights.prefix(4).joined(separator: ", "), found: found,
      remedy: "save the model's state_dict() in Python, or name its entry with --state-dict-key")
  }

  private func ambiguous(_ path: [String], _ candidates: [Candidate]) -> FusionError {
    FusionError(
      .torchAmbiguousStateDict, "the file holds several dictionaries of tensors", place: place(path),
      expected: "one of them",
      found: candidates.prefix(8).map { "\(TensorName.quoted($0.name)) (\($0.tensorCount) tensors)" }
        .joined(separator: ", "),
      remedy: "choose with --state-dict-key, or take all of them with --state-dict-key .")
  }

  private func wrongKey(_ key: String, found: String) -> FusionError {
    FusionError(
      .torchStateDictKey, "--state-dict-key names no dictionary of tensors", place: TensorName.quoted(key),
      expected: "keys joined by dots that lead to tensors", found: found,
      remedy: "look at the file with inspect, without the option")
  }
}
