import Foundation
import TestSupport
import Testing

/// What a new user gets wrong, and what the machine gets wrong: exit status, message, and nothing left behind.
@Suite struct FailureTests {
  @Test func wrongPath() throws {
    try Refusal.expect(
      ["no-such-checkpoint", "model.fusion"], in: try TemporaryFolder(), status: 66, snapshot: "error-wrong-path")
  }

  @Test func folderWithoutWeights() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder.file("empty"), withIntermediateDirectories: true)
    try folder.write("empty/README.md", text: "hello")
    try Refusal.expect(["empty", "model.fusion"], in: folder, status: 66, snapshot: "error-no-weights")
  }

  @Test func outputExists() throws {
    let folder = try TemporaryFolder()
    try folder.write("model.fusion", text: "mine")
    try Refusal.expect(
      [Fixtures.path("fusion-phi-tiny"), "model.fusion"], in: folder, status: 73, snapshot: "error-output-exists")
  }

  @Test func unwritableFolder() throws {
    // Nobody can make files there, whoever runs the tests.
    try Refusal.expect(
      [Fixtures.path("fusion-phi-tiny"), "/proc/model.fusion"], in: try TemporaryFolder(), status: 73,
      snapshot: "error-unwritable-folder")
  }

  @Test func missingFolder() throws {
    try Refusal.expect(
      [Fixtures.path("fusion-phi-tiny"), "absent/model.fusion"], in: try TemporaryFolder(), status: 73,
      snapshot: "error-missing-folder")
  }

  private func editedCheckpoint(_ folder: TemporaryFolder, _ edit: (inout [String: Any]) -> Void) throws {
    try CheckpointCopies.make(of: "fusion-phi-tiny", at: folder.file("source"))
    let url = URL(fileURLWithPath: folder.file("source/config.json"))
    var config = try JSONSerialization.jsonObject(with: try Data(contentsOf: url)) as? [String: Any] ?? [:]
    edit(&config)
    try JSONSerialization.data(withJSONObject: config).write(to: url)
  }

  @Test func unknownFamily() throws {
    let folder = try TemporaryFolder()
    try editedCheckpoint(folder) { $0["model_type"] = "mixtral" }
    try Refusal.expect(["source", "model.fusion"], in: folder, status: 65, snapshot: "error-unknown-family")
  }

  @Test func quantizedConfiguration() throws {
    let folder = try TemporaryFolder()
    try editedCheckpoint(folder) { $0["quantization_config"] = ["quant_method": "gptq", "bits": 4] }
    try Refusal.expect(["source", "model.fusion"], in: folder, status: 65, snapshot: "error-quantized-configuration")
  }

  @Test func quantizedTensors() throws {
    let folder = try TemporaryFolder()
    try CheckpointCopies.make(of: "fusion-phi-tiny", at: folder.file("source")) { tensors in
      let name = "model.layers.0.self_attn.o_proj"
      tensors["\(name).weight"] = nil
      tensors["\(name).qweight"] = .init(dtype: "I32", shape: [16, 128], bytes: .init(repeating: 0, count: 8192))
      tensors["\(name).scales"] = .init(dtype: "BF16", shape: [1, 128], bytes: .init(repeating: 0, count: 256))
    }
    try Refusal.expect(["source", "model.fusion"], in: folder, status: 65, snapshot: "error-quantized-tensors")
  }

  @Test func wrongPrefix() throws {
    let folder = try TemporaryFolder()
    try CheckpointCopies.make(of: "fusion-phi-tiny", at: folder.file("source")) { tensors in
      tensors = Dictionary(uniqueKeysWithValues: tensors.map { ("module.\($0.key)", $0.value) })
    }
    try Refusal.expect(["source", "model.fusion"], in: folder, status: 65, snapshot: "error-wrong-prefix")
  }

  @Test func gitLFSPointer() throws {
    let folder = try TemporaryFolder()
    try CheckpointCopies.make(of: "fusion-phi-tiny", at: folder.file("source"))
    try folder.write(
      "source/model.safetensors",
      text: "version https://git-lfs.github.com/spec/v1\noid sha256:\(String(repeating: "0", count: 64))\nsize 5\n")
    try Refusal.expect(["source", "model.fusion"], in: folder, status: 65, snapshot: "error-git-lfs-pointer")
  }

  @Test func wrongOptions() throws {
    let folder = try TemporaryFolder()
    let source = Fixtures.path("fusion-phi-tiny")
    for (arguments, words) in [
      ([source, "a.fusion", "--quant", "int3"], "int3"), ([source, "a.fusion", "--group-size", "31"], "31"),
      ([source, "a.fusion", "--threads", "0"], "--threads"), ([source, "a.fusion", "--frobnicate"], "--frobnicate"),
      ([source, "a.fusion", "--tensor-type", "vision.*"], "PATTERN=SCHEME"), ([source], "output"),
      (["synth", "checkpoint", "--preset", "gpt", "x"], "fusion-x-8b"),
    ] {
      let outcome = try CommandRunner.run(arguments, in: folder.path)
      #expect(outcome.status == 64, "\(arguments): \(outcome.status)")
      #expect(outcome.error.contains(words), "\(arguments): \(outcome.error)")
      #expect(try folder.names().isEmpty)
    }
  }

  @Test func aFileSizeLimitIsAFullDisk() throws {
    let folder = try TemporaryFolder()
    let outcome = try CommandRunner.spawn(
      [
        "bash", "-c", "ulimit -f 600; exec \"$0\" \"$@\"", CommandRunner.program, Fixtures.path("fusion-phi-tiny"),
        "model.fusion",
      ], in: folder.path)
    #expect(outcome.status == 74, "\(outcome.error)")
    #expect(outcome.error.contains("the output may not become that large") && outcome.error.contains("File too large"))
    #expect(try folder.names().isEmpty)
  }

  @Test(arguments: [["--prompt", "Hello", "--max-tokens", "2"], ["--prompt", "Hello", "--max-tokens", "2", "--json"]])
  func lostOutputIsAnError(options: [String]) throws {
    let folder = try TemporaryFolder()
    for (target, status) in [("/dev/full", 74 as Int32), ("/dev/null", 0)] {
      let outcome = try CommandRunner.spawn(
        [
          "bash", "-c", "target=$1; shift; exec \"$0\" \"$@\" > \"$target\"", CommandRunner.program, target, "run",
          Fixtures.path("fusion-phi-tiny"),
        ] + options, in: folder.path)
      #expect(outcome.status == status, "\(outcome.error)")
      #expect(outcome.error.contains("standard output") == (status == 74))
    }
  }

  @Test func killedAtAnyMomentLeavesNothing() throws {
    let folder = try TemporaryFolder()
    let synth = try CommandRunner.run(["synth", "checkpoint", "--preset", "tiny", "source"], in: folder.path)
    #expect(synth.status == 0, "\(synth.error)")
    var generator = SplitMix64(seed: 20)
    var killedCount = 0
    for _ in 0..<12 {
      let delay = Double.random(in: 0.001...0.06, using: &generator)
      let outcome = try CommandRunner.run(["source", "model.fusion", "--force"], in: folder.path, killAfter: delay)
      let names = try folder.names().filter { $0 != "source" }
      if outcome.status == 128 + 9 {
        killedCount += 1
        // Complete, from this run or an earlier one, or not there at all.
        #expect(names.isEmpty || names == ["model.fusion"], "killed after \(delay) s: \(names)")
      }
      if names == ["model.fusion"] {
        let verify = try CommandRunner.run(["verify", "model.fusion", "--source", "source"], in: folder.path)
        #expect(verify.status == 0, "\(verify.error)")
        try FileManager.default.removeItem(atPath: folder.file("model.fusion"))
      }
    }
    #expect(killedCount > 0)
  }
}
