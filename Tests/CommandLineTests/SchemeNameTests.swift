import Foundation
import TestSupport
import Testing

/// One name for one scheme, in all that the commands say of a container.
@Suite struct SchemeNameTests {
  private static let nano = "\(Fixtures.repository)/models/fusion-nano"

  private static func json(_ words: [String], _ folder: TemporaryFolder) throws -> [String: Any] {
    let outcome = try CommandRunner.run(words + ["--json"], in: folder.path)
    #expect(outcome.status == 0, "\(words): \(outcome.error)")
    return try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any] ?? [:]
  }

  @Test(arguments: [
    ["--quant", "int4"], ["--coding", "entropy", "--bits", "3.5"], ["--target-bits", "4.5", "--measure", "none"],
    ["--quant", "keep"], ["--quant", "f32"],
  ])
  func isTheSameEverywhere(options: [String]) throws {
    let folder = try TemporaryFolder()
    let converted = try Self.json(["convert", Self.nano, "m.fusion"] + options, folder)
    let lines = converted["plan"] as? [[String: Any]] ?? []
    let schemes = Set(lines.compactMap { $0["scheme"] as? String })
    let inspected = try Self.json(["inspect", "m.fusion"], folder)["tensors"] as? [[String: Any]] ?? []
    let verified = try Self.json(["verify", "m.fusion", "--source", Self.nano], folder)["tensors"] as? [[String: Any]]
    let compared = try Self.json(["diff", Self.nano, "m.fusion", "--samples", "1", "--text-samples", "1"], folder)
    let side = (compared["candidate"] as? [String: Any])?["schemes"] as? [[String: Any]] ?? []
    let names = [inspected, verified ?? [], side].map { Set($0.compactMap { $0["scheme"] as? String }) }
    for found in names { #expect(found == schemes, "\(options): \(found) \(schemes)") }
    #expect(!schemes.contains("keep") && !schemes.contains("verbatim") && !schemes.isEmpty)
  }

  @Test func theHeadlineSaysWhatWasDone() throws {
    let folder = try TemporaryFolder()
    for (number, (options, words)) in [
      (["--quant", "int4"], " as int4-cs-g32\n"), (["--quant", "keep"], " as bf16, unquantized\n"),
      (["--quant", "int4", "--tensor-type", "language.layers.0.*=int8"], " as mixed, "),
    ].enumerated() {
      let outcome = try CommandRunner.run([Self.nano, "\(number).fusion"] + options, in: folder.path)
      #expect(outcome.status == 0 && outcome.output.contains(words), "\(outcome.output)\(outcome.error)")
    }
  }

  @Test func weightsThatCannotBeRunAreRefused() throws {
    let folder = try TemporaryFolder()
    try CheckpointCopies.make(of: "fusion-phi-tiny", at: folder.file("wide")) { tensors in
      for (name, tensor) in tensors where tensor.shape.count == 2 {
        let bytes = stride(from: 0, to: tensor.bytes.count, by: 2).flatMap { index -> [UInt8] in
          let bits = UInt32(tensor.bytes[index]) << 16 | UInt32(tensor.bytes[index + 1]) << 24
          return withUnsafeBytes(of: Double(Float(bitPattern: bits)).bitPattern.littleEndian, Array.init)
        }
        tensors[name] = RawSafetensors.Tensor(dtype: "F64", shape: tensor.shape, bytes: bytes)
      }
    }
    let outcome = try CommandRunner.run(["wide", "m.fusion", "--quant", "int4"], in: folder.path)
    #expect(outcome.status == 65 && outcome.error.contains("F64") && outcome.error.contains("--quant keep"))
    #expect(try folder.names() == ["wide"])
    #expect(try CommandRunner.run(["wide", "m.fusion", "--quant", "keep"], in: folder.path).status == 0)
  }

  /// A size that leaves two bits for the language model is spread over all, and the loss is told.
  @Test func aSmallTargetIsSpreadAndTold() throws {
    let folder = try TemporaryFolder()
    for options in [[], ["--measure", "none"]] {
      let report = try Self.json(
        ["convert", Self.nano, "m.fusion", "--force", "--target-size", "2MB"] + options, folder)
      let lines = report["plan"] as? [[String: Any]] ?? []
      let worst = lines.compactMap { $0["sqnrDecibels"] as? Double }.min() ?? 0
      #expect(worst > 8, "\(options): \(worst)")
    }
    let poor = try Self.json(
      ["convert", Self.nano, "m.fusion", "--force", "--coding", "entropy", "--bits", "1.6"], folder)
    let warnings = poor["warnings"] as? [String] ?? []
    #expect(warnings.contains { $0.contains("expect a degraded model") }, "\(warnings)")
    let good = try Self.json(["convert", Self.nano, "m.fusion", "--force", "--quant", "int4"], folder)
    #expect(good["warnings"] as? [String] == [])
  }

  @Test func theErrorThatAMethodKeepsSmallIsShown() throws {
    let folder = try TemporaryFolder()
    for (method, full) in [("gptq", ["--full"]), ("awq", [])] {
      let gathered = try CommandRunner.run(
        ["calibrate", Self.nano, "\(method).stats", "--data", "synth", "--samples", "16"] + full, in: folder.path)
      #expect(gathered.status == 0, "\(gathered.error)")
      func report(_ method: String, _ statistics: String) throws -> (plain: Double, weighted: Double) {
        let report = try Self.json(
          ["convert", Self.nano, "m.fusion", "--force", "--method", method, "--statistics", statistics], folder)
        return (report["sqnrDecibels"] as? Double ?? 0, report["inputSqnrDecibels"] as? Double ?? 0)
      }
      let found = try report(method, "\(method).stats")
      let plain = try report("search", "\(method).stats")
      #expect(found.weighted > plain.weighted, "\(method): \(found) \(plain)")
    }
  }
}
