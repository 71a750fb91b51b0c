import ConversionPipeline
import FusionCore
import Glibc
import SafetensorsReader

/// A file of statistics: means that are numbers, matrices that are symmetric, and the same from a file written anew.
enum StatisticsFuzzing {
  /// Larger matrices are asked for by a few inputs only and would take most of the time.
  private static let mostWidth = 64

  static func run(_ bytes: UnsafeRawBufferPointer) throws {
    let contents = Array(bytes)
    try ScratchFile.with(contents, "fuzz.stats") { path in
      let statistics = try CalibrationStatistics(path: path)
      try check(statistics)
      try checkRewriting(statistics, contents)
    }
  }

  private static func check(_ statistics: CalibrationStatistics) throws {
    try FuzzFinding.require(!statistics.sites.isEmpty, "statistics of nothing")
    try FuzzFinding.require(
      statistics.isFull == statistics.sites.allSatisfy(\.hasSecondMoment), "full or not, the sites say otherwise")
    for site in statistics.sites {
      try FuzzFinding.require(
        site.width > 0 && site.magnitudeMeans.count == site.width && site.weightedRowCount > 0, "an empty \(site.site)")
      for mean in site.squareMeans + site.magnitudeMeans {
        try FuzzFinding.require(mean.isFinite && mean >= 0, "a mean of \(mean) in \(site.site)")
      }
      for weight in site.weights {
        let found = statistics.inputs(ofWeight: weight)
        try FuzzFinding.require(found?.site.utf8.elementsEqual(site.site.utf8) ?? false, "\(weight) is of another site")
      }
      guard let weight = site.weights.first, site.width <= mostWidth else { continue }
      try checkMatrix(statistics, weight, site)
    }
  }

  private static func checkMatrix(_ statistics: CalibrationStatistics, _ weight: String, _ site: InputStatistics) throws
  {
    let packed = try statistics.packedSecondMoment(ofWeight: weight)
    let matrix = try FuzzFinding.accepting("the square") { try statistics.secondMoment(ofWeight: weight) }
    guard let packed, let matrix else {
      return try FuzzFinding.require(
        packed == nil && matrix == nil && !site.hasSecondMoment, "a triangle without a square")
    }
    let width = site.width
    try FuzzFinding.require(
      packed.count == width * (width + 1) / 2 && matrix.count == width * width, "\(packed.count) products of \(width)")
    var position = 0
    for row in 0..<width {
      for column in row..<width {
        let values = [packed[position], matrix[row * width + column], matrix[column * width + row]]
        try FuzzFinding.require(
          values.allSatisfy { $0.bitPattern == values[0].bitPattern && $0.isFinite },
          "products \(row), \(column): \(values)")
        position += 1
      }
    }
  }

  /// Writes the same tensors with the same metadata and reads them.
  private static func checkRewriting(_ statistics: CalibrationStatistics, _ contents: [UInt8]) throws {
    let path = ScratchFile.path("written.stats")
    defer { unlink(path) }
    let again = try FuzzFinding.accepting("the writer") {
      let header = try contents.withUnsafeBytes { try SafetensorsHeader(contents: $0) }
      let writer = try SafetensorsShardWriter(
        path: path, tensors: header.entries.map { ($0.name, $0.dtype, $0.shape) }, metadata: header.metadata,
        replacing: true)
      try contents[header.dataOffset...].withUnsafeBytes { try writer.append($0) }
      try writer.finish()
      return try CalibrationStatistics(path: path)
    }
    try FuzzFinding.require(
      again.modelFingerprint == statistics.modelFingerprint && again.weights == statistics.weights
        && again.sites.map(\.squareMeans) == statistics.sites.map(\.squareMeans),
      "the statistics changed by being written")
  }
}
