import ContainerFormat
import FusionCore

extension CorruptCase {
  private static func text(
    _ name: String, _ path: [(Int, Int)], _ field: Int, _ value: [UInt8], place: String, expected: String? = nil,
    found: String? = nil
  ) -> CorruptCase {
    let path = path.map { [$0.0, $0.1] }
    return CorruptCase("C4", name, .containerInvalidText, place: place, expected: expected, found: found) {
      $0.index.edit(path.map { ($0[0], $0[1]) }) { $0.set(field, .bytes(value)) }
    }
  }

  /// Texts, duplicates, aliases.
  static let names: [CorruptCase] = [
    text(
      "empty tensor name", tensor(0), 1, [], place: "tensor \"s.a\", name", expected: "1 to 512 bytes", found: "0 bytes"
    ),
    text("empty canonical name", tensor(0), 2, [], place: "tensor 0, canonical name"),
    text(
      "tensor name too long", tensor(0), 1, [UInt8](repeating: 97, count: 513), place: "tensor \"s.a\", name",
      found: "513 bytes"),
    text("NUL in a name", tensor(0), 2, [97, 0, 98], place: "tensor 0, canonical name", found: "U+0"),
    text("bidirectional mark", tensor(0), 1, Array("a\u{202E}b".utf8), place: "tensor \"s.a\", name", found: "U+202E"),
    text("not UTF-8", tensor(0), 1, [0xC0, 0x80], place: "tensor \"s.a\", name", expected: "UTF-8"),
    text("surrogate", tensor(0), 1, [0xED, 0xA0, 0x80], place: "tensor \"s.a\", name", expected: "UTF-8"),
    text("role too long", tensor(0), 3, [UInt8](repeating: 97, count: 257), place: "tensor \"s.a\", role"),
    text("escape in an alias", alias(0), 1, [27], place: "alias 0, canonical name", found: "U+1B"),
    text("file outside", file(0), 1, Array("../x".utf8), place: "file 0, name", expected: "a plain file name"),
    text("file with backslash", file(0), 1, Array("a\\x".utf8), place: "file 0, name"),
    text("file named ..", file(0), 1, Array("..".utf8), place: "file 0, name", found: ".."),
    text("file name too long", file(0), 1, [UInt8](repeating: 97, count: 256), place: "file 0, name"),
    text("absolute source", source(0), 1, Array("/x".utf8), place: "source 0, name", found: "/x"),
    text("source outside", source(1), 1, Array("a/../b".utf8), place: "source 1, name"),
    text("line feed in producer", provenance, 1, [10], place: "provenance, producer", found: "U+A"),
    text("escape in the recipe", provenance, 4, [27], place: "provenance, recipe"),
    text("recipe too long", provenance, 4, [UInt8](repeating: 32, count: (1 << 20) + 1), place: "provenance, recipe"),
    text("reason too long", fallback, 4, [UInt8](repeating: 97, count: 4097), place: "fallback 0, reason"),
    text("line feed in a notice", provenance, 7, [10], place: "notice 0, text"),
    CorruptCase(
      "C15", "two tensors of one canonical name", .containerDuplicateName, place: "tensor \"s.a\"",
      expected: "a canonical name of its own", found: "s.a a second time"
    ) { $0.index.edit(tensor(1)) { $0.set(2, text: "s.a") } },
    CorruptCase("C15", "two tensors of one name", .containerDuplicateName, place: "tensor \"s.b\"") {
      $0.index.edit(tensor(1)) { $0.set(1, text: "source.a") }
    },
    CorruptCase("C15", "names that look the same", .containerDuplicateName) {
      $0.index.edit(tensor(0)) { $0.set(1, text: "\u{E9}") }
      $0.index.edit(tensor(1)) { $0.set(1, text: "e\u{301}") }
    },
    CorruptCase("C15", "alias named like a tensor", .containerDuplicateName, place: "alias \"s.a\"") {
      $0.index.edit(alias(0)) { $0.set(1, text: "s.a") }
    },
    CorruptCase("C15", "alias with a tensor's source name", .containerDuplicateName, place: "alias \"s.tied\"") {
      $0.index.edit(alias(0)) { $0.set(3, text: "source.a") }
    },
    CorruptCase("C15", "two files of one name", .containerDuplicateName, place: "file \"config.json\"") {
      $0.index.edit(file(1)) { $0.set(1, text: "config.json") }
    },
    CorruptCase("C15", "two sources of one name", .containerDuplicateName, place: "source 1, name") {
      $0.index.edit(source(1)) { $0.set(1, text: "model-1.safetensors") }
    },
    CorruptCase(
      "C15", "alias of nothing", .containerAliasTarget, place: "alias \"s.tied\"",
      expected: "the canonical name of a tensor", found: "s.none"
    ) { $0.index.edit(alias(0)) { $0.set(2, text: "s.none") } },
    CorruptCase("C15", "alias of itself", .containerAliasChain, place: "alias \"s.tied\"", found: "s.tied") {
      $0.index.edit(alias(0)) { $0.set(2, text: "s.tied") }
    },
    CorruptCase("C15", "alias cycle", .containerAliasChain, found: "s.tied2") {
      $0.index.edit(alias(0)) { $0.set(2, text: "s.tied2") }
      $0.index.edit(alias(1)) { $0.set(2, text: "s.tied") }
    },
    CorruptCase("C15", "alias of an alias", .containerAliasChain, place: "alias \"s.tied2\"", found: "s.tied") {
      $0.index.edit(alias(1)) { $0.set(2, text: "s.tied") }
    },
  ]
}
