import ContainerFormat
import ConversionPipeline
import FusionCore
import WeightGraph

/// A journal of an interrupted conversion: what is taken over is what would be written.
///
/// The checksums of whole lines are made right, which would stop every other change; an input that ends within a line
/// is left as it is.
enum JournalFuzzing {
  /// Digits of a checksum with the quotes and the brace behind them.
  private static let checksumByteCount = 19

  static func run(_ bytes: UnsafeRawBufferPointer) throws {
    guard let plan else { throw FuzzFinding("there is no plan") }
    let input = bytes.last == UInt8(ascii: "\n") ? sealed(Array(bytes)) : Array(bytes)
    let content = try input.withUnsafeBytes {
      try JournalContent($0, header: header, entries: plan.entries, output: "fuzz.fusion")
    }
    try FuzzFinding.require(content.tensorCount <= plan.entries.count, "\(content.tensorCount) tensors")
    try FuzzFinding.require(input.starts(with: content.bytes), "other lines would be written")
    let again = try FuzzFinding.accepting("what would be written") {
      try content.bytes.withUnsafeBytes {
        try JournalContent($0, header: header, entries: plan.entries, output: "fuzz.fusion")
      }
    }
    try FuzzFinding.require(again.bytes == content.bytes, "the journal changed by being written")
  }

  private static func sealed(_ bytes: [UInt8]) -> [UInt8] {
    let field = Array(",\"\(JournalSchema.LineField.checksum.rawValue)\":\"".utf8)
    return bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line -> [UInt8] in
      let end = line.count - checksumByteCount + 1
      guard end > field.count,
        line[line.startIndex...].dropLast(line.count - end).suffix(field.count).elementsEqual(field)
      else { return Array(line) }
      let start = Array(line.prefix(end - field.count))
      let digits = String(ContainerChecksum.of(start), radix: 16)
      return start + field + (String(repeating: "0", count: 16 - digits.count) + digits + "\"}").utf8
    }.joined(separator: [UInt8(ascii: "\n")]).map { $0 }
  }

  /// The first line of the conversion that goes on.
  static let header = Array(
    ("{"
      + JournalSchema.HeaderField.allCases.map { field in
        "\"\(field.rawValue)\":\"\(field == .schema ? JournalSchema.name : "\(field.rawValue)-1")\""
      }.joined(separator: ",") + "}\n").utf8)

  /// What becomes of a language model of one layer: tensors of one chunk and of several streams.
  private static let plan: QuantizationPlan? = {
    let json = """
      {"architectures":["LlamaForCausalLM"],"model_type":"llama","hidden_size":64,"intermediate_size":128,\
      "num_hidden_layers":1,"num_attention_heads":4,"num_key_value_heads":2,"vocab_size":96,"rms_norm_eps":1e-5,\
      "rope_theta":500000.0,"max_position_embeddings":256,"hidden_act":"silu","tie_word_embeddings":false}
      """
    guard let configuration = try? ModelConfiguration(json: Array(json.utf8), file: "config.json") else { return nil }
    let tensors = ExpectedTensors.list(for: configuration).map { specification in
      TensorDescription(
        name: specification.sourceName, dtype: .bf16, shape: specification.shape, fileIndex: 0, offset: 0,
        byteCount: specification.shape.byteCount(of: .bf16) ?? 0)
    }
    guard
      let graph = try? CanonicalGraph.build(configuration: configuration, tensors: tensors, file: "config.json"),
      let scheme = try? WeightScheme(parsing: "int4-g32")
    else { return nil }
    return try? QuantizationPlan(graph: graph, recipe: QuantizationRecipe(scheme: scheme))
  }()
}
