import FusionCore
import SafetensorsReader

/// Reads and proves a statistics file, all but the products.
struct StatisticsParser {
  /// What a file holds.
  struct Content {
    var texts: [StatisticsSchema.Key: String] = [:]
    var weights = TokenWeights(language: 1, vision: 1)
    var sites: [InputStatistics] = []
    /// Bytes of the file with the products of a site.
    var productRanges: [String: Range<Int>] = [:]
  }

  private let bytes: UnsafeRawBufferPointer
  private let header: SafetensorsHeader
  private let entries: [String: SafetensorsEntry]

  /// - Throws: a `safetensors` or `json` code.
  init(_ bytes: UnsafeRawBufferPointer) throws {
    self.bytes = bytes
    header = try SafetensorsHeader(contents: bytes)
    entries = Dictionary(header.entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Reads everything.
  ///
  /// - Throws: `.malformedStatistics`, `.unknownStatisticsVersion`.
  func parse() throws -> Content {
    var content = Content()
    try checkSchema()
    for key in StatisticsSchema.Key.allCases { content.texts[key] = try text(key) }
    for key in [StatisticsSchema.Key.model, .dataDigest] { try checkDigest(key) }
    for key in [StatisticsSchema.Key.sampleCount, .pictureCount, .languageTokenCount, .visionTokenCount] {
      try checkCount(key)
    }
    content.weights = TokenWeights(language: try weight(.languageWeight), vision: try weight(.visionWeight))
    let listed = try StatisticsSiteList(try text(.sites)).sites
    guard !listed.isEmpty else { throw FusionError.malformedStatistics(place(.sites), "at least one site", "none") }
    var known: Set<String> = []
    for site in listed {
      let statistics = try statistics(site, content.weights)
      content.sites.append(statistics)
      for tensor in StatisticsSchema.Tensor.allCases { known.insert(tensor.name(site.name)) }
      if let entry = entries[StatisticsSchema.Tensor.secondMomentSums.name(site.name)] {
        content.productRanges[site.name] = entry.byteRange
      }
    }
    if let stray = header.entries.first(where: { !known.contains($0.name) }) {
      throw FusionError.malformedStatistics(
        "tensor \(TensorName.quoted(stray.name))", "tensors of the sites in the metadata", "one of no site")
    }
    return content
  }

  private func place(_ key: StatisticsSchema.Key) -> String { "__metadata__, \(key.rawValue)" }

  private func checkSchema() throws {
    guard let schema = header.metadata[StatisticsSchema.Key.schema.rawValue] else {
      throw FusionError.malformedStatistics(place(.schema), StatisticsSchema.name, "no schema")
    }
    guard schema == StatisticsSchema.name else {
      throw FusionError(
        .unknownStatisticsVersion, "the file is of another form", place: place(.schema),
        expected: StatisticsSchema.name, found: String(schema.unicodeScalars.prefix(80)),
        remedy: "collect the statistics with this version of the program, or use the version that wrote them")
    }
  }

  private func text(_ key: StatisticsSchema.Key) throws -> String {
    guard let text = header.metadata[key.rawValue] else {
      throw FusionError.malformedStatistics(place(key), "a text", "nothing")
    }
    return text
  }

  private func checkDigest(_ key: StatisticsSchema.Key) throws {
    let text = try text(key)
    let digits = Set("0123456789abcdef".utf8)
    guard text.utf8.count == 64, text.utf8.allSatisfy(digits.contains) else {
      throw FusionError.malformedStatistics(place(key), "64 hexadecimal digits", String(text.unicodeScalars.prefix(80)))
    }
  }

  private func checkCount(_ key: StatisticsSchema.Key) throws {
    let text = try text(key)
    guard let count = Int(text), count >= 0 else {
      throw FusionError.malformedStatistics(place(key), "a count", String(text.unicodeScalars.prefix(80)))
    }
  }

  private func weight(_ key: StatisticsSchema.Key) throws -> Double {
    let text = try text(key)
    guard let weight = Double(text), TokenWeights.permitted.contains(weight) else {
      let range = TokenWeights.permitted
      throw FusionError.malformedStatistics(
        place(key), "a number from \(range.lowerBound) to \(range.upperBound)", String(text.unicodeScalars.prefix(80)))
    }
    return weight
  }

  private func statistics(_ site: StatisticsSiteList.Site, _ weights: TokenWeights) throws -> InputStatistics {
    let squares = try sums(.squareSums, site.name, width: nil)
    let magnitudes = try sums(.magnitudeSums, site.name, width: squares.count)
    let products = StatisticsSchema.Tensor.secondMomentSums.name(site.name)
    if let entry = entries[products] {
      // A column has 16 bytes in this very file, so the product cannot overflow.
      let count = squares.count * (squares.count + 1) / 2
      guard entry.dtype == .f32, entry.shape.dimensions == [count] else {
        throw FusionError.malformedStatistics(
          "tensor \(TensorName.quoted(products))", "F32 [\(count)]", "\(entry.dtype.rawValue) \(entry.shape)")
      }
    }
    let total = weights.language * Double(site.languageRowCount) + weights.vision * Double(site.visionRowCount)
    return InputStatistics(
      site: site.name, weights: site.weights, languageRowCount: site.languageRowCount,
      visionRowCount: site.visionRowCount, weightedRowCount: total,
      squareMeans: try means(.squareSums, squares, total, site.name),
      magnitudeMeans: try means(.magnitudeSums, magnitudes, total, site.name),
      hasSecondMoment: entries[products] != nil)
  }

  /// Sums divided by what all rows count, which is below one where their weights are small.
  private func means(
    _ tensor: StatisticsSchema.Tensor, _ sums: [Double], _ total: Double, _ site: String
  ) throws -> [Double] {
    try sums.enumerated().map { column, sum in
      let mean = sum / total
      guard mean.isFinite else {
        throw FusionError.malformedStatistics(
          "tensor \(TensorName.quoted(tensor.name(site))), column \(column)", "a sum whose mean is finite",
          "\(sum) over rows that count \(total)")
      }
      return mean
    }
  }

  /// - Parameter width: values that there must be; `nil` for at least one.
  private func sums(_ tensor: StatisticsSchema.Tensor, _ site: String, width: Int?) throws -> [Double] {
    let name = tensor.name(site)
    let place = "tensor \(TensorName.quoted(name))"
    guard let entry = entries[name] else {
      throw FusionError.malformedStatistics(place, "a tensor of that name", "none")
    }
    guard entry.dtype == .f64, entry.shape.dimensions.count == 1, (width ?? entry.shape.elementCount) > 0,
      entry.shape.elementCount == width ?? entry.shape.elementCount
    else {
      throw FusionError.malformedStatistics(
        place, "F64 [\(width.map { "\($0)" } ?? "columns")]", "\(entry.dtype.rawValue) \(entry.shape)")
    }
    return try (0..<entry.shape.elementCount).map { column in
      let offset = entry.byteRange.lowerBound + column * MemoryLayout<UInt64>.stride
      let value = Double(
        bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
      guard value.isFinite, value >= 0 else {
        throw FusionError.malformedStatistics("\(place), column \(column)", "a finite number from 0 on", "\(value)")
      }
      return value
    }
  }
}

extension FusionError {
  /// A statistics file that says what cannot be; the caller adds the file.
  static func malformedStatistics(_ place: String, _ expected: String, _ found: String) -> FusionError {
    FusionError(
      .malformedStatistics, "the statistics are not as their form asks", place: place, expected: expected,
      found: found, remedy: "collect them again: fusion-convert calibrate MODEL FILE --data DATA")
  }
}

extension FusionError.Code {
  /// A statistics file breaks a rule of its form.
  public static let malformedStatistics = Self("statistics.malformed")
  /// A statistics file of another version, or of another program.
  public static let unknownStatisticsVersion = Self("statistics.unknownVersion")
  /// The statistics are of another model than the one at hand.
  public static let statisticsOfOtherModel = Self("statistics.otherModel")
}
