import Foundation
import TestSupport
import Testing

/// The table of a trace's tensors in `formats/runtime.md`, held against a file.
///
/// Columns: name, type, shape, and when the tensor is there. A name may have `{n}`, which stands for a number.
enum TraceTable {
  /// Compares names, types and shapes in both directions.
  ///
  /// - Parameters:
  ///   - circumstances: which tensors are to be there: `picture`, `text`, `answer`.
  ///   - absent: names that are missing nevertheless.
  static func expect(
    _ file: RawSafetensors, isOf fixture: String, with circumstances: Set<String>, without absent: Set<String> = []
  ) throws {
    let letters = try letters(file, fixture)
    var rest = file.tensors
    for row in try FormatDocument("runtime.md").rows(under: "### Tensors of trace") {
      let needed = Set(row[3].components(separatedBy: ", "))
      guard needed == ["always"] || needed.isSubset(of: circumstances), !absent.contains(row[0]) else { continue }
      let names = row[0].contains("{n}") ? rest.keys.filter { isNumbered($0, as: row[0]) } : [row[0]]
      #expect(!names.isEmpty, "no \(row[0])")
      for name in names {
        let tensor = rest.removeValue(forKey: name)
        #expect(tensor?.dtype == row[1], "\(name): \(tensor?.dtype ?? "absent")")
        #expect(tensor?.shape == row[2].components(separatedBy: ", ").map { value($0, letters) }, "\(name), \(row[2])")
      }
    }
    #expect(rest.isEmpty, "not in the document: \(rest.keys.sorted())")
  }

  /// What the letters of the shapes stand for, from the model's configuration and from the ids of the trace.
  private static func letters(_ file: RawSafetensors, _ fixture: String) throws -> [String: Int] {
    let data = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("\(fixture)/config.json")))
    let config = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    let vision = config["vision_config"] as? [String: Any] ?? [:]
    func number(_ fields: [String: Any], _ name: String) throws -> Int { try #require(fields[name] as? Int, "\(name)") }
    func count(_ name: String) -> Int { file.tensors[name]?.shape.last ?? 0 }
    let side = try number(vision, "image_size") / number(vision, "patch_size")
    let hidden = try number(config, "hidden_size")
    let latents = try #require(Int(config["query_len"] as? String ?? ""))
    // Every id is one position, but for the placeholders: of two the first takes the picture.
    let ids = try #require(file.tensors["input_ids"]).bytes.chunks(ofSize: 8)
    let placeholderCount = ids.filter { $0[7] == 0xFF }.count
    let filled = placeholderCount * latents + (placeholderCount == 2 ? side * side - latents : 0)
    return [
      "N": ids.count, "A": count("train.input_ids"), "G": count("generated_ids"), "T": count("instruct_ids"), "L": 1,
      "P": side * side, "Q": latents, "V": latents, "w": try number(config, "window_size"), "H": hidden,
      "D": try number(vision, "hidden_size"), "d": hidden / (try number(config, "num_attention_heads")),
      "C": try number(vision, "image_size"), "S": ids.count - placeholderCount + filled,
      "vocabulary": try number(config, "vocab_size"),
    ]
  }

  private static func isNumbered(_ name: String, as pattern: String) -> Bool {
    let parts = pattern.components(separatedBy: "{n}")
    guard parts.count == 2, name.hasPrefix(parts[0]), name.hasSuffix(parts[1]) else { return false }
    return Int(name.dropFirst(parts[0].count).dropLast(parts[1].count)) != nil
  }

  /// Sums and differences of products of whole numbers and letters: `P + T`, `Q w w`.
  private static func value(_ formula: String, _ letters: [String: Int]) -> Int {
    formula.replacing(" - ", with: " + -1 ").components(separatedBy: " + ").reduce(0) { sum, term in
      sum + term.split(separator: " ").reduce(1) { $0 * (Int($1) ?? letters[String($1)] ?? -1) }
    }
  }
}

extension [UInt8] {
  /// Pieces of so many bytes each.
  fileprivate func chunks(ofSize size: Int) -> [[UInt8]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}
