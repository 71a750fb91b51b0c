import FusionCore
import MappedFiles
import TorchReader

/// The classes and functions that PyTorch files name; encoded as the JSON of `inspect --globals`.
public struct GlobalsReport: Sendable, Encodable {
  /// A class or function.
  public struct Global: Sendable, Encodable {
    /// Module and name, joined by a dot.
    public let name: String
    /// How often it is named.
    public let count: Int
    /// Where it is named first, in bytes from the start of the pickle's record.
    public let offset: Int
    /// `allowed`; `unsupported` for what leads to something else than plain tensors; `forbidden` for anything else.
    public let verdict: String
    /// Why it is not supported.
    public let reason: String?
  }

  /// A pickle.
  public struct Pickle: Sendable, Encodable {
    /// The file that it is in.
    public let file: String
    /// Where it is in the file.
    public let place: String
    /// What it names, in order.
    public let globals: [Global]
    /// Where and why it cannot be followed to its end; `nil` for one that is whole.
    public let defect: String?
  }

  /// Name and version of this form.
  public let schema = "fusion-convert.globals/1"
  /// Path as given.
  public let path: String
  /// All pickles of all files.
  public let pickles: [Pickle]
  /// What is wrong with files, so that there may be more than was found, one text each.
  public let defects: [String]

  /// Whether everything could be looked at.
  public var isComplete: Bool { defects.isEmpty && pickles.allSatisfy { $0.defect == nil } }

  /// Whether a file names something that has no place in a file of weights.
  public var hasForbidden: Bool { pickles.contains { $0.globals.contains { $0.verdict == "forbidden" } } }

  /// Looks through a file, or through the PyTorch files of a folder.
  ///
  /// - Throws: `.cannotOpen`, `.changedWhileReading`; a folder without such a file: `.noPickles`.
  public init(path: String) throws {
    self.path = path
    var pickles: [Pickle] = []
    var defects: [String] = []
    for file in try Self.files(path) {
      let listing = try TorchGlobalListing(path: file)
      pickles += listing.pickles.map { Pickle($0, file: file) }
      if let defect = listing.defect { defects.append(defect.inFile(file).description) }
    }
    self.pickles = pickles
    self.defects = defects
  }

  private static func files(_ path: String) throws -> [String] {
    guard try FileIdentity(path: path)?.isFolder ?? false else { return [path] }
    let names = try CheckpointPresence.torchNames(inFolder: path)
    guard !names.isEmpty else {
      throw FusionError(
        .noPickles, "the folder holds no PyTorch files", file: path, expected: "*.bin, *.pt, *.pth or *.ckpt",
        found: "none of them", remedy: "name a file: whatever it is called, it is told by its content")
    }
    return names.map { "\(path)/\($0)" }
  }
}

extension GlobalsReport.Pickle {
  init(_ pickle: TorchGlobalListing.Pickle, file: String) {
    self.file = file
    place = pickle.place
    globals = pickle.scan.findings.map(GlobalsReport.Global.init)
    defect = pickle.scan.defect.map { "offset \($0.offset): \($0.error.summary)" }
  }
}

extension GlobalsReport.Global {
  init(_ finding: PickleGlobalScan.Finding) {
    name = finding.global.fullName
    count = finding.count
    offset = finding.firstOffset
    switch finding.verdict {
    case .allowed:
      verdict = "allowed"
      reason = nil
    case .refused(let refusal):
      verdict = "unsupported"
      reason = refusal.reason
    case .forbidden:
      verdict = "forbidden"
      reason = nil
    }
  }
}

extension FusionError.Code {
  /// A folder has no file that could hold a pickle.
  public static let noPickles = Self("globals.noPickles", .missingInput)
}
