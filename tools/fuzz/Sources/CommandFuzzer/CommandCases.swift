/// Commands with plausible options over the base.
enum CommandCases {
  /// Names of all kinds, so that each can be tried without changes first, and how often each is picked: what looks at
  /// pictures takes a hundred times as long as what does not.
  private static let shares = [
    ("convert", 8), ("convert-plan", 6), ("convert-statistics", 6), ("convert-adapter", 8), ("convert-parts", 4),
    ("convert-resume", 8), ("convert-calibrate", 1), ("convert-compare", 1), ("inspect", 12), ("inspect-torch", 8),
    ("verify", 8), ("verify-source", 6), ("diff", 2), ("diff-data", 1), ("run", 14), ("run-picture", 2), ("trace", 4),
    ("eval", 12), ("eval-resume", 6), ("eval-merge", 6), ("calibrate", 4), ("export", 8), ("synth", 1),
  ]
  static let kinds = shares.map(\.0)

  /// One of the kinds.
  static func pick(_ random: inout RandomSource) -> String {
    random.pick(shares.flatMap { Array(repeating: $0.0, count: $0.1) })
  }

  private static let languageFolders = ["p", "pt", "l"]
  private static let languageContainers = ["p4.fusion", "p8.fusion", "pk.fusion", "pe.fusion", "pn.fusion"]

  /// A command of a kind.
  static func make(_ kind: String, _ random: inout RandomSource) -> CommandCase {
    var command =
      switch kind {
      case let kind where kind.hasPrefix("convert"): convert(kind, &random)
      case "inspect", "inspect-torch": inspect(kind, &random)
      case "verify", "verify-source": verify(kind, &random)
      case "diff", "diff-data": diff(kind, &random)
      case "run", "run-picture": run(kind, &random)
      case "trace": trace(&random)
      case "eval", "eval-resume", "eval-merge": EvaluationCases.make(kind, &random)
      case "calibrate": EvaluationCases.calibrate(&random)
      case "export": export(&random)
      default: synth(&random)
      }
    command.add("--threads", random.pick(["1", "1", "1", "2", "3"]))
    let isQuiet = random.oneIn(8)
    if isQuiet { command.add("-q") }
    // Together they are refused, whatever the inputs are.
    if random.oneIn(12), !isQuiet { command.add("-v") }
    if random.oneIn(6) { command.add("--json") }
    if random.oneIn(10) { command.add("--progress", random.pick(["plain", "none"])) }
    return command
  }

  private static func convert(_ kind: String, _ random: inout RandomSource) -> CommandCase {
    var command = CommandCase("convert")
    switch kind {
    case "convert-plan": command.add("@p", "--plan", "@p.plan")
    case "convert-statistics":
      command.add(random.oneIn(3) ? ["@f", "--statistics", "@f.stats"] : ["@p", "--statistics", "@p.stats"])
      command.add("--method", random.pick(["auto", "gptq", "awq", "balance"]))
    case "convert-adapter":
      command.add("@base", "--adapter", random.pick(["@patterns", "@stabilized", "@inputs-first"]))
    case "convert-parts":
      command.add(
        "@parts#/base", "--vision-tower", "@parts#/tower", "--projector", "@parts#/stage1/projector.safetensors")
    case "convert-resume":
      command.add("@p")
      command.goOn(with: ["begun/m.fusion.partial", "begun/m.fusion.partial.journal"])
      command.write("begun/m.fusion")
      command.add("--resume")
      return command
    case "convert-calibrate":
      command.add("@p", random.pick(["--calibrate", "--measure"]), "@text.txt")
      if command.arguments.contains("--measure") { command.add("--target-bits", "4.5") }
    case "convert-compare":
      command.add("@p", "out/m.fusion", "--dry-run", "--compare")
      return command
    default: command.add("@" + random.pick(languageFolders + ["f"]))
    }
    command.write("out/m.fusion")
    // Steps and codes of a fixed width exclude each other.
    let isEntropy = kind == "convert" && random.oneIn(4)
    let hasSteps = isEntropy || command.arguments.contains("--measure")
    if kind != "convert-plan", !hasSteps, random.oneIn(2) {
      command.add(
        "--quant", random.pick(["int4", "int8", "keep", "bf16", "f32", "int4-nl-g32", "int8-g64", "int4-cs-g16"]))
    }
    if isEntropy {
      command.add("--coding", "entropy", "--bits", random.pick(["2", "4", "6.5"]))
    }
    if !hasSteps, random.oneIn(6) {
      command.add("--tensor-type", random.pick(["*.0.*=int8", "*=keep", "lm_head*=int4-g128"]))
    }
    if random.oneIn(8) { command.add("--compression", "none") }
    if random.oneIn(8) { command.add("--no-verify") }
    if random.oneIn(8) { command.write("--save-plan", "out/plan.json") }
    return command
  }

  private static func inspect(_ kind: String, _ random: inout RandomSource) -> CommandCase {
    var command = CommandCase("inspect")
    if kind == "inspect-torch" {
      let files = [
        "1.13.1", "1.4.0/early.zip.pt", "1.4.0/state-dict.legacy.pt", "2.15.0/alignment-16.zip.pt",
        "2.15.0/attributes.legacy.p4.pt", "2.15.0/attributes.zip.p2.pt", "2.15.0/big-endian.zip.pt",
        "2.15.0/dtypes.zip.p4.pt", "2.15.0/dtypes.legacy.p2.pt", "2.15.0/edges.zip.p5.pt", "2.15.0/exported.pt2",
      ]
      command.add("@torch/" + random.pick(files))
      if random.oneIn(4) {
        command.add("--globals")
        return command
      }
    } else {
      let adapter = random.oneIn(8)
      command.add(
        adapter
          ? ["@base", "--adapter", "@patterns"]
          : ["@" + random.pick(languageFolders + languageContainers + ["f", "f4.fusion"])])
    }
    if random.oneIn(2) { command.add("--stats") }
    if random.oneIn(4) { command.add("--tree") }
    if random.oneIn(6) { command.add("--filter", random.pick(["*", "language.layers.0.*", "[", "x"])) }
    if random.oneIn(6) { command.add("--sort", random.pick(["name", "size", "bits", "offset", "model"])) }
    return command
  }

  private static func verify(_ kind: String, _ random: inout RandomSource) -> CommandCase {
    var command = CommandCase("verify")
    if kind == "verify" {
      command.add("@" + random.pick(languageContainers + ["f4.fusion"]))
    } else {
      command.add(
        random.oneIn(5) ? ["@f4.fusion", "--source", "@f"] : ["@" + random.pick(languageContainers), "--source", "@p"])
    }
    return command
  }

  private static func diff(_ kind: String, _ random: inout RandomSource) -> CommandCase {
    var command = CommandCase("diff")
    if kind == "diff" {
      command.add("@p", "@" + random.pick(languageContainers + ["pt"]))
      command.add(
        random.oneIn(2) ? ["--text", "@text.txt", "--context", "16", "--chunks", "2"] : ["--text-samples", "1"])
    } else {
      command.add("@f", "@f4.fusion", "--data", "@forms#/lines.jsonl", "--images", "@forms", "--samples", "1")
      command.add("--text-samples", "1", "--no-answers")
      // Two models look at five crops of a picture at full size.
      command.mostSeconds = 15
    }
    if kind == "diff", !command.arguments.contains("--text") { command.add("--max-tokens", "2") }
    if random.oneIn(4) { command.write("--html", "out/report.html") }
    if random.oneIn(4) { command.write("--markdown", "out/report.md") }
    if random.oneIn(4) { command.add("--preset", "normal") }
    if random.oneIn(6) { command.add("--activations", "int8") }
    if kind == "diff", random.oneIn(12) {
      command.add("--sensitivity", "layers")
      command.write("--plan", "out/plan.json")
    }
    return command
  }

  private static func ask(_ command: inout CommandCase, _ kind: String, _ random: inout RandomSource) {
    if kind == "run-picture" {
      command.add("@" + random.pick(["f", "f4.fusion"]))
      let pictures = ["411-37x29.jpg", "grey-progressive.jpg", "cmyk.jpg", "rgb-8.png", "palette-4.png", "grey-16.png"]
      command.add(
        random.oneIn(3) ? ["--image", "@qa#/images/0000000.png"] : ["--image", "@pictures/" + random.pick(pictures)])
    } else {
      command.add("@" + random.pick(languageFolders + languageContainers + ["base"]))
    }
    command.add("--prompt", random.pick(["What is this?", "", "na\u{EF}ve \u{1F600} <|end|>\n"]), "--max-tokens", "2")
    if random.oneIn(6) { command.add("--stream-weights") }
    if random.oneIn(6) { command.add("--activations", "int8") }
    if random.oneIn(6) { command.add("--kv-cache", random.pick(["int8", "bf16"])) }
    if random.oneIn(8) { command.add("--system", "Be brief.") }
  }

  private static func run(_ kind: String, _ random: inout RandomSource) -> CommandCase {
    var command = CommandCase("run")
    ask(&command, kind, &random)
    if random.oneIn(4) { command.add("--temperature", "0.8", "--top-k", "5", "--min-p", "0.1") }
    if command.inputs == ["base"] { command.add("--tokenizer", random.pick(["slow", "fast"])) }
    return command
  }

  private static func trace(_ random: inout RandomSource) -> CommandCase {
    var command = CommandCase("trace")
    ask(&command, random.oneIn(8) ? "run-picture" : "run", &random)
    command.write("--output", "out/trace.safetensors")
    if random.oneIn(4) { command.add("--answer", "yes") }
    return command
  }

  private static func export(_ random: inout RandomSource) -> CommandCase {
    var command = CommandCase("export")
    switch random.below(4) {
    case 0: command.add("@base", "--adapter", "@patterns")
    case 1: command.add("@torch/" + random.pick(["1.4.0/state-dict.legacy.pt", "2.15.0/dtypes.zip.p4.pt"]))
    default: command.add("@" + random.pick(languageFolders + languageContainers + ["f4.fusion"]))
    }
    command.write("out/exported")
    if random.oneIn(3) { command.add("--dtype", random.pick(["bf16", "f16", "f32"])) }
    return command
  }

  private static func synth(_ random: inout RandomSource) -> CommandCase {
    var command = CommandCase("synth")
    if random.oneIn(2) {
      command.add("qa", "--count", random.pick(["1", "7"]), "--size", "64", "--seed", random.pick(["0", "77"]))
      command.write("--out", "out/qa")
    } else {
      command.add(
        "checkpoint", "--preset", random.pick(["tiny-phi", "tiny-llama"]), "--dtype", random.pick(["bf16", "f16"]))
      command.write("out/checkpoint")
      command.add("--format", random.pick(["torch", "safetensors"]), "--shard-size", random.pick(["1", "300000"]))
    }
    return command
  }
}
