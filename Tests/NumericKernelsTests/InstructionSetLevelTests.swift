import Foundation
import FusionCore
import NumericKernels
import Testing

@Suite struct InstructionSetLevelTests {
  /// The system's own list of processor features says which levels must be there, so that none is lost in silence.
  @Test func everyLevelOfTheProcessorIsThere() throws {
    let names = InstructionSetLevel.available.map(\.rawValue)
    print("kernel levels tested: \(names.joined(separator: ", "))")
    var expected = ["portable"]
    #if arch(x86_64)
      let text = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
      let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("flags") })
      let flags = Set(line.split(separator: " "))
      if flags.contains("avx2") { expected.append("avx2") }
      if flags.isSuperset(of: ["avx2", "avx_vnni"]) { expected.append("avx2vnni") }
      if flags.isSuperset(of: ["avx512f", "avx512bw", "avx512dq", "avx512vl"]) {
        expected.append("avx512")
        if flags.contains("avx512_vnni") { expected.append("avx512vnni") }
      }
    #elseif arch(arm64)
      let text = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
      let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("Features") })
      if line.split(separator: " ").contains("asimddp") { expected.append("dotprod") }
    #endif
    #expect(names == expected)
  }

  @Test func setsKnowTheirLevel() throws {
    for set in try Levels.all() { #expect(KernelSet(level: set.level)?.level == set.level) }
    #expect(try Levels.all().map(\.level) == InstructionSetLevel.available)
  }

  @Test func levelsAreOrdered() {
    #expect(InstructionSetLevel.portable < .avx2)
    #expect(InstructionSetLevel.avx2 < .avx2vnni)
    #expect(InstructionSetLevel.avx2vnni < .avx512)
    #expect(InstructionSetLevel.avx512 < .avx512vnni)
    #expect(!(InstructionSetLevel.avx512 < .portable))
  }

  @Test func everyLevelCanBeNamed() throws {
    for level in InstructionSetLevel.available {
      #expect(try KernelSet.forThisMachine(named: level.rawValue).level == level)
    }
  }

  @Test func theBestLevelIsTheDefault() throws {
    let best = InstructionSetLevel.available.max()
    #expect(try KernelSet.forThisMachine(named: nil).level == best)
    #expect(try KernelSet.forThisMachine(named: "").level == best)
  }

  @Test(arguments: ["sse9", "AVX2", "portable ", "\u{1B}[31m"])
  func anUnknownNameIsAUsageError(name: String) throws {
    let error = #expect(throws: FusionError.self) { _ = try KernelSet.forThisMachine(named: name) }
    #expect(error?.code == .unknownInstructionSet)
    #expect(error?.code.category == .usage)
    #expect(error?.place == "FUSION_ISA")
    #expect(error?.found == name)
    #expect(
      error?.expected == "one of " + InstructionSetLevel.available.map(\.rawValue).joined(separator: ", "))
    #expect(error?.description.contains("\u{1B}") == false)
  }
}
