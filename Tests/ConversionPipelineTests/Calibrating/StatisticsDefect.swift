import Testing

/// One way in which a statistics file can be wrong.
struct StatisticsDefect: Sendable, CustomTestStringConvertible {
  let name: String
  let code: String
  /// Part of the place that the error names.
  let place: String
  let change: @Sendable (inout StatisticsFile) -> Void

  var testDescription: String { name }

  private static func malformed(
    _ name: String, _ place: String, _ change: @escaping @Sendable (inout StatisticsFile) -> Void
  ) -> Self {
    Self(name: name, code: "statistics.malformed", place: place, change: change)
  }

  private static func entry(_ key: String, _ value: String?) -> Self {
    malformed("\(key) is \(value ?? "missing")", "__metadata__, \(key)") { $0.metadata[key] = value }
  }

  private static func sites(_ name: String, code: String = "statistics.malformed", _ place: String, _ text: String)
    -> Self
  {
    Self(name: name, code: code, place: place) { $0.metadata["sites"] = text }
  }

  private static let weight = #""weights":["b.weight"]"#

  static let all: [Self] =
    [
      "schema", "program", "model", "family", "data", "data_digest", "samples", "pictures", "language_tokens",
      "vision_tokens", "language_weight", "vision_weight", "sites",
    ].map { entry($0, nil) } + [
      Self(name: "another version", code: "statistics.unknownVersion", place: "schema") {
        $0.metadata["schema"] = "fusion-convert.statistics/2"
      },
      entry("model", "a0"), entry("data_digest", String(repeating: "G", count: 64)), entry("samples", "-1"),
      entry("pictures", "many"), entry("vision_tokens", "99999999999999999999"), entry("language_weight", "0"),
      entry("vision_weight", "nan"), entry("vision_weight", "1e9"),
      sites("no sites", "sites", "{}"),
      sites("sites are no JSON", code: "json.syntax", "sites, offset", "{"),
      sites("sites are a list", code: "json.wrongType", "sites, offset", "[]"),
      sites("no weights", "site \"b\"", #"{"b":{"weights":[],"language_rows":1,"vision_rows":0}}"#),
      sites("a field is missing", "site \"b\"", #"{"b":{\#(weight),"language_rows":1}}"#),
      sites("a field twice", "site \"b\"", #"{"b":{\#(weight),\#(weight),"language_rows":1,"vision_rows":0}}"#),
      sites("an unknown field", "site \"b\"", #"{"b":{\#(weight),"rows":1,"language_rows":1,"vision_rows":0}}"#),
      sites("no rows", "site \"b\"", #"{"b":{\#(weight),"language_rows":0,"vision_rows":0}}"#),
      sites("too many rows", "site \"b\"", #"{"b":{\#(weight),"language_rows":9007199254740993,"vision_rows":0}}"#),
      sites(
        "a weight of two sites", "site \"c\"",
        #"{"b":{\#(weight),"language_rows":1,"vision_rows":0},"c":{\#(weight),"language_rows":1,"vision_rows":0}}"#),
      sites(
        "a site twice", "site \"b\"",
        #"{"b":{\#(weight),"language_rows":1,"vision_rows":0},"b":{"weights":["c"],"language_rows":1,"vision_rows":0}}"#
      ),
      malformed("no squares", "b.square_sums") { $0.remove("b.square_sums") },
      malformed("no magnitudes", "b.magnitude_sums") { $0.remove("b.magnitude_sums") },
      malformed("a tensor of no site", "c.square_sums") { $0.setDouble("c.square_sums", [1]) },
      malformed("magnitudes of another width", "b.magnitude_sums") { $0.setDouble("b.magnitude_sums", [1, 2]) },
      malformed("squares of another type", "b.square_sums") { $0.setFloat("b.square_sums", [1]) },
      malformed("no columns", "b.square_sums") { $0.setDouble("b.square_sums", []) },
      malformed("a negative sum", "b.square_sums\", column 0") { $0.setDouble("b.square_sums", [-1]) },
      malformed("a sum that is no number", "a.q.magnitude_sums") { $0.setDouble("a.q.magnitude_sums", [1, 2, .nan]) },
      malformed("an infinite sum", "a.q.square_sums") { $0.setDouble("a.q.square_sums", [1, .infinity, 2]) },
      malformed("a mean that is not finite", "b.square_sums\", column 0") {
        $0.metadata["language_weight"] = "1e-6"
        $0.setDouble("b.square_sums", [1e305])
      },
      malformed("products of another width", "b.second_moment_sums") { $0.setFloat("b.second_moment_sums", [1, 2]) },
      malformed("products of another type", "b.second_moment_sums") { $0.setDouble("b.second_moment_sums", [1]) },
    ]
}
