import Foundation
import TestSupport
import Testing

/// The commands in the order in which a user meets them.
@Suite struct SessionTests {
  @Test func convertVerifyInspectExport() throws {
    let folder = try TemporaryFolder()
    let source = Fixtures.path("fusion-phi-tiny")
    // Uncompressed: sizes under snapshot must not depend on the version of the compression library.
    let convert = try CommandRunner.run(
      [source, "model.fusion", "--quant", "int4", "--compression", "none"], in: folder.path)
    #expect(convert.status == 0 && convert.error.isEmpty, "\(convert.error)")
    let levels = ["portable", "avx2", "avx2vnni", "avx512", "avx512vnni", "dotprod"]
    #expect(levels.contains { convert.output.contains(" threads (\($0)), peak memory") }, "\(convert.output)")
    try Snapshot.expect(Snapshot.normalized(convert.output, folder: folder.path), matches: "convert-int4")

    let verify = try CommandRunner.run(["verify", "model.fusion", "--source", source], in: folder.path)
    #expect(verify.status == 0 && verify.error.isEmpty, "\(verify.error)")
    try Snapshot.expect(Snapshot.normalized(verify.output, folder: folder.path), matches: "verify-source")

    let inspect = try CommandRunner.run(["inspect", "model.fusion", "--tree"], in: folder.path)
    #expect(inspect.status == 0 && inspect.error.isEmpty, "\(inspect.error)")
    try Snapshot.expect(Snapshot.normalized(inspect.output, folder: folder.path), matches: "inspect-tree")

    let export = try CommandRunner.run(["export", "model.fusion", "restored"], in: folder.path)
    #expect(export.status == 0 && export.error.isEmpty, "\(export.error)")
    #expect(try folder.names() == ["model.fusion", "restored"])
  }

  @Test func jsonIsOneDocumentOnStandardOutput() throws {
    let folder = try TemporaryFolder()
    let source = Fixtures.path("fusion-x-llama-tiny")
    let convert = try json(
      try CommandRunner.run(["convert", source, "model.fusion", "--json", "--progress", "plain"], in: folder.path))
    #expect(convert["schema"] as? String == "fusion-convert.convert/1")
    for key in [
      "inputBytes", "outputBytes", "storedBitsPerWeight", "residentBitsPerWeight", "wallSeconds",
      "peakResidentBytes", "fallbacks", "verification",
    ] { #expect(convert[key] != nil, "\(key)") }
    let size = try FileManager.default.attributesOfItem(atPath: folder.file("model.fusion"))[.size] as? Int
    #expect(convert["outputBytes"] as? Int == size)

    let inspect = try json(try CommandRunner.run(["inspect", "model.fusion", "--json"], in: folder.path))
    #expect(inspect["schema"] as? String == "fusion-convert.inspect/1")
    #expect(inspect["kind"] as? String == "fusion" && inspect["family"] as? String == "fusion_llama")
    let tensors = inspect["tensors"] as? [[String: Any]] ?? []
    #expect(tensors.count == (inspect["totals"] as? [String: Any])?["tensorCount"] as? Int && !tensors.isEmpty)
    for key in [
      "name", "canonicalName", "role", "dtype", "shape", "file", "offset", "byteCount", "scheme",
      "storedBits", "residentBits",
    ] { #expect(tensors.allSatisfy { $0[key] != nil }, "\(key)") }

    let verify = try json(
      try CommandRunner.run(["verify", "model.fusion", "--source", source, "--json"], in: folder.path))
    #expect(verify["schema"] as? String == "fusion-convert.verify/1")

    let failed = try CommandRunner.run(["inspect", "absent.fusion", "--json"], in: folder.path)
    let error = try JSONSerialization.jsonObject(with: Data(failed.output.utf8)) as? [String: Any]
    #expect(failed.status == 66 && error?["exitStatus"] as? Int == 66)
    #expect(error?["schema"] as? String == "fusion-convert.error/1" && error?["code"] as? String == "file.cannotOpen")
  }

  private func json(_ outcome: CommandRunner.Outcome) throws -> [String: Any] {
    #expect(outcome.status == 0, "\(outcome.error)")
    return try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any] ?? [:]
  }

  @Test func quietMeansSilence() throws {
    let folder = try TemporaryFolder()
    let outcome = try CommandRunner.run(
      [Fixtures.path("fusion-phi-tiny"), "model.fusion", "--quiet", "--quant", "int8"], in: folder.path)
    #expect(outcome.status == 0 && outcome.output.isEmpty && outcome.error.isEmpty)
  }

  @Test func anInputNamedLikeACommandIsReached() throws {
    let folder = try TemporaryFolder()
    try CheckpointCopies.make(of: "fusion-phi-tiny", at: folder.file("inspect"))
    for arguments in [["./inspect", "a.fusion"], ["convert", "inspect", "b.fusion"]] {
      let outcome = try CommandRunner.run(arguments + ["--quant", "int8"], in: folder.path)
      #expect(outcome.status == 0, "\(arguments): \(outcome.error)")
    }
  }

  @Test func theSlowestKernelsGiveTheSameFile() throws {
    let folder = try TemporaryFolder()
    let source = Fixtures.path("fusion-phi-tiny")
    for (name, environment) in [("a.fusion", [:]), ("b.fusion", ["FUSION_ISA": "portable"])] {
      let outcome = try CommandRunner.run([source, name], in: folder.path, environment: environment)
      #expect(outcome.status == 0, "\(outcome.error)")
    }
    #expect(FileManager.default.contentsEqual(atPath: folder.file("a.fusion"), andPath: folder.file("b.fusion")))
    let unknown = try CommandRunner.run([source, "c.fusion"], in: folder.path, environment: ["FUSION_ISA": "sse9"])
    #expect(unknown.status == 64 && unknown.error.contains("sse9"))
  }
}
