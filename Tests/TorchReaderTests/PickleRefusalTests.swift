import FusionCore
import TestSupport
import Testing
import TorchReader

/// Every pickle that must not be read, with the exact error.
@Suite struct PickleRefusalTests {
  @Test(arguments: PickleCase.hiddenCalls + PickleCase.structure)
  func refuses(_ item: PickleCase) throws {
    let error = try #require(throws: FusionError.self) { try document(of: item.bytes) }
    #expect(error.code == item.code)
    #expect(error.place == item.place)
    #expect(error.found?.contains(item.found) == true, "found: \(error.found ?? "none")")
    #expect(error.remedy?.isEmpty == false)
  }

  @Test(arguments: PickleCase.forbiddenNames)
  func refusesCode(row: String, module: String, name: String) throws {
    let global = PickleGlobal(module: module, name: name)
    #expect(TorchGlobals.verdict(on: global) == .forbidden)
    let quoted = "\"\(global.fullName.escapedForTerminal)\""
    let byLine = PickleBuilder().global(module, name).text("id").ops(.tuple1, .reduce).stop()
    let byStack = PickleBuilder(protocol: 4).stackGlobal(module, name).ops(.emptyTuple, .newObj).stop()
    let stackOffset = 2 + 5 + module.utf8.count + 5 + name.utf8.count
    for (bytes, place) in [
      (byLine, "opcode GLOBAL at offset 2"), (byStack, "opcode STACK_GLOBAL at offset \(stackOffset)"),
    ] {
      let error = try #require(throws: FusionError.self) { try document(of: bytes) }
      #expect(error.code == .torchForbiddenGlobal)
      #expect(error.place == place)
      #expect(error.found == quoted)
      #expect(error.remedy?.contains("inspect --globals") == true)
    }
  }

  static let unsupported: [(module: String, name: String, remedy: String)] = [
    ("torch._utils", "_rebuild_qtensor", "before they were quantized"),
    ("torch", "QInt8Storage", "before they were quantized"),
    ("torch._utils", "_rebuild_sparse_tensor", "to_dense"),
    ("torch._utils", "_rebuild_meta_tensor_no_storage", "load the weights"),
    ("torch._utils", "_rebuild_wrapper_subclass", "plain tensors"),
    ("torch._utils", "_rebuild_device_tensor_from_numpy", "model.cpu()"),
    ("torch", "ComplexFloatStorage", "complex"), ("torch.storage", "_load_from_bytes", "torch.save"),
    ("torch.nn.modules.linear", "Linear", "model.state_dict()"), ("__torch__", "Model", "original model"),
    ("transformers.training_args", "TrainingArguments", "leave it out"),
    ("deepspeed.runtime.zero.config", "DeepSpeedZeroConfig", "export the weights alone"),
    ("pytorch_lightning.callbacks", "ModelCheckpoint", "export the weights alone"),
  ]

  @Test(arguments: unsupported)
  func refusesKnownThingsWithAdvice(module: String, name: String, remedy: String) throws {
    let bytes = PickleBuilder().global(module, name).ops(.emptyTuple, .newObj).stop()
    let error = try #require(throws: FusionError.self) { try document(of: bytes) }
    #expect(error.code == .torchUnsupportedGlobal)
    #expect(error.place == "opcode GLOBAL at offset 2")
    #expect(error.found == "\"\(module).\(name)\"")
    #expect(error.remedy?.contains(remedy) == true, "remedy: \(error.remedy ?? "none")")
  }

  static let refusedOpcodes: [(opcode: PickleBuilder.Opcode, label: String)] = [
    (.obj, "OBJ"), (.ext1, "EXT1"), (.ext2, "EXT2"), (.ext4, "EXT4"), (.persID, "PERSID"), (.float, "FLOAT"),
    (.string, "STRING"), (.unicode, "UNICODE"), (.nextBuffer, "NEXT_BUFFER"), (.readOnlyBuffer, "READONLY_BUFFER"),
  ]

  @Test(arguments: refusedOpcodes)
  func refusesOpcodes(opcode: PickleBuilder.Opcode, label: String) throws {
    let bytes = PickleBuilder(protocol: 5).op(.mark).op(opcode, text: "1\n1\n").stop()
    let error = try #require(throws: FusionError.self) { try document(of: bytes) }
    #expect(error.code == .torchPickleForbiddenOpcode)
    #expect(error.place == "opcode \(label) at offset 3")
    #expect(error.found?.hasPrefix(label) == true)
  }

  @Test func comparesNamesByteForByte() {
    let kelvin = PickleGlobal(module: "torch", name: "\u{212A}")
    #expect(kelvin.name == "K")
    #expect(kelvin != PickleGlobal(module: "torch", name: "K"))
  }

  @Test func everyRowHasACase() {
    let rows = (PickleCase.hiddenCalls + PickleCase.structure).map(\.row) + PickleCase.forbiddenNames.map(\.row)
    // P6 and P8 are about programs that call what a pickle names after all, which nothing here can; P7 is about tensors.
    #expect(Set(rows) == ["P1", "P2", "P3", "P4", "P5", "P9", "P10", "P11"])
  }
}
