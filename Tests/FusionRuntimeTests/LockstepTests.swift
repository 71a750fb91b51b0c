import FusionCore
import FusionRuntime
import Testing
import WeightGraph

/// Several prompts, one layer at a time, against one prompt after the other.
@Suite struct LockstepTests {
  private func prompts() -> [LockstepPrompt] {
    [
      LockstepPrompt(tokens: SmallPicture.prompt, vision: SmallPicture.request(side: 4, queryLength: 4)),
      LockstepPrompt(tokens: PromptTokens(ids: [1, 5, 9, 2, 7]), vision: nil),
      LockstepPrompt(
        tokens: SmallPicture.prompt, vision: SmallPicture.request(side: 4, queryLength: 4, instruction: [8, 2])),
    ]
  }

  private func model(_ residency: WeightResidency) throws -> FusionModel {
    let configuration = try SmallModels.fusion(side: 4, queryLengths: "4", window: 1)
    return try FusionModel(
      MemoryWeights(configuration, seed: 8), residency: residency, context: try SmallModels.context())
  }

  @Test(arguments: WeightResidency.allCases)
  func givesTheBitsOfOrdinaryPasses(residency: WeightResidency) throws {
    let model = try model(residency)
    let stages = model.lockstepStages(hasPictures: true)
    let states = prompts().map { LockstepState($0) }
    let stores = states.map { _ in ActivationStore() }
    for stage in stages {
      let loaded = try model.load(stage)
      for (state, store) in zip(states, stores) { try model.advance(state, through: loaded, recorder: store) }
    }
    for (index, prompt) in prompts().enumerated() {
      let store = ActivationStore()
      let features = try prompt.vision.map { try model.encode($0, recorder: store) }
      let prefill = try model.prefill(prompt.tokens, features: features, answerCapacity: 1, recorder: store)
      #expect(states[index].x?.array == prefill.states.array)
      #expect(states[index].layout == prefill.layout)
      let last = prefill.layout.length - 1
      let expected = try model.language.logits(prefill.states, rows: last..<(last + 1)).logits.array
      #expect(try model.logits(states[index], positions: [last]).array == expected)
      for (name, entry) in stores[index].entries {
        let other = name == "inputs_embeds" && prompt.vision == nil ? "embeddings" : name
        #expect(store.entries[other]?.values == entry.values, "\(name)")
      }
      // Layers, samplers, features and input: nothing of the trace is lost but the rotation tables.
      let names = Set(store.entries.keys).subtracting(["rope.cos", "rope.sin", "embeddings"])
      #expect(names.isSubset(of: stores[index].entries.keys))
    }
  }

  @Test func aCopyGoesItsOwnWay() throws {
    let model = try model(.resident)
    for stop in model.lockstepStages(hasPictures: true).indices {
      let state = LockstepState(try #require(prompts().first))
      var copy: LockstepState?
      for (index, stage) in model.lockstepStages(hasPictures: true).enumerated() {
        let loaded = try model.load(stage)
        if index == stop { copy = LockstepState(copying: state) }
        try model.advance(state, through: loaded)
      }
      let late = try #require(copy)
      for stage in model.lockstepStages(hasPictures: true)[stop...] {
        try model.advance(late, through: try model.load(stage))
      }
      #expect(late.x?.array == state.x?.array, "from stage \(stop) on")
    }
  }
}
