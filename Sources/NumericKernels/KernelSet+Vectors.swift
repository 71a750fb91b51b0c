internal import CNumericKernels

extension KernelSet {
  /// target += addend.
  ///
  /// - Precondition: both are equally long and do not overlap.
  public func add(_ addend: UnsafeBufferPointer<Float>, to target: UnsafeMutableBufferPointer<Float>) {
    precondition(addend.count == target.count, "\(addend.count) values to \(target.count)")
    guard let from = addend.baseAddress, let to = target.baseAddress else { return }
    table.pointee.add_f32(from, target.count, to)
  }

  /// target *= factors, element by element.
  ///
  /// - Precondition: both are equally long and do not overlap.
  public func multiply(_ target: UnsafeMutableBufferPointer<Float>, by factors: UnsafeBufferPointer<Float>) {
    precondition(factors.count == target.count, "\(factors.count) factors of \(target.count)")
    guard let from = factors.baseAddress, let to = target.baseAddress else { return }
    table.pointee.multiply_f32(from, target.count, to)
  }

  /// rows[row][column] /= divisors[column], correctly rounded.
  ///
  /// - Precondition: `rows` are whole rows of as many values as there are divisors, at least one.
  public func divide(_ rows: UnsafeMutableBufferPointer<Float>, byColumns divisors: [Float]) {
    divide(UnsafeBufferPointer(rows), byColumns: divisors, into: rows)
  }

  /// target[row][column] = rows[row][column] / divisors[column], correctly rounded.
  ///
  /// - Precondition: both are whole rows of as many values as there are divisors, at least one, in the same place or in
  ///   places that do not overlap.
  public func divide(
    _ rows: UnsafeBufferPointer<Float>, byColumns divisors: [Float], into target: UnsafeMutableBufferPointer<Float>
  ) {
    let columns = divisors.count
    precondition(columns > 0 && rows.count % columns == 0, "\(rows.count) values in rows of \(columns)")
    precondition(rows.count == target.count, "\(rows.count) values into \(target.count)")
    guard let from = rows.baseAddress, let to = target.baseAddress else { return }
    table.pointee.divide_rows_f32(from, divisors, rows.count / columns, columns, to)
  }

  /// Adds up the squares of columns after each row was brought to the same size: with e the sum over a row of
  /// x^2 * inverses[column], sums[column] += x^2 * columns / e. Rows of zeros are left out.
  ///
  /// - Precondition: finite `rows`, whole rows of as many values as there are inverses and sums, at least one.
  public func addBalancedSquares(of rows: UnsafeBufferPointer<Float>, inverses: [Double], to sums: inout [Double]) {
    let columns = sums.count
    precondition(columns > 0 && rows.count % columns == 0, "\(rows.count) values in rows of \(columns)")
    precondition(inverses.count == columns, "\(inverses.count) inverses for \(columns) columns")
    guard let from = rows.baseAddress else { return }
    table.pointee.balance_rows_f32(from, rows.count / columns, columns, inverses, &sums)
  }

  /// Rotary embedding of one head, in place: for i below half of the length n, (x[i], x[i + n/2]) becomes
  /// (x[i] c[i] - x[i + n/2] s[i], x[i + n/2] c[i + n/2] + x[i] s[i + n/2]).
  ///
  /// - Precondition: `head` has an even length, `cosines` and `sines` are as long, and none overlap.
  public func rotate(
    _ head: UnsafeMutableBufferPointer<Float>, cosines: UnsafeBufferPointer<Float>, sines: UnsafeBufferPointer<Float>
  ) {
    precondition(head.count % 2 == 0, "a head of \(head.count) values has no halves")
    precondition(cosines.count == head.count && sines.count == head.count, "\(cosines.count) angles, \(head.count)")
    guard let values = head.baseAddress, let c = cosines.baseAddress, let s = sines.baseAddress else { return }
    table.pointee.rotate_halves_f32(values, c, s, head.count / 2)
  }
}
