import Foundation
import FusionCore
import FuzzTargets
import TestSupport
import Testing

/// Every input that fuzzing has kept, through the same promises, without a fuzzer.
@Suite struct CorpusReplayTests {
  @Test(arguments: FuzzTarget.allCases) func everyInputKeepsThePromises(_ target: FuzzTarget) throws {
    var accepted = 0
    var codes: Set<FusionError.Code> = []
    for input in try Corpus.inputs(of: target) {
      do {
        switch try input.bytes.withUnsafeBytes(target.run) {
        case .accepted: accepted += 1
        case .refused(let code): codes.insert(code)
        }
      } catch {
        Issue.record("\(target.rawValue)/\(input.name): \(error)")
      }
    }
    // A corpus of one outcome alone would prove nothing about the other.
    #expect(accepted > 0)
    #expect(codes.count >= Corpus.fewestCodes(of: target))
  }

  @Test(arguments: FuzzTarget.allCases) func theCorpusStaysSmall(_ target: FuzzTarget) throws {
    let inputs = try Corpus.inputs(of: target)
    #expect((10...150).contains(inputs.count))
    #expect(inputs.reduce(0) { $0 + $1.bytes.count } <= 400 * 1024)
  }

  @Test func everyFolderBelongsToATarget() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Fixtures.path("fuzz"))
    #expect(Set(names) == Set(FuzzTarget.allCases.map(\.rawValue)))
  }
}
