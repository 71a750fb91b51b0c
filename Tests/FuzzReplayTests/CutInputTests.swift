import FuzzTargets
import TestSupport
import Testing

/// Inputs that no fuzzer has seen: those of the corpus, cut off and with changed bytes.
@Suite struct CutInputTests {
  @Test(arguments: FuzzTarget.allCases) func changedInputsKeepThePromises(_ target: FuzzTarget) throws {
    var random = SplitMix64(seed: 0x5EED)
    var outcomes: Set<String> = []
    for input in try Corpus.inputs(of: target) where input.bytes.count <= 4096 {
      for _ in 0..<8 {
        var bytes = input.bytes.prefix(Int(random.next() % UInt64(input.bytes.count + 1)))
        if let position = bytes.indices.randomElement(using: &random) { bytes[position] = UInt8(random.next() % 256) }
        do {
          outcomes.insert("\(try Array(bytes).withUnsafeBytes(target.run))")
        } catch {
          Issue.record("\(target.rawValue)/\(input.name), changed to \(Array(bytes)): \(error)")
        }
      }
    }
    // What is cut off is never whole JSON.
    #expect(outcomes.count >= min(2, Corpus.fewestCodes(of: target)))
  }
}
