/// How the bytes of a chunk are stored; the raw value is the tag in the index.
public enum ChunkCoding: UInt32, Sendable, CaseIterable {
  /// As they are, aligned so that they can be used in place.
  case raw = 1
  /// One zstd frame of the bytes.
  case zstd = 2
  /// One zstd frame of the byte planes.
  case planesZstd = 3

  /// The name in the specification and in reports.
  public var name: String {
    switch self {
    case .raw: "raw"
    case .zstd: "zstd"
    case .planesZstd: "planes-zstd"
    }
  }
}
