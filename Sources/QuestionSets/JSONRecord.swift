import FusionCore

/// The fields of one JSON object that a question is made of.
struct JSONRecord {
  /// A value, as far as questions have such.
  enum Value {
    case text(String)
    case integer(Int)
    case boolean(Bool)
    case list([String])
    case null
    /// Something else: its type.
    case other(StrictJSONKind)

    var phrase: String {
      switch self {
      case .text(let text): "\"\(text)\""
      case .integer(let number): "\(number)"
      case .boolean(let value): "\(value)"
      case .list(let list): "a list of \(list.count)"
      case .null: "null"
      case .other(let kind): kind.phrase
      }
    }
  }

  /// Values of the fields that were asked for.
  private(set) var values: [String: Value] = [:]
  /// Names of all fields.
  private(set) var names: Set<String> = []
  let place: QuestionPlace

  /// Reads the object that is due; fields that were not asked for must be correct JSON and are passed over.
  ///
  /// - Throws: what is wrong with the JSON; `.questionWrongField` for a field that is there twice or a list that is too
  ///   long.
  init(_ scanner: inout StrictJSONScanner, fields: Set<String>, place: QuestionPlace) throws {
    self.place = place
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      names.insert(key)
      guard fields.contains(key) else {
        try scanner.skipValue()
        continue
      }
      guard values[key] == nil else {
        throw place.wrong(key, expected: "one such field", found: "a second one")
      }
      values[key] = try JSONRecord.value(&scanner, key, place)
    }
  }

  /// Reads a line that is one object.
  ///
  /// - Throws: what is wrong with it, with its line.
  init(line bytes: UnsafeRawBufferPointer, fields: Set<String>, place: QuestionPlace) throws {
    do {
      var scanner = try StrictJSONScanner(bytes, maximumDepth: QuestionLimits.nestingDepth)
      self = try JSONRecord(&scanner, fields: fields, place: place)
      try scanner.finish()
    } catch let error as FusionError {
      throw error.file == nil ? place.json(error) : error
    }
  }

  /// The first of several fields that is there and not null.
  func first(_ fields: [String]) -> (name: String, value: Value)? {
    for field in fields {
      if let value = values[field] {
        if case .null = value { continue }
        return (field, value)
      }
    }
    return nil
  }

  private static func value(_ scanner: inout StrictJSONScanner, _ key: String, _ place: QuestionPlace) throws -> Value {
    let kind = try scanner.kind()
    switch kind {
    case .array: return try list(&scanner, key, place)
    case .object:
      try scanner.skipValue()
      return .other(.object)
    default: return scalar(try scanner.scalar(kind))
    }
  }

  private static func scalar(_ scalar: StrictJSONScalar) -> Value {
    switch scalar {
    case .string(let text): .text(text)
    case .integer(let number): .integer(number)
    case .bool(let value): .boolean(value)
    case .null: .null
    case .number, .outOfRange: .other(.number)
    }
  }

  /// A list of texts and numbers, or of objects with a text under `answer`, as VQA has the answers of people.
  private static func list(_ scanner: inout StrictJSONScanner, _ key: String, _ place: QuestionPlace) throws -> Value {
    var list: [String] = []
    try scanner.beginArray()
    while try scanner.nextElement() {
      guard list.count < QuestionLimits.listCount else {
        throw place.wrong(key, expected: "at most \(QuestionLimits.listCount) entries", found: "more")
      }
      let kind = try scanner.kind()
      if kind == .object {
        let record = try JSONRecord(&scanner, fields: ["answer"], place: place)
        guard case .text(let text)? = record.values["answer"] else {
          throw place.wrong(key, expected: "objects with a text under answer", found: "one without")
        }
        list.append(text)
      } else if kind == .array {
        throw place.wrong(key, expected: "a list of texts", found: "a list in the list")
      } else {
        switch scalar(try scanner.scalar(kind)) {
        case .text(let text): list.append(text)
        case .integer(let number): list.append("\(number)")
        case let value: throw place.wrong(key, expected: "a list of texts", found: "\(value.phrase) in it")
        }
      }
    }
    return .list(list)
  }
}
