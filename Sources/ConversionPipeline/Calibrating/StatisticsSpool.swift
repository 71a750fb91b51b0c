import FusionCore
import Quantizers
import SafetensorsReader

/// The statistics file while it grows: each site is written as soon as its stage is done, and read again where a later
/// batch of samples adds to it.
final class StatisticsSpool {
  /// Bytes that are written or read at a time.
  private static let pieceElementCount = 1 << 20

  private let writer: SafetensorsGrowingWriter
  private let isFull: Bool
  /// Sites in the order of the file, with the sum of their rows' weights.
  private(set) var sites: [(site: InputSite, weight: Double)] = []
  private var indices: [String: Int] = [:]

  /// - Throws: `.outputExists`, `.cannotCreate`, `.noSpace`.
  init(path: String, forecast: StatisticsForecast, isFull: Bool, replacing: Bool) throws {
    self.isFull = isFull
    writer = try SafetensorsGrowingWriter(path: path, headerByteCount: forecast.headerByteCount, replacing: replacing)
  }

  /// Bytes of the file so far.
  var fileByteCount: Int { writer.fileByteCount }

  /// What was written of a site; `nil` for one that was not seen yet.
  ///
  /// - Throws: `.readFailed`.
  func load(_ name: String) throws -> InputCollector.Entry? {
    guard let index = indices[name] else { return nil }
    let (site, weight) = sites[index]
    func sums(_ tensor: StatisticsSchema.Tensor) throws -> [Double] {
      var values = [UInt64](repeating: 0, count: site.width)
      try values.withUnsafeMutableBytes { try writer.read(tensor.name(name), at: 0, into: $0) }
      return values.map { Double(bitPattern: UInt64(littleEndian: $0)) }
    }
    let moments = SecondMoments(
      weight: weight, squareSums: try sums(.squareSums), magnitudeSums: try sums(.magnitudeSums), hasProducts: isFull)
    if isFull {
      try forEachPiece(width: site.width) { rows, offset, piece in
        let bytes = UnsafeMutableRawBufferPointer(piece)
        try writer.read(StatisticsSchema.Tensor.secondMomentSums.name(name), at: offset, into: bytes)
        var start = 0
        for row in rows {
          let end = start + site.width - row
          moments.restoreProducts(ofRow: row, from: UnsafeBufferPointer(rebasing: piece[start..<end]))
          start = end
        }
      }
    }
    return InputCollector.Entry(site: site, moments: moments)
  }

  /// Writes a site, at its place if it has one.
  ///
  /// - Throws: `.noSpace`, `.writeFailed`.
  func store(_ entry: InputCollector.Entry) throws {
    let name = entry.site.name
    let isNew = indices[name] == nil
    if let index = indices[name] {
      sites[index] = (entry.site, entry.moments.weight)
    } else {
      indices[name] = sites.count
      sites.append((entry.site, entry.moments.weight))
    }
    for (tensor, sums) in [
      (StatisticsSchema.Tensor.squareSums, entry.moments.squareSums), (.magnitudeSums, entry.moments.magnitudeSums),
    ] {
      if isNew { writer.beginTensor(tensor.name(name), .f64, .vector(sums.count)) }
      try sums.map(\.bitPattern.littleEndian).withUnsafeBytes { try put($0, tensor.name(name), 0, isNew) }
    }
    guard isFull else { return }
    let tensor = StatisticsSchema.Tensor.secondMomentSums.name(name)
    let width = entry.site.width
    if isNew { writer.beginTensor(tensor, .f32, .vector(SecondMoments.productCount(width: width))) }
    try forEachPiece(width: width) { rows, offset, piece in
      var start = 0
      for row in rows {
        let end = start + width - row
        entry.moments.copyProducts(ofRow: row, into: UnsafeMutableBufferPointer(rebasing: piece[start..<end]))
        start = end
      }
      try put(UnsafeRawBufferPointer(piece), tensor, offset, isNew)
    }
  }

  /// Gives the file its name.
  ///
  /// - Throws: `.outputExists`, `.cannotCreate`, `.noSpace`, `.writeFailed`.
  func finish(metadata: [String: String]) throws { try writer.finish(metadata: metadata) }

  private func put(_ bytes: UnsafeRawBufferPointer, _ tensor: String, _ offset: Int, _ isNew: Bool) throws {
    if isNew {
      try writer.append(bytes)
    } else {
      try writer.replace(tensor, at: offset, with: bytes)
    }
  }

  /// Cuts a triangle into pieces of whole rows.
  ///
  /// - Parameter body: gets the rows, the offset of the first in bytes, and room for exactly these rows.
  private func forEachPiece(
    width: Int, _ body: (Range<Int>, Int, UnsafeMutableBufferPointer<Float>) throws -> Void
  ) throws {
    var buffer = [Float](repeating: 0, count: max(width, min(Self.pieceElementCount, width * width)))
    var first = 0
    var done = 0
    while first < width {
      var end = first
      var count = 0
      while end < width, count + width - end <= buffer.count {
        count += width - end
        end += 1
      }
      try buffer.withUnsafeMutableBufferPointer { buffer in
        try body(
          first..<end, done * MemoryLayout<Float>.stride, UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
      }
      done += count
      first = end
    }
  }
}

extension Shape {
  /// A list.
  fileprivate static func vector(_ count: Int) -> Shape {
    guard let shape = Shape([count]) else { preconditionFailure("\(count) values") }
    return shape
  }
}
