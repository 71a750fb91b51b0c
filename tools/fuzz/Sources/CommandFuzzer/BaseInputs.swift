import Glibc

/// Valid inputs of every kind, made once by the program that is tested and by the fixtures of the tests.
struct BaseInputs {
  let folder: String
  private let program: String

  /// Folders and files that ``make(_:)`` leaves, by the names that commands use.
  ///
  /// | name | what it is |
  /// |---|---|
  /// | `p`, `pt`, `l` | language models: safetensors shards, `torch.save` shards, one file |
  /// | `f` | a model with a vision tower; `parts` is one in three parts; `base` belongs to the adapters |
  /// | `patterns`, `stabilized`, `inputs-first` | adapters of `base` |
  /// | `*.fusion` | containers of `p`, and `f4.fusion` of `f` |
  /// | `qa`, `forms` | pictures with questions; questions of all forms |
  /// | `p.stats`, `p.plan`, `f.stats` | statistics and a plan |
  /// | `results`, `whole.jsonl`, `cut.jsonl` | parts of an evaluation, a whole one, and one that was interrupted |
  /// | `begun` | what an interrupted conversion leaves |
  /// | `torch`, `pictures`, `text.txt` | files of `torch.save`, pictures, a text |
  init(_ options: FuzzerOptions) throws {
    folder = "\(options.scratch)/base"
    program = options.program
    File.remove(folder)
    try File.makeFolder("\(folder)/tmp")
    try makeModels()
    for name in ["lora/patterns", "lora/stabilized", "lora/inputs-first"] {
      try File.copy("\(options.fixtures)/\(name)", to: "\(folder)/\(name.dropFirst(5))")
    }
    try File.copy("\(options.fixtures)/fusion-phi-tiny", to: "\(folder)/base")
    try File.copy("\(options.fixtures)/torch", to: "\(folder)/torch")
    try File.copy("\(options.fixtures)/images/cases", to: "\(folder)/pictures")
    try makeQuestions()
    try makeDerived()
    try makeInterrupted()
    try ModelParts.write(of: "\(folder)/f", to: "\(folder)/parts")
  }

  private func make(_ arguments: String...) throws {
    let child = try ChildProcess.run(program, arguments + ["--quiet", "--threads", "1"], in: folder)
    guard child.status == 0 else {
      throw Trouble("\(arguments.joined(separator: " ")) failed:\n\(String(decoding: child.error, as: UTF8.self))")
    }
  }

  private func makeModels() throws {
    try make("synth", "checkpoint", "--preset", "tiny-phi", "p", "--shard-size", "500000")
    try make("synth", "checkpoint", "--preset", "tiny-phi", "pt", "--shard-size", "500000", "--format", "torch")
    try make("synth", "checkpoint", "--preset", "tiny-llama", "l")
    try make("synth", "checkpoint", "--preset", "tiny-fusion-3b", "f", "--shard-size", "2000000")
    try make("convert", "p", "p4.fusion", "--save-plan", "p.plan")
    try make("convert", "p", "p8.fusion", "--quant", "int8-g64")
    try make("convert", "p", "pk.fusion", "--quant", "keep", "--compression", "none")
    try make("convert", "p", "pe.fusion", "--coding", "entropy", "--bits", "4")
    try make("convert", "p", "pn.fusion", "--quant", "int4-nl-g32")
    try make("convert", "f", "f4.fusion")
  }

  private func makeQuestions() throws {
    try make("synth", "qa", "--count", "10", "--size", "64", "--out", "qa")
    try File.makeFolder("\(folder)/forms")
    try QuestionForms.write(to: "\(folder)/forms")
    // MME looks for the pictures of a category in its folder.
    for folder in ["forms", "forms/color", "forms/count"].map({ "\(self.folder)/\($0)" }) {
      try File.makeFolder(folder)
      for picture in QuestionForms.pictures {
        try File.link("\(self.folder)/qa/images/\(picture)", to: "\(folder)/\(picture)")
      }
    }
    try File.link("\(folder)/qa/images/\(QuestionForms.pictures[0])", to: "\(folder)/forms/color/0000000.jpg")
    try File.write(
      String(
        repeating: "The quick brown fox jumps over the lazy dog.\nNa\u{EF}ve caf\u{E9}, 12345 \u{4F60}\n", count: 14),
      to: "\(folder)/text.txt")
  }

  private func makeDerived() throws {
    try make("calibrate", "p", "p.stats", "--data", "text.txt", "--full", "--samples", "2", "--context", "32")
    try make("calibrate", "f", "f.stats", "--data", "qa/questions.jsonl", "--images", "qa", "--samples", "1")
    let questions = ["eval", "p4.fusion", "--data", "forms/lines.jsonl", "--max-tokens", "2", "--images", "forms"]
    try File.makeFolder("\(folder)/results")
    try File.write(
      "{\"question_id\": 1, \"text\": \"Hello\", \"answer\": \"yes\"}\n{\"question_id\": 2, \"text\": \"Two\"}\n",
      to: "\(folder)/forms/short.jsonl")
    let short = questions.map { $0 == "forms/lines.jsonl" ? "forms/short.jsonl" : $0 }
    for (name, shard) in [("results/1", "1/2"), ("results/2", "2/2"), ("whole.jsonl", "1/1")] {
      let child = try ChildProcess.run(
        program, short + ["--shard", shard, "--output", name, "--quiet", "--threads", "1"], in: folder)
      guard child.status == 0 else { throw Trouble("eval failed: \(String(decoding: child.error, as: UTF8.self))") }
    }
    let whole = try File.read("\(folder)/whole.jsonl")
    try File.write(Array(whole.dropLast(20)), to: "\(folder)/cut.jsonl")
  }

  /// A conversion that ran into the largest permitted size of a file.
  private func makeInterrupted() throws {
    try File.makeFolder("\(folder)/begun")
    let command = "ulimit -f 300; exec \"$0\" convert p begun/m.fusion --resume --quiet --threads 1"
    let child = try ChildProcess.run("/bin/bash", ["-c", command, program], in: folder)
    guard child.status == 74, File.names(in: "\(folder)/begun").count == 2 else {
      throw Trouble("an interrupted conversion left nothing: \(String(decoding: child.error, as: UTF8.self))")
    }
  }
}
