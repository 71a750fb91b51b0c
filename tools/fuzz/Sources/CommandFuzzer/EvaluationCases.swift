/// Commands that read questions, answers and results.
enum EvaluationCases {
  /// The question files of ``QuestionForms``, each with its form and the answers that belong to it.
  private static let forms: [[String]] = [
    ["lines.jsonl"], ["pope.jsonl", "pope"], ["mme", "mme"], ["mme.jsonl", "mme", "mme"], ["mmbench.tsv", "mmbench"],
    ["textvqa.json", "textvqa"], ["textvqa.jsonl", "textvqa", "textvqa.json"], ["scienceqa.json", "scienceqa"],
    ["cvbench.jsonl", "cvbench"], ["mmvp.csv", "mmvp"],
  ]

  static func make(_ kind: String, _ random: inout RandomSource) -> CommandCase {
    var command = CommandCase("eval")
    switch kind {
    case "eval-resume":
      command.add("@p4.fusion", "--data", "@forms/short.jsonl", "--output", "cut.jsonl", "--resume")
      command.goOn(with: ["cut.jsonl"])
    case "eval-merge":
      command.add("--data", "@forms/short.jsonl", "--merge", "@results#/1", "--merge", "@results#/2")
      if random.oneIn(2) { command.write("--output", "out/merged.jsonl") }
    default: questions(&command, &random)
    }
    command.add("--max-tokens", "2")
    return command
  }

  private static func questions(_ command: inout CommandCase, _ random: inout RandomSource) {
    let form = random.pick(forms)
    // A language model refuses pictures, but reads the questions first and takes no time.
    let model = random.oneIn(6) ? "f4.fusion" : "p4.fusion"
    command.add("@" + model, "--data", "@forms/" + form[0], "--images", "@forms")
    if form.count > 1, random.oneIn(2) { command.add("--format", form[1]) }
    if form.count > 2 { command.add("--answers", "@forms/" + form[2]) }
    if random.oneIn(6) { command.add("--shard", random.pick(["1/2", "2/2"])) }
    if model == "f4.fusion" {
      command.add("--limit", "2")
      command.mostSeconds = 10
    }
    if random.oneIn(3) {
      command.write("--output", "out/results.jsonl")
      command.keepOutputs()
    }
  }

  static func calibrate(_ random: inout RandomSource) -> CommandCase {
    var command = CommandCase("calibrate")
    if !random.oneIn(4) {
      command.add("@" + random.pick(["p", "pt", "l", "pk.fusion"]), "--data", "@text.txt", "--context", "16")
    } else {
      command.add(
        "@f", "--data", "@forms/" + random.pick(["lines.jsonl", "textvqa.json", "cvbench.jsonl", "mmvp.csv"]))
      command.add("--images", "@forms")
    }
    command.write("out/inputs.stats")
    command.add("--samples", "1")
    if random.oneIn(3) { command.add("--full") }
    if random.oneIn(4) { command.add("--memory", "100MB") }
    return command
  }
}
