/// A file that PyTorch wrote and that is refused.
struct RefusedTorchFile: Sendable {
  /// Version of PyTorch, which is the folder.
  let version: String
  let name: String
  let code: String
  let place: String

  init(_ version: String, _ name: String, _ code: String, _ place: String) {
    self.version = version
    self.name = name
    self.code = code
    self.place = place
  }

  var path: String { "torch/\(version)/\(name)" }

  static let all: [RefusedTorchFile] = [
    .init("1.13.1", "edges.zip.p2.pt", "torch.unsafeName", "tensor 7"),
    .init("1.13.1", "edges.zip.p5.pt", "torch.unsafeName", "tensor 7"),
    .init("1.13.1", "edges.legacy.p2.pt", "torch.unsafeName", "tensor 7"),
    .init("1.13.1", "edges.legacy.p5.pt", "torch.unsafeName", "tensor 7"),
    .init("1.13.1", "complex64.zip.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 179"),
    .init("1.13.1", "complex64.legacy.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 330"),
    .init("1.13.1", "complex128.zip.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 179"),
    .init("1.13.1", "complex128.legacy.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 330"),
    .init("1.13.1", "quantized.zip.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 173"),
    .init("1.13.1", "quantized.legacy.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 324"),
    .init("1.13.1", "quantized-channels.zip.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 13"),
    .init("1.13.1", "sparse.zip.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 173"),
    .init("1.13.1", "sparse.legacy.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 324"),
    .init("1.13.1", "sparse-rows.zip.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 173"),
    .init("1.13.1", "meta.zip.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 173"),
    .init("1.13.1", "meta.legacy.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 324"),
    .init("1.13.1", "subclass.zip.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 215"),
    .init("1.13.1", "subclass.legacy.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 366"),
    .init("1.13.1", "module.zip.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 2"),
    .init("1.13.1", "module.legacy.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 153"),
    .init("1.13.1", "module-inside.zip.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 18"),
    .init("1.13.1", "lone-tensor.zip.pt", "torch.noStateDict", "the top"),
    .init("1.13.1", "lone-tensor.legacy.pt", "torch.noStateDict", "the top"),
    .init("1.13.1", "list.zip.pt", "torch.noStateDict", "the top"),
    .init("1.13.1", "list.legacy.pt", "torch.noStateDict", "the top"),
    .init("1.13.1", "no-tensors.zip.pt", "torch.noStateDict", "the top"),
    .init("1.13.1", "no-tensors.legacy.pt", "torch.noStateDict", "the top"),
    .init("1.13.1", "two-candidates.zip.pt", "torch.ambiguousStateDict", "the top"),
    .init("1.13.1", "two-candidates.legacy.pt", "torch.ambiguousStateDict", "the top"),
    .init("1.13.1", "tar.tar.pt", "torch.tarArchive", "the start of the file"),
    .init("1.13.1", "script.torchscript.pt", "torch.scriptArchive", "the start of the file"),
    .init("1.13.1", "script.lite.ptl", "torch.scriptArchive", "the start of the file"),
    .init("1.13.1", "package.pt", "torch.package", "the start of the file"),
    .init("2.15.0", "big-endian.zip.pt", "torch.byteOrder", #"entry "archive/byteorder""#),
    .init("2.15.0", "big-endian-16.zip.pt", "torch.byteOrder", #"entry "archive/byteorder""#),
    .init("2.15.0", "edges.zip.p2.pt", "torch.unsafeName", "tensor 7"),
    .init("2.15.0", "edges.zip.p5.pt", "torch.unsafeName", "tensor 7"),
    .init("2.15.0", "edges.legacy.p2.pt", "torch.unsafeName", "tensor 7"),
    .init("2.15.0", "edges.legacy.p5.pt", "torch.unsafeName", "tensor 7"),
    .init("2.15.0", "complex32.zip.pt", "torch.unsupportedType", #"tensor "b", _rebuild_tensor_v3"#),
    .init("2.15.0", "complex32.legacy.pt", "torch.unsupportedType", #"tensor "b", _rebuild_tensor_v3"#),
    .init("2.15.0", "complex64.zip.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 179"),
    .init("2.15.0", "complex64.legacy.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 330"),
    .init("2.15.0", "complex128.zip.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 179"),
    .init("2.15.0", "complex128.legacy.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 330"),
    .init("2.15.0", "float8_e4m3fnuz.zip.pt", "torch.unsupportedType", #"tensor "b", _rebuild_tensor_v3"#),
    .init("2.15.0", "float8_e5m2fnuz.zip.pt", "torch.unsupportedType", #"tensor "b", _rebuild_tensor_v3"#),
    .init("2.15.0", "float8_e8m0fnu.zip.pt", "torch.unsupportedType", #"tensor "b", _rebuild_tensor_v3"#),
    .init("2.15.0", "float4_e2m1fn_x2.zip.pt", "torch.unsupportedType", #"tensor "b", _rebuild_tensor_v3"#),
    .init("2.15.0", "bits8.zip.pt", "torch.unsupportedType", #"tensor "b", _rebuild_tensor_v3"#),
    .init("2.15.0", "bits16.zip.pt", "torch.unsupportedType", #"tensor "b", _rebuild_tensor_v3"#),
    .init("2.15.0", "bits2x4.zip.pt", "torch.unsupportedType", #"tensor "b", _rebuild_tensor_v3"#),
    .init("2.15.0", "quantized.zip.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 173"),
    .init("2.15.0", "quantized.legacy.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 324"),
    .init("2.15.0", "quantized-channels.zip.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 13"),
    .init("2.15.0", "sparse.zip.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 173"),
    .init("2.15.0", "sparse.legacy.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 324"),
    .init("2.15.0", "sparse-rows.zip.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 173"),
    .init("2.15.0", "meta.zip.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 173"),
    .init("2.15.0", "meta.legacy.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 324"),
    .init("2.15.0", "nested.zip.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 13"),
    .init("2.15.0", "nested-jagged.zip.pt", "torch.forbiddenGlobal", "opcode GLOBAL at offset 53"),
    .init("2.15.0", "negative-bit.zip.pt", "torch.unsupportedTensor", #"tensor "b", _rebuild_tensor_v2"#),
    .init("2.15.0", "subclass.zip.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 215"),
    .init("2.15.0", "subclass.legacy.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 366"),
    .init("2.15.0", "module.zip.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 2"),
    .init("2.15.0", "module.legacy.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 153"),
    .init("2.15.0", "module-inside.zip.pt", "torch.unsupportedGlobal", "opcode GLOBAL at offset 18"),
    .init("2.15.0", "lone-tensor.zip.pt", "torch.noStateDict", "the top"),
    .init("2.15.0", "lone-tensor.legacy.pt", "torch.noStateDict", "the top"),
    .init("2.15.0", "list.zip.pt", "torch.noStateDict", "the top"),
    .init("2.15.0", "list.legacy.pt", "torch.noStateDict", "the top"),
    .init("2.15.0", "no-tensors.zip.pt", "torch.noStateDict", "the top"),
    .init("2.15.0", "no-tensors.legacy.pt", "torch.noStateDict", "the top"),
    .init("2.15.0", "two-candidates.zip.pt", "torch.ambiguousStateDict", "the top"),
    .init("2.15.0", "two-candidates.legacy.pt", "torch.ambiguousStateDict", "the top"),
    .init("2.15.0", "tar.tar.pt", "torch.tarArchive", "the start of the file"),
    .init("2.15.0", "script.torchscript.pt", "torch.scriptArchive", "the start of the file"),
    .init("2.15.0", "script.lite.ptl", "torch.scriptArchive", "the start of the file"),
    .init("2.15.0", "exported.pt2", "torch.exportedProgram", "the start of the file"),
    .init("2.15.0", "package.pt", "torch.package", "the start of the file"),
    .init("1.4.0", "early.zip.pt", "torch.missingStorage", #"storage "94800900057872""#),
  ]
}
