import CheckpointLayout
import Foundation
import FusionCore
import SafetensorsReader
import TestSupport
import Testing

/// Holds `formats/safetensors-errata.md` to the code.
@Suite struct ErrataTests {
  private let rows: [[String]]

  init() throws {
    let text = try String(contentsOfFile: Fixtures.repository + "/formats/safetensors-errata.md", encoding: .utf8)
    rows = text.split(separator: "\n").filter { $0.hasPrefix("| ") }.map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }

  @Test func everyRowNamesACaseThatExists() {
    let cases = Set(
      SafetensorsHeaderTests.cases.map(\.testDescription) + SafetensorsCheckpointTests.cases.map(\.testDescription))
    let named = rows.filter { $0.count == 3 && $0[2] != "Case" }.map { $0[2].trimmingCharacters(in: ["`"]) }
    #expect(named.count >= 25)
    for name in named { #expect(cases.contains(name), "no case is called \(name)") }
  }

  @Test func limitsAreThoseOfTheCode() {
    let stated = rows.filter { $0.count == 2 && $0[0] != "Limit" }
    let actual = [
      ["headerByteCount", "\(SafetensorsLimits.headerByteCount)"],
      ["formatHeaderByteCount", "\(SafetensorsLimits.formatHeaderByteCount)"],
      ["tensorsPerFile", "\(SafetensorsLimits.tensorsPerFile)"],
      ["metadataEntries", "\(SafetensorsLimits.metadataEntries)"],
      ["nameByteCount", "\(TensorName.maximumByteCount)"],
      ["indexByteCount", "\(CheckpointLimits.indexByteCount)"],
      ["tensorsPerIndex", "\(CheckpointLimits.tensorsPerIndex)"],
    ]
    #expect(stated == actual)
  }
}
