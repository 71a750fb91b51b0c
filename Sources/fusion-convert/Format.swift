import Foundation
import FusionCore

/// Numbers as people read them.
enum Format {
  /// A size in decimal units, as disks and checkpoints are measured: `10.2 GB`.
  static func bytes(_ count: Int) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"]
    var value = Double(count)
    var unit = 0
    while value >= 999.5, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    return unit == 0 ? "\(count) B" : "\(decimal(value, value < 10 ? 2 : 1)) \(units[unit])"
  }

  /// A count: `5.10 B`, `850 M`, `4096`.
  static func count(_ count: Int) -> String {
    switch count {
    case 1_000_000_000...: "\(decimal(Double(count) / 1e9, 2)) B"
    case 1_000_000...: "\(decimal(Double(count) / 1e6, 1)) M"
    case 100_000...: "\(decimal(Double(count) / 1e3, 0)) k"
    default: "\(count)"
    }
  }

  /// A time: `0.42 s`, `12 s`, `3 min 20 s`.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite else { return "?" }
    if seconds < 10 { return "\(decimal(seconds, 2)) s" }
    if seconds < 120 { return "\(Int(seconds.rounded())) s" }
    let whole = Int(seconds.rounded())
    return "\(whole / 60) min \(whole % 60) s"
  }

  /// A number with a fixed count of decimals.
  static func decimal(_ value: Double, _ places: Int) -> String { String(format: "%.\(places)f", value) }

  /// A number with so many significant digits, trailing zeros left out.
  static func significant(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)g", value) }

  /// A signal to noise ratio; a dash where there is none.
  static func decibels(_ value: Double?) -> String { value.map { "\(decimal($0, 1)) dB" } ?? "-" }
}
