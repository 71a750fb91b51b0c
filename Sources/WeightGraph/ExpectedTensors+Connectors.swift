extension ExpectedTensors {
  static func addProjectors(
    _ language: LanguageConfiguration, _ vision: VisionConfiguration, to list: inout SpecificationList
  ) {
    let hidden = hiddenSize(language)
    let visionHidden = visionHiddenSize(vision)
    func add(_ name: String, _ source: String, _ role: TensorRole, _ part: ModelPart, _ sizes: [SizeFormula]) {
      list.addLinear(
        name + ".linear1", source + ".0", role, part, rows: sizes[1], columns: sizes[0], hasBias: true)
      list.addLinear(
        name + ".linear2", source + ".2", role, part, rows: sizes[1], columns: sizes[1], hasBias: true)
    }
    // Three levels of the tower's hidden states stand side by side.
    add("projector", "model.mm_projector", .projector, .projector, [3 * visionHidden, hidden])
    add("aux_projector", "model.aux_projector", .auxProjector, .auxProjector, [hidden, visionHidden])
  }

  static func addSamplers(
    _ interaction: InteractionConfiguration, hidden: SizeFormula, to list: inout SpecificationList
  ) {
    for sampler in 0..<interaction.samplerCount {
      let name = "samplers.\(sampler)."
      let source = SourceNames.samplers + "\(sampler).layers.0."
      func addLinear(_ canonical: String, _ published: String, columns: SizeFormula) {
        list.addLinear(
          name + canonical, source + published, .sampler, .sampler, rows: hidden, columns: columns, hasBias: false)
      }
      addLinear("input", "proj_in", columns: 2 * hidden)
      addLinear("context", "proj_context", columns: hidden)
      for letter in ["q", "k", "v"] {
        let published = "cross_attn.\(letter)_proj."
        list.addLayerNorm(name + "attention.\(letter)_norm", source + published + "0", .sampler, hidden)
        addLinear("attention.\(letter)", published + "1", columns: hidden)
      }
      addLinear("attention.output", "cross_attn.o_proj", columns: hidden)
      list.addLayerNorm(name + "norm", source + "norm", .sampler, hidden)
      addLinear("mlp.linear1", "proj_out.linear_1", columns: hidden)
      addLinear("mlp.linear2", "proj_out.linear_2", columns: hidden)
    }
  }
}
