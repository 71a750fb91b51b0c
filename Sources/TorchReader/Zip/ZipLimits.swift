/// What the zip reader takes at most; counts must be affordable before anything is allocated for them.
public enum ZipLimits {
  /// Most entries of an archive.
  ///
  /// One storage is one entry; the largest published files have a few thousand. Each costs the reading of a page, where
  /// entries lie far apart, before the last of them can be refused.
  public static let entries = 32_768
  /// Largest central directory in bytes: 512 for each entry, where PyTorch needs about 70.
  ///
  /// It is mapped and its names are copied, which together must stay below 64 MiB.
  public static let directoryByteCount = 16 << 20
  /// Longest name in bytes: 255 characters of four bytes.
  public static let nameByteCount = 1020
  /// The value of a 32-bit field that says that the number stands in a Zip64 field.
  static let sentinel32 = UInt64(UInt32.max)
  /// The newest version of the format that stored entries need: 4.5, which brought Zip64.
  static let version: UInt16 = 45
}
