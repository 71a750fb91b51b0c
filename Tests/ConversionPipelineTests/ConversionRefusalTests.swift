import ConversionPipeline
import Foundation
import FusionCore
import TestSupport
import Testing

@Suite struct ConversionRefusalTests {
  private static let matrix = "model.layers.2.mlp.down_proj.weight"

  @Test(arguments: [
    (bits: [0xC0, 0x7F] as [UInt8], code: FusionError.Code("quantizer.nonfiniteWeight"), found: "nan"),
    (bits: [0x80, 0xFF] as [UInt8], code: FusionError.Code("quantizer.nonfiniteWeight"), found: "-inf"),
    (bits: [0x00, 0x60] as [UInt8], code: FusionError.Code("quantizer.absurdWeight"), found: "3.689349e+19"),
  ])
  func weightsThatAreDamageAreRefusedByName(bits: [UInt8], code: FusionError.Code, found: String) throws {
    let folder = try TemporaryFolder()
    try CheckpointCopies.make(of: "fusion-phi-tiny", at: folder.file("source")) { tensors in
      // Row 5, column 7 of 256 columns.
      tensors[Self.matrix]?.bytes.replaceSubrange((2 * (5 * 256 + 7))..<(2 * (5 * 256 + 8)), with: bits)
    }
    let error = Pipeline.refusal {
      try Pipeline.convert(folder.file("source"), to: folder.file("model.fusion"), try Pipeline.recipe("int4"))
    }
    #expect(error?.code == code)
    #expect(error?.place == "tensor \(Self.matrix), rows from 0: row 5, column 7")
    #expect(error?.found == found)
    #expect(error?.remedy?.contains("--keep") == true)
    #expect(try folder.names() == ["source"])

    // The remedy that the message names works.
    try Pipeline.convert(
      folder.file("source"), to: folder.file("model.fusion"), try Pipeline.recipe("int4", keep: [Self.matrix]))
    #expect(try Pipeline.verify(folder.file("model.fusion"), source: folder.file("source")).tensorCount > 0)
  }

  @Test func anInputIsNeverOverwritten() throws {
    let folder = try TemporaryFolder()
    try CheckpointCopies.make(of: "fusion-phi-tiny", at: folder.file("source"))
    let weights = folder.file("source/model.safetensors")
    let before = try Pipeline.bytes(weights)
    try FileManager.default.createSymbolicLink(atPath: folder.file("link.fusion"), withDestinationPath: weights)
    for output in [weights, folder.file("link.fusion"), folder.file("source/config.json")] {
      let error = Pipeline.refusal {
        try Pipeline.convert(folder.file("source"), to: output, try Pipeline.recipe("int8"), replacing: true)
      }
      #expect(error?.code == FusionError.Code("convert.outputIsInput"), "\(output)")
      #expect(error?.found?.hasPrefix("the same file as") == true)
    }
    #expect(try Pipeline.bytes(weights) == before)
  }

  @Test func anExistingOutputNeedsForce() throws {
    let folder = try TemporaryFolder()
    let output = try folder.write("model.fusion", text: "mine")
    let source = Fixtures.path("fusion-phi-tiny")
    let error = Pipeline.refusal { try Pipeline.convert(source, to: output, try Pipeline.recipe("int8")) }
    #expect(error?.code == .outputExists)
    #expect(error?.remedy?.contains("--force") == true)
    #expect(try Pipeline.bytes(output) == Data("mine".utf8))
    try Pipeline.convert(source, to: output, try Pipeline.recipe("int8"), replacing: true)
    #expect(try Pipeline.verify(output, source: source).tensorCount > 0)
    #expect(try folder.names() == ["model.fusion"])
  }

  @Test func patternsThatFitNothingAreTypingMistakes() throws {
    let source = Fixtures.path("fusion-phi-tiny")
    for recipe in [
      try Pipeline.recipe("int4", keep: ["visoin.*"]), try Pipeline.recipe("int4", tensorTypes: ["visoin.*=int8"]),
    ] {
      let error = Pipeline.refusal {
        try Converter(checkpoint: try Checkpoint(path: source), recipe: recipe, execution: try Pipeline.execution())
      }
      #expect(error?.code == FusionError.Code("options.patternWithoutMatch"))
      #expect(error?.place == "visoin.*")
    }
  }

  @Test(arguments: [
    "int5", "int4-g33", "int4-g0", "int4-nl-g33", "int4-nlx", "int8-nl", "f16", "int8-g", "",
    "int4-g999999999999999999999",
  ])
  func unknownSchemesAreUsageErrors(scheme: String) {
    let error = Pipeline.refusal { try WeightScheme(parsing: scheme) }
    #expect(error?.code == FusionError.Code("options.badScheme"))
    #expect(error?.code.category == .usage)
  }

  @Test(
    arguments: [
      "keep", "bf16", "f32", "int8", "int8-g64", "int4-g32", "int4-g128", "int4-sym-g32", "int4-sym-g64", "int4-nl-g32",
      "int4-nl-g64", "int4-nl-cs-g128",
    ])
  func schemeNamesReadBack(name: String) throws {
    #expect(try WeightScheme(parsing: name).name == name)
  }

  @Test func theWrongSourceIsNoticed() throws {
    let folder = try TemporaryFolder()
    let container = folder.file("model.fusion")
    try Pipeline.convert(Fixtures.path("fusion-phi-tiny"), to: container, try Pipeline.recipe("int4"))
    try CheckpointCopies.make(of: "fusion-phi-tiny", at: folder.file("other")) { tensors in
      // One weight of one matrix has its sign flipped.
      tensors[Self.matrix]?.bytes[1001] ^= 0x80
    }
    let error = Pipeline.refusal { try Pipeline.verify(container, source: folder.file("other")) }
    #expect(error?.code == FusionError.Code("quantizer.outsideOfBound"))
    #expect(error?.place?.hasPrefix("tensor \(Self.matrix), rows from 0: row 1, group") == true)
    let other = Pipeline.refusal { try Pipeline.verify(container, source: Fixtures.path("fusion-x-llama-tiny")) }
    #expect(other?.code == FusionError.Code("verify.sourceDiffers"))
  }

  @Test func aCheckpointWithoutConfigurationSaysSo() throws {
    let folder = try TemporaryFolder()
    try CheckpointCopies.make(of: "fusion-phi-tiny", at: folder.file("source"))
    try FileManager.default.removeItem(atPath: folder.file("source/config.json"))
    let error = Pipeline.refusal { try Checkpoint(path: folder.file("source")) }
    #expect(error?.code == FusionError.Code("checkpoint.missingConfiguration"))
    #expect(error?.code.category == .missingInput)
    // Inspection still shows the names.
    let report = try Inspector(path: folder.file("source")).report()
    #expect(report.family == nil && report.tensors.allSatisfy { $0.canonicalName == nil })
    #expect(report.notices.contains { $0.contains("no config.json") })
  }
}
