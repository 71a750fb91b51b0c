import FusionCore

extension AdapterConfiguration {
  /// Reads and checks the bytes of an adapter_config.json.
  ///
  /// - Parameters:
  ///   - json: the whole file, at most ``maximumByteCount`` bytes.
  ///   - file: its path, for errors.
  /// - Throws: the `json` and `config` codes; `.adapterUnsupported` for what merging does not know, by name;
  ///   `.adapterBadPattern`.
  public init(json: [UInt8], file: String) throws {
    guard json.count <= Self.maximumByteCount else {
      throw FusionError(
        .configurationTooLarge, "the adapter's configuration is too large", file: file,
        expected: "at most \(Self.maximumByteCount) bytes", found: "\(json.count) bytes",
        remedy: "check that this is the adapter's own adapter_config.json")
    }
    do {
      let fields = ConfigurationFields(try JSONValue.parseObject(json, file: file), file: file)
      try AdapterRefusals.check(fields)
      let order = try Self.keyOrder(json, of: ["rank_pattern", "alpha_pattern"])
      rank = try fields.integer("r", in: Self.ranks, "a rank beyond the sizes of a weight gains nothing")
      guard let value = fields["lora_alpha"] else { throw fields.missing("lora_alpha", "a number") }
      alpha = try Self.alpha(value, "lora_alpha", fields)
      isRankStabilized = try fields.optionalBool("use_rslora") ?? false
      storesInputsFirst = try fields.optionalBool("fan_in_fan_out") ?? false
      rankPatterns = try Self.patterns("rank_pattern", order, fields) { inner, key, value in
        guard case .integer(let rank) = value else { throw inner.wrongType(key, "a whole number", value) }
        return try inner.checked(rank, key, in: Self.ranks, "as for r")
      }.map { (pattern: $0, rank: $1) }
      alphaPatterns = try Self.patterns("alpha_pattern", order, fields) { inner, key, value in
        try Self.alpha(value, key, inner)
      }.map { (pattern: $0, alpha: $1) }
      targetModules = try Self.names("target_modules", fields)
      savedModules = try Self.names("modules_to_save", fields)
      guard savedModules.count <= Self.maximumSavedModuleCount else {
        throw fields.outOfRange(
          "modules_to_save", "at most \(Self.maximumSavedModuleCount) names", "\(savedModules.count) names")
      }
      choosesLayers = ["layers_to_transform", "layers_pattern", "exclude_modules"].contains {
        AdapterRefusals.isSet(fields[$0])
      }
      keepsTies = try fields.optionalBool("ensure_weight_tying") ?? false
      notices = AdapterRefusals.unknown(fields)
    } catch var error as FusionError {
      error.remedy = error.remedy?.replacing(
        "the config.json that was published with the weights",
        with: "the adapter_config.json that came with the adapter")
      throw error
    }
  }

  /// Modules that are saved whole; published adapters have one to three.
  private static let maximumSavedModuleCount = 1_000

  private static func alpha(_ value: JSONValue, _ name: String, _ fields: ConfigurationFields) throws -> Double {
    guard let number = value.asNumber else { throw fields.wrongType(name, "a number", value) }
    guard number.magnitude <= greatestAlpha else {
      throw fields.outOfRange(name, "a number of magnitude at most \(Int(greatestAlpha))", "\(number)")
    }
    return number
  }

  /// A list of names; a single text is a pattern over names, which only training needs.
  private static func names(_ field: String, _ fields: ConfigurationFields) throws -> [String] {
    switch fields[field] {
    case nil, .string: return []
    case .array(let values):
      return try values.map { value in
        guard case .string(let name) = value else { throw fields.wrongType(field, "a list of texts", value) }
        return name
      }
    case let value?: throw fields.wrongType(field, "a list of texts", value)
    }
  }

  /// Patterns of a field; each is tried for every module of a model.
  private static let maximumPatternCount = 4_096
  /// Bytes of all patterns of a field.
  private static let maximumPatternByteCount = 256 << 10
  /// Steps of all patterns of a field that are more than names; bounds what a hostile file can cost.
  private static let maximumStepCount = 4_000
  /// Steps that may be written while all patterns of a field are read, for the same reason.
  private static let maximumWorkCount = 65_536

  private static func patterns<Value>(
    _ field: String, _ order: [String: [String]], _ fields: ConfigurationFields,
    _ read: (ConfigurationFields, String, JSONValue) throws -> Value
  ) throws -> [(AdapterPattern, Value)] {
    guard let inner = try fields.optionalObject(field) else { return [] }
    guard inner.fields.count <= maximumPatternCount else {
      throw tooMany(field, fields, "at most \(maximumPatternCount) patterns", "\(inner.fields.count) patterns")
    }
    var (byteCount, stepCount, workCount) = (0, 0, 0)
    return try (order[field] ?? []).compactMap { key in
      guard let value = inner.fields[key] else { return nil }
      let pattern = try AdapterPattern(key, place: fields.place(field), file: fields.file)
      byteCount += key.utf8.count
      guard byteCount <= maximumPatternByteCount else {
        throw tooMany(
          field, fields, "patterns of at most \(maximumPatternByteCount) bytes together", "more bytes")
      }
      stepCount += pattern.stepCount
      workCount += pattern.workCount
      guard stepCount <= maximumStepCount, workCount <= maximumWorkCount else {
        throw tooMany(
          field, fields, "regular expressions of at most \(maximumStepCount) steps together", "more steps")
      }
      // What is wrong with the value is said of the pattern's beginning.
      return (pattern, try read(inner, String(String.UnicodeScalarView(key.unicodeScalars.prefix(120))), value))
    }
  }

  private static func tooMany(
    _ field: String, _ fields: ConfigurationFields, _ expected: String, _ found: String
  ) -> FusionError {
    FusionError(
      .adapterUnsupported, "the adapter's configuration has more patterns than are read", file: fields.file,
      place: fields.place(field), expected: expected, found: found,
      remedy: "merge the adapter with the library that made it, and convert the merged checkpoint")
  }

  /// The keys of some objects in the order of the file, which decides where two patterns fit the same module.
  private static func keyOrder(_ json: [UInt8], of names: Set<String>) throws -> [String: [String]] {
    try json.withUnsafeBytes { buffer in
      var scanner = try StrictJSONScanner(buffer, maximumDepth: JSONValue.maximumDepth, dialect: .lenient)
      var result: [String: [String]] = [:]
      try scanner.beginObject()
      while let name = try scanner.nextKey() {
        guard names.contains(name), try scanner.kind() == .object else {
          try scanner.skipValue()
          continue
        }
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
          result[name, default: []].append(key)
          try scanner.skipValue()
        }
      }
      return result
    }
  }
}
