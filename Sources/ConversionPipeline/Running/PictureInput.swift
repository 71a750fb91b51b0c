/// Where a picture is.
public enum PictureInput: Sendable, Hashable {
  /// In a PNG or JPEG file.
  case file(String)
  /// In memory, as a PNG or JPEG file would be; the name is for messages.
  case encoded([UInt8], name: String)

  /// Name for people.
  public var name: String {
    switch self {
    case .file(let path): path
    case .encoded(_, let name): name
    }
  }
}
