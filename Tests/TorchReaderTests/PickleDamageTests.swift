import Foundation
import FusionCore
import TestSupport
import Testing
import TorchReader

/// Damaged and random pickles: read or refused, and never anything else.
@Suite struct PickleDamageTests {
  @Test(arguments: ["state-dict-torch1", "state-dict-protocol4", "training-protocol4"])
  func refusesEveryPrefix(_ name: String) throws {
    let bytes = try pickle(name)
    for length in 0..<bytes.count {
      let error = #expect(throws: FusionError.self, "prefix of \(length) bytes") {
        try document(of: Array(bytes[..<length]))
      }
      let codes: Set<FusionError.Code?> = [.torchPickleTruncated, .torchPickleFrame]
      #expect(codes.contains(error?.code), "prefix of \(length) bytes")
      #expect(scan(Array(bytes[..<length])).defect != nil)
    }
  }

  @Test(arguments: ["state-dict-torch1", "state-dict-protocol4"])
  func survivesEveryBitFlip(_ name: String) throws {
    let bytes = try pickle(name)
    var refused = 0
    for offset in bytes.indices {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[offset] ^= 1 << bit
        do {
          let document = try document(of: damaged)
          try check(document, bytes: damaged)
        } catch is FusionError {
          refused += 1
        }
        try check(scan(damaged), bytes: damaged)
      }
    }
    // Most of the pickle is names and structure; the rest is text of keys.
    #expect(refused > bytes.count * 4)
  }

  @Test func survivesRandomOpcodes() throws {
    var random = SplitMix64(seed: 71)
    var read = 0
    for _ in 0..<20_000 {
      let bytes = RandomPickle.make(using: &random)
      do {
        let document = try document(of: bytes, mayHaveMoreData: true)
        try check(document, bytes: bytes)
        read += 1
      } catch is FusionError {}
      try check(scan(bytes), bytes: bytes)
    }
    // Otherwise the streams would be too wild to test much of the machine.
    #expect(read > 1000)
  }

  private func check(_ document: PickleDocument, bytes: [UInt8]) throws {
    #expect(document.byteCount <= bytes.count)
    #expect(bytes[document.byteCount - 1] == PickleBuilder.Opcode.stop.rawValue)
    let range = document.values.indices
    #expect(range.contains(Int(document.root.index)))
    for value in document.values {
      switch value {
      case .tuple(let items), .list(let items), .set(let items):
        #expect(items.allSatisfy { range.contains(Int($0.index)) })
      case .dictionary(let entries):
        #expect(entries.allSatisfy { range.contains(Int($0.key.index)) && range.contains(Int($0.value.index)) })
      case .call(let call):
        let global = try #require(document.global(call.callable))
        #expect(TorchGlobals.kind(of: global) != nil)
        #expect(document.tuple(call.arguments) != nil)
      case .global(let global):
        #expect(TorchGlobals.kind(of: global) != nil)
      default: break
      }
    }
  }

  private func check(_ scan: PickleGlobalScan, bytes: [UInt8]) throws {
    #expect(scan.byteCount <= bytes.count)
    #expect(scan.findings.allSatisfy { $0.count > 0 && $0.firstOffset < bytes.count })
  }

  private func pickle(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("torch/pickles/\(name).pkl"))))
  }
}
