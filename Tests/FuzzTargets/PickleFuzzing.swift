import FusionCore
import TorchReader

/// A pickle: all references lead to values, a scan names every class of the document, and where it starts is no matter.
enum PickleFuzzing {
  private static let file = "data.pkl"

  /// What a scan goes on after, to see more of a file that nobody trusts.
  private static let scannedCodes: Set<FusionError.Code> = [.torchPickleBadCall, .torchPickleBadTarget]

  static func run(_ bytes: UnsafeRawBufferPointer) throws {
    let scan = PickleGlobalScan(bytes, mayHaveMoreData: false)
    try check(scan, byteCount: bytes.count)
    let document: PickleDocument
    do {
      document = try PickleDocument(reading: bytes, mayHaveMoreData: false)
    } catch let error as FusionError {
      try FuzzFinding.require(
        scan.defect != nil || scan.findings.contains { !isAllowed($0) } || scannedCodes.contains(error.code),
        "a scan finds nothing, but reading: \(error)")
      throw error.inFile(file)
    }
    try FuzzFinding.require(scan.defect == nil, "a scan stops in what can be read")
    try FuzzFinding.require(document.byteCount == bytes.count, "\(document.byteCount) of \(bytes.count) bytes read")
    try PickleChecks(document).check()
    try checkGlobals(document, scan)
    try checkOffset(document, bytes)
  }

  private static func check(_ scan: PickleGlobalScan, byteCount: Int) throws {
    try FuzzFinding.require((0...byteCount).contains(scan.byteCount), "\(scan.byteCount) of \(byteCount) bytes scanned")
    for finding in scan.findings {
      try FuzzFinding.require(
        finding.count > 0 && (0..<byteCount).contains(finding.firstOffset),
        "\(finding.global.fullName) \(finding.count) times, first at \(finding.firstOffset)")
    }
    guard let defect = scan.defect else { return }
    try FuzzFinding.require((0...byteCount).contains(defect.offset), "a defect at \(defect.offset) of \(byteCount)")
    try FuzzFinding.check(defect.error.inFile(file))
  }

  private static func checkGlobals(_ document: PickleDocument, _ scan: PickleGlobalScan) throws {
    let named = Set(scan.findings.map(\.global))
    for value in document.values {
      guard case .global(let global) = value else { continue }
      try FuzzFinding.require(named.contains(global), "a scan misses \(global.fullName)")
    }
    for finding in scan.findings {
      try FuzzFinding.require(isAllowed(finding), "\(finding.global.fullName) was read")
    }
  }

  /// The same pickle behind other bytes, with more after it.
  private static func checkOffset(_ document: PickleDocument, _ bytes: UnsafeRawBufferPointer) throws {
    let inside = [0x2E, 0x80, 0x02] + Array(bytes) + [0x2E]
    let again = try FuzzFinding.accepting("reading at an offset") {
      try inside.withUnsafeBytes { try PickleDocument(reading: $0, startingAt: 3, mayHaveMoreData: true) }
    }
    try FuzzFinding.require(
      again.byteCount == document.byteCount && again.values.count == document.values.count
        && again.root == document.root, "a pickle is another one at another offset")
  }

  private static func isAllowed(_ finding: PickleGlobalScan.Finding) -> Bool {
    if case .allowed = finding.verdict { true } else { false }
  }
}
