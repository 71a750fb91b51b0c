import Foundation
import TestSupport
import Testing

/// `convert --resume` as a user meets it: killed, out of space, twice at once.
@Suite struct ResumeTests {
  private static let source = Fixtures.path("fusion-phi-tiny")
  private static let arguments = [source, "model.fusion", "--quant", "int4"]
  private static let partials = ["model.fusion.partial", "model.fusion.partial.journal"]

  private func bytes(_ name: String, in folder: TemporaryFolder) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
  }

  private func expected() throws -> Data {
    let folder = try TemporaryFolder()
    let outcome = try CommandRunner.run(Self.arguments, in: folder.path)
    #expect(outcome.status == 0, "\(outcome.error)")
    return try bytes("model.fusion", in: folder)
  }

  @Test(arguments: [1, 2])
  func killedAtAnyMomentGoesOn(threads: Int) throws {
    let folder = try TemporaryFolder()
    let expected = try expected()
    let arguments = Self.arguments + ["--resume", "--threads", "\(threads)"]
    var generator = SplitMix64(seed: 21)
    var (killed, lineCounts) = (0, Set<Int>())
    for round in 0..<4 {
      for attempt in 0..<30 {
        let delay = Double.random(in: 0.005...0.08, using: &generator) * Double(1 + attempt / 4)
        let outcome = try CommandRunner.run(arguments, in: folder.path, killAfter: delay)
        guard outcome.status == 128 + 9 else {
          #expect(outcome.status == 0, "\(outcome.error)")
          break
        }
        killed += 1
        let names = try folder.names()
        if names.contains("model.fusion") { break }
        #expect(names == Self.partials || names == Array(Self.partials.suffix(1)) || names.isEmpty, "\(names)")
        if names == Self.partials {
          lineCounts.insert(try bytes(Self.partials[1], in: folder).count { $0 == UInt8(ascii: "\n") })
        }
      }
      if try !folder.names().contains("model.fusion") {
        let outcome = try CommandRunner.run(arguments, in: folder.path)
        #expect(outcome.status == 0, "\(outcome.error)")
      }
      #expect(try bytes("model.fusion", in: folder) == expected, "round \(round)")
      for name in try folder.names() { try folder.remove(name) }
    }
    #expect(killed > 3 && lineCounts.count > 1, "\(killed) \(lineCounts)")
  }

  @Test func aFullDiskLeavesWhatIsDone() throws {
    let folder = try TemporaryFolder()
    let full = try CommandRunner.spawn(
      ["bash", "-c", "ulimit -f 900; exec \"$0\" \"$@\"", CommandRunner.program] + Self.arguments + ["--resume"],
      in: folder.path)
    #expect(full.status == 74 && full.error.contains("may not become that large"), "\(full.error)")
    #expect(full.error.contains("the same command with --resume goes on from here"), "\(full.error)")
    #expect(try folder.names() == Self.partials)
    let outcome = try CommandRunner.run(Self.arguments + ["--resume", "--json"], in: folder.path)
    #expect(outcome.status == 0, "\(outcome.error)")
    let report = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
    let resumption = report?["resumption"] as? [String: Int]
    #expect((resumption?["tensorCount"] ?? 0) > 0 && (resumption?["byteCount"] ?? 0) > 500_000, "\(resumption ?? [:])")
    #expect(try bytes("model.fusion", in: folder) == expected())
    #expect(try folder.names() == ["model.fusion"])
  }

  @Test func theReportSaysWhatWasTakenOver() throws {
    let folder = try TemporaryFolder()
    let outcome = try CommandRunner.run(Self.arguments + ["--resume"], in: folder.path)
    #expect(outcome.status == 0 && outcome.output.contains("  resumed   0 of "), "\(outcome.output)")
    let plain = try CommandRunner.run(Self.arguments + ["--force", "--json"], in: folder.path)
    #expect(plain.status == 0 && !plain.output.contains("resum"))
  }

  @Test func onlyOneProcessGoesOn() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.partials[1], text: "")
    let outcome = try CommandRunner.spawn(
      ["flock", Self.partials[1], CommandRunner.program] + Self.arguments + ["--resume"], in: folder.path)
    #expect(outcome.status == 73 && outcome.error.contains("another process writes the output"), "\(outcome.error)")
    #expect(try folder.names() == [Self.partials[1]])
  }

  @Test func otherOptionsAreRefused() throws {
    let folder = try TemporaryFolder()
    _ = try CommandRunner.spawn(
      ["bash", "-c", "ulimit -f 900; exec \"$0\" \"$@\"", CommandRunner.program] + Self.arguments + ["--resume"],
      in: folder.path)
    let outcome = try CommandRunner.run(
      [Self.source, "model.fusion", "--quant", "int8", "--resume"], in: folder.path)
    #expect(outcome.status == 65, "\(outcome.error)")
    for words in [
      "the interrupted conversion is another one", "line 1: recipe, plan", "repeat the command",
      "delete model.fusion.partial and model.fusion.partial.journal",
    ] { #expect(outcome.error.contains(words), "\(outcome.error)") }
    #expect(try folder.names() == Self.partials)
    // A conversion that does not go on does not look at them.
    let plain = try CommandRunner.run([Self.source, "model.fusion", "--quant", "int8"], in: folder.path)
    #expect(plain.status == 0, "\(plain.error)")
    #expect(try folder.names() == ["model.fusion"] + Self.partials)
  }
}
