import ContainerFormat
import ConversionPipeline
import Foundation
import FusionCore
import TestSupport
import Testing

/// Containers whose every checksum is right and whose content is wrong: only a look at the numbers finds it.
@Suite struct HostileContainerTests {
  /// Bytes of valid containers by scheme, of a checkpoint with an odd number of columns.
  private static let samples = Result<[String: Data], any Error> {
    let folder = try TemporaryFolder()
    try makeOddCheckpoint(at: folder.file("source"))
    var samples: [String: Data] = [:]
    for scheme in Set(PayloadDamage.all.map(\.scheme)) {
      let overrides = [PayloadDamage.square, PayloadDamage.odd].map { "\($0)=\(scheme)" }
      let recipe = try Pipeline.recipe("keep", tensorTypes: overrides, compresses: false)
      try Pipeline.convert(folder.file("source"), to: folder.file(scheme), recipe)
      samples[scheme] = try Pipeline.bytes(folder.file(scheme))
    }
    return samples
  }

  /// The vision tower's inner layers lose one of their 140 channels.
  private static func makeOddCheckpoint(at path: String) throws {
    let columnCount = PayloadDamage.oddColumnCount
    try CheckpointCopies.make(of: "fusion-phi-tiny", at: path) { tensors in
      for (name, tensor) in tensors where name.contains(".mlp.fc") {
        if name.hasSuffix("fc1.bias") || name.hasSuffix("fc1.weight") {
          tensors[name]?.shape[0] = columnCount
          tensors[name]?.bytes.removeLast(tensor.bytes.count / (columnCount + 1))
        } else if name.hasSuffix("fc2.weight") {
          tensors[name]?.shape[1] = columnCount
          let rows = stride(from: 0, to: tensor.bytes.count, by: 2 * (columnCount + 1))
          tensors[name]?.bytes = rows.flatMap { tensor.bytes[$0..<$0 + 2 * columnCount] }
        }
      }
    }
    let url = URL(fileURLWithPath: "\(path)/config.json")
    let text = try String(contentsOf: url, encoding: .utf8)
    try text.replacingOccurrences(of: "\"intermediate_size\": 140", with: "\"intermediate_size\": \(columnCount)")
      .write(to: url, atomically: true, encoding: .utf8)
  }

  private func refusal(of container: RewrittenContainer, scheme: String = "int8") throws -> FusionError? {
    let folder = try TemporaryFolder()
    let path = folder.file("hostile.fusion")
    try container.write(try folder.write("valid.fusion", [UInt8](try sample(scheme))), to: path)
    let error = Pipeline.refusal { try Pipeline.verify(path, source: nil) }
    #expect(error == nil || error?.file == path)
    return error
  }

  private func sample(_ scheme: String) throws -> Data { try #require(try Self.samples.get()[scheme]) }

  @Test func rewritingAloneChangesNothing() throws {
    for scheme in Set(PayloadDamage.all.map(\.scheme)) {
      let folder = try TemporaryFolder()
      let source = try folder.write("valid.fusion", [UInt8](try sample(scheme)))
      let tensors = try ContainerReader(path: source).index.tensors
      for name in [PayloadDamage.square, PayloadDamage.odd] {
        #expect(tensors.first { $0.name == name }?.encoding.name == scheme)
      }
      #expect(try refusal(of: RewrittenContainer(), scheme: scheme) == nil)
    }
  }

  @Test(arguments: PayloadDamage.all)
  func aNumberThatNoQuantizerWritesIsNamed(_ damage: PayloadDamage) throws {
    var container = RewrittenContainer()
    container.editChunk = { tensor, stream, bytes in
      guard tensor == damage.tensor, stream == damage.stream else { return }
      bytes.replaceSubrange(damage.offset..<(damage.offset + damage.bytes.count), with: damage.bytes)
    }
    let error = try refusal(of: container, scheme: damage.scheme)
    #expect(error?.code == damage.code)
    #expect(error?.place == "tensor \(damage.tensor), rows from 0: \(damage.place)")
    #expect(error?.expected == damage.expected)
    #expect(error?.found == damage.found)
    #expect(error?.remedy == "convert the source again")
  }

  @Test func theConfigurationOfAnotherModelIsNoticed() throws {
    let folder = try TemporaryFolder()
    let other = folder.file("llama.fusion")
    try Pipeline.convert(Fixtures.path("fusion-x-llama-tiny"), to: other, try Pipeline.recipe("keep"))
    var container = RewrittenContainer()
    container.foreignFile = ("config.json", other)
    let error = try refusal(of: container)
    #expect(error?.code == FusionError.Code("graph.mismatch"))
    #expect(error?.expected?.contains("fusion_llama") == true, "\(error?.expected ?? "")")
    #expect(error?.place?.contains("missing") == true, "\(error?.place ?? "")")
  }

  @Test func swappedCanonicalNamesAreNoticed() throws {
    let names = (0...1).map { "language.layers.\($0).attention.output.weight" }
    var container = RewrittenContainer()
    container.editIndex = { index in
      let positions = names.compactMap { name in index.tensors.firstIndex { $0.canonicalName == name } }
      #expect(positions.count == 2)
      for (position, name) in zip(positions, names.reversed()) { index.tensors[position].canonicalName = name }
    }
    let error = try refusal(of: container)
    #expect(error?.code == FusionError.Code("verify.graphDisagrees"))
    #expect(error?.place == "tensor model.layers.0.self_attn.o_proj.weight")
    #expect(error?.expected == names[0])
    #expect(error?.found == "\(names[1]) with role attention")
  }

  @Test func aWrongRoleIsNoticed() throws {
    var container = RewrittenContainer()
    container.editIndex = { index in
      guard let position = index.tensors.firstIndex(where: { $0.name == PayloadDamage.square }) else { return }
      index.tensors[position].role = "norm"
    }
    let error = try refusal(of: container)
    #expect(error?.code == FusionError.Code("verify.graphDisagrees"))
    #expect(error?.place == "tensor \(PayloadDamage.square)")
    #expect(error?.found?.hasSuffix("with role norm") == true)
  }

  @Test func aWrongDigestOfASideFileIsNoticed() throws {
    var container = RewrittenContainer()
    var (right, wrong) = ("", "")
    container.editIndex = { index in
      guard let position = index.files.firstIndex(where: { $0.name == "tokenizer.json" }) else { return }
      right = Self.hexadecimal(index.files[position].sha256)
      index.files[position].sha256[31] ^= 1
      wrong = Self.hexadecimal(index.files[position].sha256)
    }
    let error = try refusal(of: container)
    #expect(error?.code == FusionError.Code("container.fileDigestWrong"))
    #expect(error?.place == "tokenizer.json")
    #expect(right.count == 64 && error?.expected == "SHA-256 \(wrong)" && error?.found == "SHA-256 \(right)")
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
