extension ReportFindings {
  /// What to do next, in sentences, the most useful first; commands stand in backquotes.
  var advice: [String] {
    switch report.verdict.grade {
    case .identical: return ["Nothing has to be done: the candidate can stand in for the reference."]
    case .broken: return brokenAdvice + sampleAdvice
    case .unmeasured: return ["Compare the predictions too: name a question file, or let samples be generated."]
    case .nearLossless, .good, .degraded: break
    }
    var lines: [String] = []
    let failed = report.gate.map { !$0.passed } ?? false
    if failed || report.verdict.grade == .degraded {
      lines += widerAdvice
    } else if report.verdict.grade == .nearLossless {
      lines.append(
        sampleAdvice.isEmpty
          ? "Nothing has to be done: the candidate keeps to the limits of near-lossless."
          : "The candidate keeps to the limits of near-lossless on these samples.")
    } else {
      lines.append("Good for most uses; where every answer counts, compare on questions of your own.")
    }
    return lines + kindAdvice + pictureAdvice + sampleAdvice
  }

  /// What the verdict does not hold for.
  private var kindAdvice: [String] {
    guard report.verdict.image != nil, report.verdict.text == nil else { return [] }
    return ["Text alone was not measured: `--text FILE` does that, and so do generated samples, without `--data`."]
  }

  private var brokenAdvice: [String] {
    var lines: [String] = []
    if let bad = report.firstBad, !bad.tensors.isEmpty {
      lines.append("Look at \(bad.tensors.prefix(3).joined(separator: ", ")) first.")
    }
    lines.append("Check the file: `fusion-convert verify CANDIDATE --source REFERENCE` names tensors that are damaged.")
    lines.append("If the file is sound, convert these tensors with more bits, or keep them as they are.")
    return lines
  }

  private var widerAdvice: [String] {
    if let sensitivity = report.sensitivity {
      if sensitivity.plan != nil {
        return ["Convert again with the plan of this report: `fusion-convert convert REFERENCE OUTPUT --plan FILE`."]
      }
      if let first = sensitivity.entries.first {
        return ["Convert again with more bits for the tensors that do most harm, beginning with \(first.name)."]
      }
    }
    var lines = ["Run it again with `--sensitivity tensors --plan FILE` to learn which tensors are worth more bits."]
    let names = worstTensors.prefix(3).map(\.name).filter(Self.isPlain)
    if let name = names.first {
      lines.append("Or try more bits where the error is largest: `--tensor-type '\(name)=int8'`.")
    }
    return lines
  }

  private var pictureAdvice: [String] {
    guard let image = report.outputs.image?.divergence.mean.value,
      let text = report.outputs.text?.divergence.mean.value,
      text > 1e-6, image > 2 * text
    else { return [] }
    return ["Prompts with a picture lose more than text: more bits for `vision.*` and the projectors should help."]
  }

  /// An interval half as wide as a quarter of the mean leaves the first digit open.
  private var sampleAdvice: [String] {
    guard let mean = report.outputs.all?.divergence.mean, let low = mean.low, let high = mean.high, mean.value > 0,
      (high - low) / 2 > mean.value / 4
    else { return [] }
    return ["Compare more samples: the interval of the mean divergence is wide."]
  }

  /// Whether a name can stand in a command between quotes as it is.
  private static func isPlain(_ name: String) -> Bool {
    name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
  }
}
