import FusionCore
import Glibc
import NumericKernels

/// Keys or values of one layer: [heads * capacity, head dimension], head h in the rows from h * capacity on.
///
/// A reference to memory that several threads fill at the same time, each its own rows; whoever has it sees to it that no
/// one reads a row while another writes it.
final class KeyValueStore: @unchecked Sendable {
  let rowCount: Int
  let columnCount: Int
  let precision: KeyValuePrecision

  private let numbers: UnsafeMutableRawPointer
  private let scales: UnsafeMutablePointer<Float>

  init(rows: Int, columns: Int, precision: KeyValuePrecision) {
    precondition(rows >= 0 && columns > 0, "\(rows) x \(columns)")
    rowCount = rows
    columnCount = columns
    self.precision = precision
    // Pages of zeros that cost nothing until they are written: a cache takes memory as it fills.
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    let numbers = overflow ? nil : calloc(max(count, 1), precision.byteCount)
    let scales = calloc(precision == .int8 ? max(rows, 1) : 1, MemoryLayout<Float>.stride)
    guard let numbers, let scales else { preconditionFailure("no memory for \(rows) x \(columns) values") }
    self.numbers = numbers
    self.scales = scales.bindMemory(to: Float.self, capacity: precision == .int8 ? max(rows, 1) : 1)
  }

  deinit {
    free(numbers)
    free(scales)
  }

  /// Bytes that there is room for.
  var byteCount: Int {
    rowCount * (columnCount * precision.byteCount + (precision == .int8 ? MemoryLayout<Float>.stride : 0))
  }

  /// The rows from one on, as the kernels read them.
  func rows(from row: Int) -> AttentionRows {
    precondition(row >= 0 && row <= rowCount, "row \(row) of \(rowCount)")
    let place = row * columnCount
    switch precision {
    case .float32:
      return AttentionRows(numbers.assumingMemoryBound(to: Float.self) + place, stride: columnCount)
    case .bf16:
      return AttentionRows(bf16: numbers.assumingMemoryBound(to: UInt16.self) + place, stride: columnCount)
    case .int8:
      return AttentionRows(
        codes: numbers.assumingMemoryBound(to: Int8.self) + place, scales: scales + row, stride: columnCount)
    }
  }

  /// Writes a row.
  func store(_ values: UnsafeBufferPointer<Float>, row: Int, _ kernels: KernelSet) {
    precondition(row >= 0 && row < rowCount && values.count == columnCount, "row \(row) of \(rowCount)")
    let bytes = UnsafeMutableRawBufferPointer(
      start: numbers + row * columnCount * precision.byteCount, count: columnCount * precision.byteCount)
    switch precision {
    case .float32: bytes.copyMemory(from: UnsafeRawBufferPointer(values))
    case .bf16: kernels.narrow(values, type: .bf16, into: bytes)
    case .int8: scales[row] = kernels.quantize(values, into: bytes.assumingMemoryBound(to: Int8.self))
    }
  }

  /// Copies rows of another store of the same form over rows of this one.
  func replaceRows(at start: Int, with other: KeyValueStore, rows: Range<Int>) {
    precondition(
      other.columnCount == columnCount && other.precision == precision && rows.lowerBound >= 0
        && rows.upperBound <= other.rowCount && start >= 0 && start + rows.count <= rowCount,
      "rows \(rows) of \(other.rowCount) to \(start) of \(rowCount)")
    let width = columnCount * precision.byteCount
    (numbers + start * width).copyMemory(
      from: other.numbers + rows.lowerBound * width, byteCount: rows.count * width)
    guard precision == .int8 else { return }
    (scales + start).update(from: other.scales + rows.lowerBound, count: rows.count)
  }
}

extension KeyValuePrecision {
  /// Bytes of a number.
  fileprivate var byteCount: Int {
    switch self {
    case .float32: 4
    case .bf16: 2
    case .int8: 1
    }
  }
}
