import AccuracyReports
import ConversionPipeline
import Foundation
import FusionCore
import TestSupport
import Testing

@Suite struct SensitivityTests {
  /// A comparison on text, which takes no time in the tower.
  private static func text(_ source: String, _ candidate: String, _ unit: SensitivityUnit?) throws -> DiffReport {
    try Comparison.report(source, candidate) {
      $0.sensitivity = unit
      $0.imageSampleLimit = 0
    }
  }

  @Test func whatHurtsMostIsFirstAndItsPlanHelps() throws {
    let folder = try TemporaryFolder()
    let source = Fixtures.path("fusion-phi-tiny")
    // All of the model is at 8 bits but two layers.
    let worst = "language.layers.0.attention.qkv.weight"
    let recipe = try Pipeline.recipe("int8", tensorTypes: ["\(worst)=int4-sym-g128", "*layers.5.mlp.down*=int4"])
    try Pipeline.convert(source, to: folder.file("m"), recipe)
    let before = try Self.text(source, folder.file("m"), .tensors)
    let ranking = try #require(before.sensitivity)
    #expect(ranking.entries.first?.name == worst)
    #expect(ranking.entries.first?.suggestedScheme == "int8")
    #expect(ranking.entries.map(\.divergence) == ranking.entries.map(\.divergence).sorted(by: >))
    #expect(abs(ranking.entries.reduce(0) { $0 + $1.share } - 1) < 1e-9)
    #expect(ranking.entries.count == before.tensors.filter { !$0.isExact }.count)

    let text = try #require(ranking.plan)
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file("plan.json")))
    let plan = try TensorPlan(path: folder.file("plan.json"))
    #expect(plan.tensors[worst] == "int8")
    var wider = try Pipeline.recipe("int8")
    wider.overrides = try plan.overrides(groupSize: nil)
    try Pipeline.convert(source, to: folder.file("wider"), wider)
    let after = try Self.text(source, folder.file("wider"), nil)
    let means = try [before, after].map { try #require($0.outputs.all).divergence.mean.value }
    #expect(means[1] < means[0] / 2, "\(means)")
    #expect(after.tensors.first { $0.name == worst }?.scheme == "int8")
  }

  @Test func aUnitAloneIsThatUnitInAnOtherwiseEqualModel() throws {
    let folder = try TemporaryFolder()
    let source = Fixtures.path("fusion-x-llama-tiny")
    let name = "language.layers.1.mlp.down.weight"
    try Pipeline.convert(source, to: folder.file("m"), try Pipeline.recipe("int4"))
    let ranking = try #require(try Self.text(source, folder.file("m"), .tensors).sensitivity)
    try Pipeline.convert(source, to: folder.file("one"), try Pipeline.recipe("keep", tensorTypes: ["\(name)=int4"]))
    let alone = try Self.text(source, folder.file("one"), nil)
    let expected = try #require(alone.outputs.all).divergence
    let found = try #require(ranking.entries.first { $0.name == name }).divergence
    // The ranking looks at 64 positions of a sample, the comparison at all of them.
    #expect(found > 0 && abs(found - expected.mean.value) < 0.5 * expected.mean.value, "\(found), \(expected)")
  }

  @Test func layersAreUnitsToo() throws {
    let folder = try TemporaryFolder()
    let source = Fixtures.path("fusion-phi-tiny")
    try Pipeline.convert(
      source, to: folder.file("m"),
      try Pipeline.recipe("keep", tensorTypes: ["language.layers.3.*=int4", "vision.layers.2.*=int8"]))
    let ranking = try #require(
      try Comparison.report(source, folder.file("m")) {
        $0.sensitivity = .layers
        $0.imageSampleLimit = 1
      }.sensitivity)
    #expect(Set(ranking.entries.map(\.name)) == ["language.layers.3", "vision.layers.2"])
  }

  @Test(arguments: ["", "{}", "[1]", #"{"schema": "fusion-convert.plan/2", "tensors": {}}"#, #"{"tensors": 1}"#])
  func otherFilesAreNoPlans(text: String) throws {
    let folder = try TemporaryFolder()
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file("plan.json")))
    #expect(Pipeline.refusal { try TensorPlan(path: folder.file("plan.json")) }?.code.rawValue == "plan.malformed")
  }

  /// A plan that cannot be followed is the file's fault, and the error says where in it.
  @Test(arguments: [
    (#""a":"int8","b":"int5""#, #"tensors, "b""#), (#""a":"int8","a":"int4""#, #"tensors, "a""#),
    (#""a":8"#, #"tensors, "a""#), (#""a":"int4-g7""#, #"tensors, "a""#),
  ])
  func aPlanSaysWhichEntryIsWrong(entries: String, place: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("plan.json", text: #"{"schema":"fusion-convert.plan/1","tensors":{\#(entries)}}"#)
    let error = try #require(Pipeline.refusal { try TensorPlan(path: path) })
    #expect(error.code == .malformedPlan && error.code.category == .malformedInput)
    #expect(error.file == path && error.place == place, "\(error)")
  }

  @Test func aPlanOfAnotherModelIsRefusedByItsName() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "plan.json", text: #"{"schema":"fusion-convert.plan/1","tensors":{"language.layers.99.mlp.down.weight":"int4"}}"#)
    var recipe = try Pipeline.recipe("int4")
    recipe.overrides = try TensorPlan(path: path).overrides(groupSize: nil, file: path)
    let error = Pipeline.refusal { [recipe] in
      try Pipeline.convert(Fixtures.path("fusion-phi-tiny"), to: folder.file("m"), recipe)
    }
    #expect(error?.code == .planOfOtherModel && error?.file == path, "\(String(describing: error))")
    #expect(error?.place == #"tensors, "language.layers.99.mlp.down.weight""#)
  }
}
