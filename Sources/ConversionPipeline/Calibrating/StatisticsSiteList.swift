import FusionCore

/// The sites as the metadata of a statistics file lists them.
struct StatisticsSiteList {
  /// One of them.
  struct Site {
    var name: String
    var weights: [String] = []
    var languageRowCount = 0
    var visionRowCount = 0
  }

  /// Rows of a site at most: float64 counts up to this without a gap.
  private static let largestRowCount: UInt64 = 1 << 53
  private static let place = "__metadata__, \(StatisticsSchema.Key.sites.rawValue)"

  private(set) var sites: [Site] = []

  private var names: Set<String> = []
  private var weights: Set<String> = []

  /// Reads the JSON.
  ///
  /// - Throws: `.malformedStatistics`; a `json` code.
  init(_ text: String) throws {
    do {
      try Array(text.utf8).withUnsafeBytes { bytes in
        var scanner = try StrictJSONScanner(bytes, maximumDepth: 3)
        try scanner.beginObject()
        while let name = try scanner.nextKey() {
          guard names.insert(name).inserted else { throw defect(name, "every site once", "a second one") }
          sites.append(try site(name, &scanner))
        }
        try scanner.finish()
      }
    } catch var error as FusionError where error.code != .malformedStatistics {
      // Offsets are those of the text, not of the file.
      error.place = "\(Self.place), \(error.place ?? "")"
      throw error
    }
  }

  private mutating func site(_ name: String, _ scanner: inout StrictJSONScanner) throws -> Site {
    var site = Site(name: name)
    var missing = StatisticsSchema.SiteField.allCases
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      guard let field = StatisticsSchema.SiteField(rawValue: key), let index = missing.firstIndex(of: field) else {
        throw defect(
          name, "weights, language_rows and vision_rows, each once",
          "the field \(String(key.unicodeScalars.prefix(80)))")
      }
      missing.remove(at: index)
      switch field {
      case .weights:
        try scanner.beginArray()
        while try scanner.nextElement() { site.weights.append(try scanner.string()) }
      case .languageRows: site.languageRowCount = try count(name, field, &scanner)
      case .visionRows: site.visionRowCount = try count(name, field, &scanner)
      }
    }
    if let field = missing.first { throw defect(name, "a field \(field.rawValue)", "none") }
    guard !site.weights.isEmpty else { throw defect(name, "at least one weight", "none") }
    for weight in site.weights where !weights.insert(weight).inserted {
      throw defect(name, "every weight once", "\(String(weight.unicodeScalars.prefix(80))) a second time")
    }
    guard site.languageRowCount + site.visionRowCount > 0 else { throw defect(name, "at least one row", "none") }
    return site
  }

  private func count(
    _ name: String, _ field: StatisticsSchema.SiteField, _ scanner: inout StrictJSONScanner
  ) throws -> Int {
    let value = try scanner.unsignedInteger()
    guard value <= Self.largestRowCount, let count = Int(exactly: value) else {
      throw defect(name, "\(field.rawValue) up to \(Self.largestRowCount)", "\(value)")
    }
    return count
  }

  private func defect(_ site: String, _ expected: String, _ found: String) -> FusionError {
    FusionError.malformedStatistics(
      "\(Self.place), site \(TensorName.quoted(site))", expected, found)
  }
}
