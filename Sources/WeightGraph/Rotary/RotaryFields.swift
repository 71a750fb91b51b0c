/// The fields about rotation, wherever a configuration has them.
///
/// Libraries before transformers 5 write `rope_theta`, `partial_rotary_factor` and `original_max_position_embeddings` beside
/// an object `rope_scaling`; newer ones write one object `rope_parameters`. Some files have both. A field that stands in
/// several places must say the same in all of them.
struct RotaryFields {
  /// The fields of all places; errors name the place that a field is from.
  let merged: ConfigurationFields
  /// Whether a kind of scaling is asked for, so that its fields are needed.
  let hasScaling: Bool
  /// Fields of the configuration itself that belong to it too.
  private static let outer = ["rope_theta", "partial_rotary_factor", "original_max_position_embeddings"]

  init(_ fields: ConfigurationFields, family: ModelFamily) throws {
    let parameters = try fields.optionalObject("rope_parameters")
    let scaling = try fields.optionalObject("rope_scaling")
    let objects = [parameters, scaling].compactMap { $0 }
    var values: [String: JSONValue] = [:]
    var places: [String: String] = [:]
    func add(_ name: String, _ value: JSONValue, place: String) throws {
      let value = name == "rope_type" ? Self.kind(value, family) : value.withWholeNumbers
      guard let known = values[name], let knownPlace = places[name] else {
        values[name] = value
        places[name] = place
        return
      }
      guard known == value else {
        throw fields.inconsistent(
          at: place, expected: "\(known.summary), as \(knownPlace) says", found: value.summary)
      }
    }
    for object in objects {
      for name in object.fields.keys.sorted() {
        guard let value = object[name] else { continue }
        try add(name == "type" ? "rope_type" : name, value, place: object.place(name))
      }
    }
    for name in Self.outer {
      if let value = fields[name] { try add(name, value, place: fields.place(name)) }
    }
    // Newer files may leave the kind out, older ones have the object for its sake.
    hasScaling = scaling != nil || values["rope_type"] != nil
    let home = parameters == nil ? "rope_scaling" : "rope_parameters"
    merged = ConfigurationFields(values, file: fields.file, path: fields.place(home) + ".", places: places)
  }

  /// Refuses fields that nothing here reads.
  ///
  /// - Returns: sentences about fields that this kind of scaling does not use.
  func checkNames(kind: String, used: Set<String>) throws -> [String] {
    var unused: [String] = []
    for name in merged.fields.keys.sorted()
    where !used.contains(name) && !Self.outer.contains(name) && name != "rope_type" {
      guard Self.known.contains(name) else {
        throw merged.unsupported(
          name, "fields of a rotation that is known: " + Self.known.sorted().joined(separator: ", "), "this field")
      }
      unused.append(merged.place(name))
    }
    return unused.map { "\($0) has no effect with the rotation \"\(kind)\"" }
  }

  /// Fields of any kind.
  private static let known: Set = [
    "factor", "low_freq_factor", "high_freq_factor", "short_factor", "long_factor", "attention_factor",
  ]

  /// Names that were in use before others.
  private static func kind(_ value: JSONValue, _ family: ModelFamily) -> JSONValue {
    switch value {
    case .string("su"): .string("longrope")
    // Phi-3's first configurations; its published code takes it for the same.
    case .string("yarn") where family.hasFusedRows: .string("longrope")
    default: value
    }
  }
}
