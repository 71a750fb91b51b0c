import Foundation

/// Numbers as people read them, the same in all forms of the report.
public enum ReportFormat {
  /// Stands where there is no value.
  public static let none = "–"

  /// A number with a few significant digits: `0.0123`, `12.3`, `1.2e-07`; zero is `0`.
  public static func significant(_ value: Double, digits: Int = 3) -> String {
    guard value.isFinite else { return nonFinite(value) }
    if value == 0 { return "0" }
    let magnitude = value.magnitude
    if magnitude < 1e-4 || magnitude >= 1e6 { return String(format: "%.\(max(0, digits - 2))e", value) }
    let whole = Int(log10(magnitude).rounded(.down))
    return fixed(value, max(0, digits - 1 - whole))
  }

  /// A number with a fixed count of decimals.
  public static func fixed(_ value: Double, _ places: Int) -> String {
    value.isFinite ? String(format: "%.\(places)f", value) : nonFinite(value)
  }

  /// A share as a percentage: `98.7 %`; 100 only where it is all, 0 only where it is none.
  public static func percent(_ share: Double, places: Int = 1) -> String {
    guard share.isFinite else { return nonFinite(share) }
    let text = fixed(share * 100, places)
    let step = pow(10, -Double(places))
    if share < 1, text == fixed(100, places) { return "> \(fixed(100 - step, places)) %" }
    if share > 0, text == fixed(0, places) { return "< \(fixed(step, places)) %" }
    return text + " %"
  }

  /// A difference of shares in percentage points, with its sign: `-1.3 pp`.
  public static func points(_ difference: Double) -> String {
    difference.isFinite ? signed(difference * 100, places: 1) + " pp" : nonFinite(difference)
  }

  /// A number with its sign; a zero has none.
  public static func signed(_ value: Double, places: Int) -> String {
    let text = fixed(value, places)
    if text == fixed(0, places) || text == "-" + fixed(0, places) { return fixed(0, places) }
    return value > 0 ? "+" + text : text
  }

  /// A size in decimal units: `10.2 GB`.
  public static func bytes(_ count: Int) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"]
    var value = Double(count)
    var unit = 0
    while value >= 999.5, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    return unit == 0 ? "\(count) B" : "\(fixed(value, value < 10 ? 2 : 1)) \(units[unit])"
  }

  /// A count with a short unit: `5.10 B`, `850.0 M`, `12 k`, `4096`.
  public static func count(_ count: Int) -> String {
    switch count {
    case 1_000_000_000...: "\(fixed(Double(count) / 1e9, 2)) B"
    case 1_000_000...: "\(fixed(Double(count) / 1e6, 1)) M"
    case 100_000...: "\(fixed(Double(count) / 1e3, 0)) k"
    default: "\(count)"
    }
  }

  /// A number as short as it can be written with six digits: `0.02`, `1e-05`.
  public static func plain(_ value: Double) -> String {
    value.isFinite ? String(format: "%.6g", value) : nonFinite(value)
  }

  /// The edge of a range: `0`, `3.2e-08`, `0.032`.
  static func edge(_ value: Double) -> String { value.isFinite ? String(format: "%.2g", value) : nonFinite(value) }

  /// A time: `31 ms`, `4.20 s`, `12 s`, `3 min 20 s`.
  public static func seconds(_ value: Double) -> String {
    guard value.isFinite, value.magnitude < 1e9 else { return nonFinite(value) }
    if value < 1 { return significant(value * 1000, digits: value < 0.01 ? 2 : 3) + " ms" }
    if value < 10 { return fixed(value, 2) + " s" }
    let whole = Int(value.rounded())
    return whole < 120 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
  }

  /// A signal to noise ratio in dB; an exact tensor has none.
  public static func decibels(_ value: Double?) -> String { value.map { fixed($0, 1) } ?? "exact" }

  private static func nonFinite(_ value: Double) -> String {
    value.isNaN ? "NaN" : value.isInfinite ? (value < 0 ? "-Inf" : "Inf") : String(value)
  }
}
