/// Name and version, as printed and as written into containers.
enum ProgramVersion {
  static let number = "0.1.0"
  static let text = "fusion-convert \(number)"
}
