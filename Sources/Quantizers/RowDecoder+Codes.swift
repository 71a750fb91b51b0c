import FusionCore

extension RowDecoder {
  /// Counts the codes of rows, those of four bits as the numbers that they are stored as (0 to 15).
  ///
  /// - Parameter streams: as for ``decode(_:rows:into:)``.
  public func count(_ streams: [UnsafeRawBufferPointer], rows: Int, into histogram: inout CodeHistogram) {
    forEachGroup(streams, rows: rows) { group in
      if encoding.kind == .int8 {
        histogram.add(group.codes.assumingMemoryBound(to: Int8.self))
      } else {
        // The last nibble of an odd row is padding.
        histogram.addNibbles(group.codes, count: group.values.count)
      }
    }
  }
}
