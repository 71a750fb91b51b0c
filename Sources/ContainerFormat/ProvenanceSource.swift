/// One file of the source.
public struct ProvenanceSource: Sendable, Equatable {
  /// Path relative to the source's folder.
  public var name: String
  /// Size in bytes.
  public var byteCount: Int
  /// SHA-256 of the file: 32 bytes.
  public var sha256: [UInt8]

  /// Collects the fields.
  public init(name: String, byteCount: Int, sha256: [UInt8]) {
    self.name = name
    self.byteCount = byteCount
    self.sha256 = sha256
  }
}
