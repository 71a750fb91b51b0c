import FusionCore
import MappedFiles

/// Every class and function that the pickles of a file name, whether or not the file can be read.
public struct TorchGlobalListing: Sendable {
  /// One pickle of the file.
  public struct Pickle: Sendable {
    /// Where it is: an archive's entry, or which one of several.
    public let place: String
    /// What it names.
    public let scan: PickleGlobalScan
  }

  /// The pickles, in the order of their bytes.
  public let pickles: [Pickle]
  /// What is wrong with the file, so that there may be more pickles than were found; `nil` if there are not.
  public let defect: FusionError?

  /// Most pickles of a file from before version 1.6; real ones have five.
  private static let legacyPickleCount = 5

  /// Looks a file through.
  ///
  /// Nothing in it is called or built, and no defect of it is an error here.
  ///
  /// - Throws: `.cannotOpen`, `.changedWhileReading`.
  public init(path: String) throws {
    let file = try MappedFile(path: path)
    let kind = try TorchContentKind.of(file)
    switch kind {
    case .zipArchive: (pickles, defect) = try Self.ofArchive(file)
    case .legacyPickle: (pickles, defect) = (try Self.inRow(file, count: Self.legacyPickleCount), nil)
    case .pickle: (pickles, defect) = (try Self.inRow(file, count: 1), nil)
    default:
      pickles = []
      do {
        _ = try TorchContentKind.check(file)
        defect = nil
      } catch let error as FusionError where error.code != .changedWhileReading {
        defect = error.inFile(path)
      }
    }
  }

  private static func ofArchive(_ file: MappedFile) throws -> ([Pickle], FusionError?) {
    let archive: ZipArchive
    do {
      archive = try ZipArchive(file: file)
    } catch let error as FusionError where error.code != .changedWhileReading {
      return (try file.withBytes(in: 0..<file.byteCount, LoosePickleSearch.pickles), error)
    }
    let storages = archive.root + "data/"
    let pickles = try archive.entries.compactMap { entry -> Pickle? in
      try file.withBytes(in: entry.dataRange) { bytes in
        let isNamed = entry.name.hasSuffix(".pkl")
        let looksLikeOne = !entry.name.hasPrefix(storages) && bytes.count > 1 && bytes[0] == 0x80 && bytes[1] <= 5
        guard isNamed || looksLikeOne else { return nil }
        return Pickle(place: entry.name, scan: PickleGlobalScan(bytes, mayHaveMoreData: false))
      }
    }
    return (pickles, nil)
  }

  private static func inRow(_ file: MappedFile, count: Int) throws -> [Pickle] {
    try file.withBytes(in: 0..<file.byteCount) { bytes in
      var pickles: [Pickle] = []
      var start = 0
      while pickles.count < count, start < bytes.count {
        let scan = PickleGlobalScan(bytes, startingAt: start, mayHaveMoreData: count > 1)
        pickles.append(Pickle(place: "pickle \(pickles.count + 1), offset \(start)", scan: scan))
        if scan.defect != nil { break }
        start += scan.byteCount
      }
      return pickles
    }
  }
}
