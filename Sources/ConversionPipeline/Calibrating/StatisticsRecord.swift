import FusionCore

/// What a statistics file says about itself.
struct StatisticsRecord {
  let programVersion: String
  let fingerprint: String
  let family: String
  let data: CalibrationSource.Samples
  let counts: CalibrationCounts
  let weights: TokenWeights
  let sites: [InputSite]

  /// The metadata of the file.
  var metadata: [String: String] {
    let values = StatisticsSchema.Key.allCases.map { ($0.rawValue, value($0)) }
    return Dictionary(values, uniquingKeysWith: { first, _ in first })
  }

  private func value(_ key: StatisticsSchema.Key) -> String {
    switch key {
    case .schema: StatisticsSchema.name
    case .program: programVersion
    case .model: fingerprint
    case .family: family
    case .data: data.origin
    case .dataDigest: data.digest
    case .sampleCount: "\(data.samples.count)"
    case .pictureCount: "\(counts.pictures)"
    case .languageTokenCount: "\(counts.language)"
    case .visionTokenCount: "\(counts.vision)"
    case .languageWeight: "\(weights.language)"
    case .visionWeight: "\(weights.vision)"
    case .sites: String(decoding: siteText, as: UTF8.self)
    }
  }

  /// The sites as JSON, in the order of the file.
  private var siteText: [UInt8] {
    var json = Array("{".utf8)
    for site in sites {
      if json.count > 1 { json.append(UInt8(ascii: ",")) }
      StrictJSONText.appendQuoted(site.name, to: &json)
      json += Array(":{\"\(StatisticsSchema.SiteField.weights.rawValue)\":[".utf8)
      for (index, weight) in site.weights.enumerated() {
        if index > 0 { json.append(UInt8(ascii: ",")) }
        StrictJSONText.appendQuoted(weight, to: &json)
      }
      json += Array(
        ("],\"\(StatisticsSchema.SiteField.languageRows.rawValue)\":\(site.languageRowCount)"
          + ",\"\(StatisticsSchema.SiteField.visionRows.rawValue)\":\(site.visionRowCount)}").utf8)
    }
    return json + [UInt8(ascii: "}")]
  }
}
