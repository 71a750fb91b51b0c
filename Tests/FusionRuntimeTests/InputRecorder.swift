import FusionCore
import FusionRuntime

/// Keeps copies of all inputs of linear layers.
final class InputRecorder: LinearInputObserver {
  struct Entry: Sendable {
    let weights: [String]
    let values: [Float]
    let columnCount: Int
    let runs: [RowKinds.Run]
  }

  private let kept = Protected<[Entry]>([])

  var entries: [Entry] { kept.withLock { $0 } }

  func observe(_ input: LinearInput, in context: ComputeContext) {
    let entry = Entry(
      weights: input.weights, values: input.values.array, columnCount: input.values.columnCount,
      runs: input.kinds.runs(rowCount: input.values.rowCount))
    kept.withLock { $0.append(entry) }
  }
}
