import FusionRuntime

/// Keeps recorded activations in memory.
final class ActivationStore: ActivationRecorder {
  struct Entry {
    let shape: [Int]
    let values: [Float]
  }

  private(set) var entries: [String: Entry] = [:]

  func record(_ name: String, _ values: ActivationMatrix, shape: [Int]) {
    entries[name] = Entry(shape: shape, values: values.array)
  }
}
