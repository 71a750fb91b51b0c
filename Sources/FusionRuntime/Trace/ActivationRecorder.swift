/// Gets intermediate activations under the names of the golden values.
public protocol ActivationRecorder: AnyObject {
  /// Takes a copy of a matrix.
  ///
  /// - Parameters:
  ///   - name: for example `decoder.hidden.3`.
  ///   - shape: sizes, outermost first; their product is the number of values.
  func record(_ name: String, _ values: ActivationMatrix, shape: [Int]) throws
}

extension ActivationRecorder {
  /// Records [1, rows, columns].
  func record(_ name: String, _ values: ActivationMatrix) throws {
    try record(name, values, shape: [1, values.rowCount, values.columnCount])
  }
}
