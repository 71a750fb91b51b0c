import Foundation
import Glibc
import TestSupport
import Testing

/// No command replaces what it reads, whatever `--force` says: status 73, and everything as it was.
@Suite struct InputsAreSafeTests {
  private static let convert = ["convert", "ckpt", "--force"]
  private static let synthetic = ["--prompt", "Hi", "--max-tokens", "1", "--force"]

  /// Commands whose output is one of their inputs, or another of their outputs.
  static let cases: [[String]] =
    [
      "model-00001-of-00004.safetensors", "model.safetensors.index.json", "config.json", "tokenizer.model",
      "tokenizer_config.json", "generation_config.json",
    ].flatMap { name in
      [
        convert + ["ckpt/\(name)"], convert + ["new.fusion", "--save-plan", "ckpt/\(name)"],
        ["diff", "ckpt", "m.fusion", "--force", "--html", "ckpt/\(name)"],
        ["trace", "ckpt", "--output", "ckpt/\(name)"] + synthetic,
        ["calibrate", "ckpt", "ckpt/\(name)", "--data", "t.txt", "--force"],
      ]
    } + [
      convert + ["new.fusion", "--save-plan", "new.fusion"], convert + ["m.fusion", "--save-plan", "m.fusion"],
      convert + ["m.fusion", "--save-plan", "./ckpt/../m.fusion", "--dry-run"],
      convert + ["s.stats", "--statistics", "s.stats"], convert + ["p.json", "--plan", "p.json"],
      convert + ["new.fusion", "--plan", "p.json", "--save-plan", "p.json"],
      convert + ["new.fusion", "--statistics", "s.stats", "--save-plan", "s.stats"],
      convert + ["t.txt", "--calibrate", "t.txt"],
      convert + ["q/questions.jsonl", "--calibrate", "q/questions.jsonl"],
      convert + ["q/p.png", "--calibrate", "q/questions.jsonl"],
      convert + ["t.txt", "--target-bits", "5", "--measure", "t.txt"],
      convert + ["new.fusion", "--save-plan", "t.txt", "--target-bits", "5", "--measure", "t.txt"],
      convert + ["new.fusion", "--calibrate", "t.txt", "--statistics", "t.txt"],
      convert + ["new.fusion", "--calibrate", "t.txt", "--statistics", "new.fusion"],
      convert + ["new.fusion", "--calibrate", "t.txt", "--statistics", "ckpt/tokenizer.model"],
      convert + ["new.fusion", "--resume", "--save-plan", "new.fusion.partial"],
      convert + ["new.fusion", "--resume", "--save-plan", "new.fusion.partial.journal"],
      convert + ["lora/adapter_config.json", "--adapter", "lora"],
      convert + ["lora/adapter_model.safetensors", "--adapter", "lora"],
      convert + ["new.fusion", "--adapter", "lora", "--save-plan", "lora/adapter_config.json"],
      ["diff", "ckpt", "m.fusion", "--force", "--html", "m.fusion"],
      ["diff", "ckpt", "m.fusion", "--force", "--html", "x.html", "--markdown", "x.html"],
      ["diff", "ckpt", "m.fusion", "--force", "--data", "q/questions.jsonl", "--markdown", "q/p.png"],
      ["diff", "ckpt", "m.fusion", "--force", "--data", "q/questions.jsonl", "--html", "q/questions.jsonl"],
      ["diff", "ckpt", "m.fusion", "--force", "--text", "t.txt", "--html", "t.txt"],
      ["trace", "m.fusion", "--output", "m.fusion"] + synthetic,
      ["trace", "m.fusion", "--image", "q/p.png", "--output", "q/p.png"] + synthetic,
      ["calibrate", "ckpt", "t.txt", "--data", "t.txt", "--force"],
      ["calibrate", "ckpt", "q/p.png", "--data", "q/questions.jsonl", "--force"],
      ["calibrate", "m.fusion", "m.fusion", "--data", "t.txt", "--force"],
      ["eval", "m.fusion", "--data", "q/questions.jsonl", "--output", "m.fusion", "--resume"],
      ["eval", "m.fusion", "--data", "q/questions.jsonl", "--output", "q/questions.jsonl", "--resume"],
      ["eval", "m.fusion", "--data", "q/questions.jsonl", "--output", "q/p.png", "--resume"],
      ["export", "ckpt", "ckpt", "--force"], ["export", "ckpt", ".", "--force"],
      ["export", "ckpt", "ckpt/..", "--force"],
      ["export", "ckpt", "ckpt/new"], ["export", "ckpt", "ckpt/."], ["export", "m.fusion", "."],
      ["export", "m.fusion", ".", "--force"], ["export", "ckpt", "lora", "--adapter", "lora", "--force"],
      ["export", "ckpt", "lora/new", "--adapter", "lora"],
      ["export", "ckpt/model-00001-of-00004.safetensors", "ckpt", "--force"],
      ["synth", "checkpoint", "--preset", "tiny", ".", "--force"],
      ["synth", "checkpoint", "--preset", "tiny", "lora", "--force"],
      ["synth", "qa", "--count", "1", "--out", "q", "--force"],
      ["synth", "qa", "--count", "1", "--out", "..", "--force"],
    ]

  @Test func everyCommand() throws {
    let workspace = try OutputWorkspace()
    let before = try workspace.content()
    for arguments in Self.cases {
      let outcome = try workspace.run(arguments)
      #expect(outcome.status == 73, "\(arguments): \(outcome.error)")
      #expect(outcome.error.hasPrefix("error: ") && outcome.error.contains("\n  do:"), "\(arguments): \(outcome.error)")
      #expect(try workspace.content() == before, "\(arguments)")
    }
  }

  @Test func otherNamesOfAnInput() throws {
    let workspace = try OutputWorkspace()
    let file = workspace.folder.file
    symlink("ckpt/tokenizer.model", file("link"))
    symlink("ckpt", file("ckpt-link"))
    link(file("ckpt/config.json"), file("second-name"))
    symlink("nowhere", file("dangling"))
    let before = try workspace.content()
    for output in ["link", "ckpt-link/config.json", "second-name", "dangling", "ckpt/../ckpt/config.json"] {
      let outcome = try workspace.run(Self.convert + [output])
      #expect(outcome.status == 73, "\(output): \(outcome.error)")
      #expect(try workspace.content() == before, "\(output)")
    }
    for output in ["ckpt-link", "ckpt-link/new"] {
      #expect(try workspace.run(["export", "ckpt", output, "--force"]).status == 73, "\(output)")
      #expect(try workspace.content() == before, "\(output)")
    }
  }

  /// As a mount shows a file in two places: the folder that is replaced has what another folder's name stands for.
  @Test func theFolderHoldsAnInputUnderAnotherName() throws {
    let workspace = try OutputWorkspace()
    #expect(try workspace.run(["export", "m.fusion", "old"]).status == 0)
    let manager = FileManager.default
    try manager.copyItem(atPath: workspace.folder.file("old"), toPath: workspace.folder.file("given"))
    let shard = "model-00001-of-00004.safetensors"
    try workspace.folder.remove("given/\(shard)")
    link(workspace.folder.file("old/\(shard)"), workspace.folder.file("given/\(shard)"))
    let before = try workspace.content()
    let outcome = try workspace.run(["export", "given", "old", "--force"])
    #expect(outcome.status == 73 && outcome.error.contains("holds an input"), "\(outcome.error)")
    #expect(try workspace.content() == before)
  }

  @Test func whatTheCommandPrintsTo() throws {
    let workspace = try OutputWorkspace()
    for output in ["/dev/stdout", "/dev/stderr", "/dev/fd/1", "log"] {
      let outcome = try CommandRunner.spawn(
        ["bash", "-c", "exec \"$0\" convert ckpt \(output) --force >log 2>errors", CommandRunner.program],
        in: workspace.folder.path)
      #expect(outcome.status == 73, "\(output)")
      let errors = try String(contentsOfFile: workspace.folder.file("errors"), encoding: .utf8)
      #expect(errors.hasPrefix("error: "), "\(output): \(errors)")
      try workspace.folder.remove("log")
    }
    #expect(FileManager.default.fileExists(atPath: "/dev/stdout"))
  }

  @Test func aNewFileInsideAnInputIsWelcome() throws {
    let workspace = try OutputWorkspace()
    let ckpt = workspace.folder.file("ckpt")
    for arguments in [[".", "out.fusion"], [".", "out.fusion", "--force"]] {
      let outcome = try CommandRunner.run(arguments, in: ckpt)
      #expect(outcome.status == 0, "\(outcome.error)")
    }
    #expect(try workspace.run(["verify", "ckpt/out.fusion", "--source", "ckpt"]).status == 0)
  }

  @Test func aLinkIsFollowedAndStays() throws {
    let workspace = try OutputWorkspace()
    try workspace.folder.write("target.fusion", text: "old")
    chmod(workspace.folder.file("target.fusion"), 0o640)
    symlink("target.fusion", workspace.folder.file("link.fusion"))
    #expect(try workspace.run(["ckpt", "link.fusion"]).status == 73)
    #expect(try workspace.run(["ckpt", "link.fusion", "--force"]).status == 0)
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: workspace.folder.file("link.fusion")) == "target.fusion"
    )
    #expect(try workspace.run(["verify", "target.fusion"]).status == 0)
    var status = stat()
    stat(workspace.folder.file("target.fusion"), &status)
    #expect(status.st_mode & 0o777 == 0o640)
  }
}
