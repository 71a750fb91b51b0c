import Foundation
import TestSupport
import Testing

/// Checkpoints in forms that other programs leave, which people reported: each is read, or named with what to do.
@Suite struct ReportedSituationTests {
  struct Refused: Sendable {
    let path: String
    let words: [String]
    var status: Int32 = 66
  }

  @Test(arguments: [
    Refused(
      path: "08-zero3-model-states/zero_pp_rank_0_mp_rank_00_model_states.pt",
      words: ["without an element", "zero_to_fp32"], status: 65),
    Refused(path: "10-dtensor", words: ["DTensor", "full_tensor()"], status: 65),
    Refused(path: "11-dcp-folder", words: ["distributed checkpoint", "dcp_to_torch"]),
    Refused(path: "11-dcp-folder/.metadata", words: ["distributed checkpoint", "dcp_to_torch"], status: 65),
    Refused(path: "18-zero-optimizer-shard", words: ["ZeRO", "zero_to_fp32"]),
    Refused(
      path: "18-zero-optimizer-shard/bf16_zero_pp_rank_0_mp_rank_00_optim_states.pt", words: ["ZeRO", "zero_to_fp32"],
      status: 65),
  ])
  func isNamedWithWhatToDo(_ refused: Refused) throws {
    let folder = try TemporaryFolder()
    for words in [["inspect", "REPORT"], ["export", "REPORT", "out"]] {
      let arguments = words.map { $0 == "REPORT" ? Fixtures.path("reports/\(refused.path)") : $0 }
      let outcome = try CommandRunner.run(arguments, in: folder.path)
      #expect(outcome.status == refused.status, "\(outcome.error)")
      for word in refused.words { #expect(outcome.error.contains(word), "\(outcome.error)") }
    }
    #expect(try folder.names() == [])
  }

  @Test func filesOfLlamaCppAreNamed() throws {
    let folder = try TemporaryFolder()
    let magic: [UInt8] = Array("GGUF".utf8) + [3, 0, 0, 0, 0, 0, 0, 0]
    try FileManager.default.createDirectory(atPath: folder.file("only"), withIntermediateDirectories: true)
    try folder.write("only/model.gguf", magic)
    for source in ["only", "only/model.gguf"] {
      let outcome = try CommandRunner.run([source, "m.fusion"], in: folder.path)
      #expect([65, 66].contains(outcome.status) && outcome.error.contains("a GGUF file"), "\(outcome.error)")
      #expect(outcome.error.contains("checkpoint"), "\(outcome.error)")
    }
    #expect(try folder.names() == ["only"])
  }

  @Test func whatWrappersLeaveInsideNamesIsLeftOut() throws {
    let folder = try TemporaryFolder()
    let fixture = "fusion-phi-tiny"
    try CheckpointCopies.make(of: fixture, at: folder.file("wrapped")) { tensors in
      for (name, tensor) in tensors where name.hasPrefix("model.layers.") {
        tensors[name] = nil
        let wrapped = name.replacing("model.layers.", with: "_fsdp_wrapped_module.model.layers.")
        tensors[wrapped.replacing(".self_attn.", with: "._checkpoint_wrapped_module._orig_mod.self_attn.")] = tensor
      }
    }
    let outcome = try CommandRunner.run(["wrapped", "m.fusion", "--quant", "keep"], in: folder.path)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.output.contains("_checkpoint_wrapped_module, _fsdp_wrapped_module, _orig_mod"), "\(outcome.output)")
    let verified = try CommandRunner.run(
      ["verify", "m.fusion", "--source", Fixtures.path(fixture)], in: folder.path)
    #expect(verified.status == 0, "\(verified.error)")
  }

  @Test func theCacheOfTheHubIsRead() throws {
    let folder = try TemporaryFolder()
    let manager = FileManager.default
    let root = folder.file("models--org--name")
    for name in ["blobs", "refs", "snapshots/aaa"] {
      try manager.createDirectory(atPath: "\(root)/\(name)", withIntermediateDirectories: true)
    }
    let source = Fixtures.path("fusion-phi-tiny")
    for (index, name) in try manager.contentsOfDirectory(atPath: source).sorted().enumerated() {
      try manager.copyItem(atPath: "\(source)/\(name)", toPath: "\(root)/blobs/\(index)")
      try manager.createSymbolicLink(
        atPath: "\(root)/snapshots/aaa/\(name)", withDestinationPath: "../../blobs/\(index)")
    }
    try folder.write("models--org--name/refs/main", text: "aaa")
    try manager.createDirectory(atPath: "\(root)/snapshots/bbb", withIntermediateDirectories: true)
    for words in [
      ["inspect", "models--org--name"], ["models--org--name", "m.fusion", "--quant", "keep"],
      ["run", "models--org--name", "--prompt", "Hi", "--max-tokens", "1"], ["export", "models--org--name", "out"],
    ] {
      let outcome = try CommandRunner.run(words, in: folder.path)
      #expect(outcome.status == 0, "\(words): \(outcome.error)")
    }
    // A link whose file was not loaded yet.
    try manager.removeItem(atPath: "\(root)/blobs/0")
    let unfinished = try CommandRunner.run(["inspect", "models--org--name"], in: folder.path)
    #expect(unfinished.status == 66 && unfinished.error.contains("download of the model is not finished"))
    #expect(unfinished.error.contains("../../blobs/0"), "\(unfinished.error)")
    try folder.write("models--org--name/refs/main", text: "ccc")
    let absent = try CommandRunner.run(["inspect", "models--org--name"], in: folder.path)
    #expect(absent.status == 66 && absent.error.contains("name one of the snapshots"), "\(absent.error)")
  }

  @Test func aDownloadThatHasStoppedIsTold() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.file("m/.cache/huggingface/download"), withIntermediateDirectories: true)
    try folder.write("m/config.json", text: "{}")
    try folder.write("m/.cache/huggingface/download/model.safetensors.0.incomplete", text: "part")
    let outcome = try CommandRunner.run(["m", "m.fusion"], in: folder.path)
    #expect(outcome.status == 66 && outcome.error.contains("download of the model is not finished"), "\(outcome.error)")
  }

  @Test(arguments: [("org/Some-Model-3.5", true), ("./model", false), ("some/where/else", false), ("model", false)])
  func aNameOnTheHubIsTold(path: String, isName: Bool) throws {
    let folder = try TemporaryFolder()
    for words in [[path, "m.fusion"], ["run", path, "--prompt", "Hi"], ["inspect", path]] {
      let outcome = try CommandRunner.run(words, in: folder.path)
      #expect(outcome.status == 66)
      #expect(outcome.error.contains("hf download \(path) --local-dir Some-Model-3.5") == isName, "\(outcome.error)")
    }
  }
}
