import Foundation
import TestSupport
import Testing
import TorchReader

/// Holds `formats/pytorch.md` to the code.
@Suite struct PyTorchDocumentTests {
  @Test func limitsAreThoseOfTheCode() throws {
    let text = try String(contentsOfFile: Fixtures.repository + "/formats/pytorch.md", encoding: .utf8)
    let section = try #require(text.components(separatedBy: "## Limits").last)
    let stated = section.split(separator: "\n").filter { $0.hasPrefix("| ") && !$0.hasPrefix("| Limit") }.map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let actual = [
      ["pickle, bytes", "\(PickleLimits.byteCount)"], ["pickle, values", "\(PickleLimits.values)"],
      ["pickle, opcodes", "\(PickleLimits.opcodes)"], ["archive, entries", "\(ZipLimits.entries)"],
      ["archive, central directory in bytes", "\(ZipLimits.directoryByteCount)"],
      ["tensors of a file, other entries of their dictionaries included", "\(TorchLimits.tensorsPerFile)"],
      ["tensors of a file, times its bytes", "\(TorchLimits.expansion)"],
      ["tensors of a small file, bytes", "\(TorchLimits.expandedByteCount)"],
    ]
    #expect(stated == actual)
  }
}
