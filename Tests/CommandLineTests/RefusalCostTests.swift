import Foundation
import FusionCore
import Glibc
import TestSupport
import Testing

/// A refusal is cheap: at most 64 MiB of memory and 0.1 s of processor time more than a small, well-behaved run of the
/// same command, however the input was made; and it leaves no trace but its message.
///
/// The time holds for a machine of today with nothing else to do, where `tools/bench refusals` measures it. A test run
/// must not fail because a machine is slow, so it is allowed five times as much here: still far less than what anything
/// that grows faster than its input would take.
@Suite(.serialized) struct RefusalCostTests {
  private struct Cost {
    var peakResidentByteCount: Int
    var processorSeconds: Double
  }

  private static let permitted = Cost(
    peakResidentByteCount: 64 << 20,
    processorSeconds: ProcessInfo.processInfo.environment["FUSION_REFUSAL_SECONDS"].flatMap(Double.init) ?? 0.5)
  /// Says what every refusal cost.
  private static let printsCosts = ProcessInfo.processInfo.environment["FUSION_PRINT_REFUSALS"] != nil
  /// Other work on the same cores up to doubles the processor time; the least of some measurements is the truest.
  private static let attempts = 3
  /// Before a refusal is called too slow, it is measured so often, with pauses for other work to end.
  private static let patientAttempts = 12

  /// What the commands cost on small input that is good.
  private static let baselines = Result<[HostileInput.Command: Cost], any Error> {
    let folder = try TemporaryFolder()
    try folder.write(
      "model.safetensors", HostileInput.safetensors("{\(HostileInput.entry("a", 0, 4))}", dataByteCount: 4))
    let convert = try CommandRunner.run([Fixtures.path("fusion-phi-tiny"), "model.fusion"], in: folder.path)
    #expect(convert.status == 0, "\(convert.error)")
    let inputs: [HostileInput.Command: String] = [
      .inspect: "model.safetensors", .verify: "model.fusion", .convert: Fixtures.path("fusion-phi-tiny"),
    ]
    var baselines: [HostileInput.Command: Cost] = [:]
    for (command, input) in inputs {
      let outcomes = try (0..<attempts).map { _ in
        try CommandRunner.measure(HostileInput.arguments(command, input), in: folder.path)
      }
      for outcome in outcomes { #expect(outcome.status == 0, "\(command): \(outcome.error)") }
      baselines[command] = Cost(
        peakResidentByteCount: outcomes.map(\.peakResidentByteCount).min() ?? 0,
        processorSeconds: outcomes.map(\.processorSeconds).min() ?? 0)
    }
    return baselines
  }

  @Test(arguments: HostileInput.all)
  func isRefusedAtLittleCost(_ input: HostileInput) throws {
    let baseline = try #require(try Self.baselines.get()[input.command])
    let folder = try TemporaryFolder()
    try input.make(folder)
    let before = try contents(folder)
    var outcome = try CommandRunner.measure(input.arguments, in: folder.path)
    var seconds = outcome.processorSeconds
    for _ in 1..<Self.patientAttempts where seconds - baseline.processorSeconds > Self.permitted.processorSeconds {
      usleep(200_000)
      outcome = try CommandRunner.measure(input.arguments, in: folder.path)
      seconds = min(seconds, outcome.processorSeconds)
    }

    #expect(outcome.status == input.status)
    for line in ["error: ", "  file:     ", "  expected: ", "  found:    "] {
      #expect(outcome.error.split(separator: "\n").contains { $0.hasPrefix(line) && $0 != line }, "\(outcome.error)")
    }
    let document = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
    #expect(document?["code"] as? String == input.code)
    // A message for people, not a copy of the input.
    #expect(outcome.error.utf8.count < 8192)
    for text in [outcome.error, outcome.output] {
      let unsafe = text.unicodeScalars.filter { $0 != "\n" && $0.isUnsafeInNames }
      #expect(unsafe.isEmpty, "\(unsafe.map(\.value))")
    }
    #expect(try contents(folder) == before)

    let memory = outcome.peakResidentByteCount - baseline.peakResidentByteCount
    #expect(memory <= Self.permitted.peakResidentByteCount, "\(memory >> 20) MiB more than \(baseline)")
    let time = seconds - baseline.processorSeconds
    #expect(time <= Self.permitted.processorSeconds, "\(time) s more than \(baseline)")
    if Self.printsCosts {
      print(String(format: "refusal %8.1f ms %6.1f MiB  %@", time * 1000, Double(memory) / 1_048_576, "\(input)"))
    }
  }

  @Test func descriptionsAreDistinct() {
    let descriptions = HostileInput.all.map(\.testDescription)
    #expect(Set(descriptions).count == descriptions.count)
  }

  /// The measurement must see what a program takes, and nothing of this process.
  @Test func memoryOfThisProcessIsNotCounted() throws {
    let ballast = [UInt8](repeating: 1, count: 256 << 20)
    let folder = try TemporaryFolder()
    let outcome = try CommandRunner.measure(["--version"], in: folder.path)
    #expect(outcome.status == 0 && outcome.output.hasPrefix("fusion-convert"))
    #expect(outcome.peakResidentByteCount > 1 << 20)
    #expect(outcome.peakResidentByteCount < 64 << 20)
    #expect(ballast.last == 1)
  }

  /// Every path below a folder, with sizes.
  private func contents(_ folder: TemporaryFolder) throws -> [String: Int] {
    var sizes: [String: Int] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      sizes[name] = try FileManager.default.attributesOfItem(atPath: folder.file(name))[.size] as? Int
    }
    return sizes
  }
}
