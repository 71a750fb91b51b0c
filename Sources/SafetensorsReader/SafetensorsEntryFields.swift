import FusionCore

/// The three fields of one tensor in a header, each read once, not yet held against each other.
struct SafetensorsEntryFields {
  private let name: String
  private let dtype: DType
  private let shape: Shape
  private let begin: Int
  private let end: Int

  /// Types that the format has and this toolkit cannot use, with the bits of an element.
  static let unsupportedTypes = [
    "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "C64": 64,
  ]

  /// Reads the object that a scanner stands before.
  init(of name: String, from scanner: inout StrictJSONScanner) throws {
    guard try scanner.kind() == .object else {
      throw SafetensorsEntryFields.failure(
        .safetensorsEntryNotObject, "a tensor's entry is not an object", name, expected: "an object",
        found: try scanner.kind().phrase)
    }
    var dtype: DType?
    var shape: Shape?
    var offsets: (begin: Int, end: Int)?
    try scanner.beginObject()
    while let field = try scanner.nextKey() {
      let isRepeated: Bool
      switch field {
      case "dtype":
        isRepeated = dtype != nil
        dtype = try SafetensorsEntryFields.readType(name, &scanner)
      case "shape":
        isRepeated = shape != nil
        shape = try SafetensorsEntryFields.readShape(name, &scanner)
      case "data_offsets":
        isRepeated = offsets != nil
        offsets = try SafetensorsEntryFields.readOffsets(name, &scanner)
      default:
        throw SafetensorsEntryFields.failure(
          .safetensorsUnknownField, "a tensor's entry has an unknown field", name,
          expected: "dtype, shape and data_offsets", found: TensorName.quoted(field))
      }
      if isRepeated {
        throw SafetensorsEntryFields.failure(
          .safetensorsDuplicateField, "a tensor's entry has a field twice", name, expected: "every field once",
          found: field + " a second time")
      }
    }
    guard let dtype, let shape, let offsets else {
      let missing = dtype == nil ? "dtype" : shape == nil ? "shape" : "data_offsets"
      throw SafetensorsEntryFields.failure(
        .safetensorsMissingField, "a tensor's entry lacks a field", name, expected: missing, found: "no such field")
    }
    self.name = name
    self.dtype = dtype
    self.shape = shape
    begin = offsets.begin
    end = offsets.end
  }

  /// The entry, its range proven to agree with shape and type.
  ///
  /// - Throws: `.safetensorsShapeOverflow`, `.safetensorsSizeMismatch`, `.safetensorsBadOffsets`.
  func entry(dataOffset: Int) throws -> SafetensorsEntry {
    guard let byteCount = shape.byteCount(of: dtype) else {
      throw SafetensorsEntryFields.failure(
        .safetensorsShapeOverflow, "a tensor is too large to be true", name, "shape",
        expected: "a byte count below 2^63", found: "\(shape) of \(dtype.rawValue)")
    }
    guard end - begin == byteCount else {
      throw SafetensorsEntryFields.failure(
        .safetensorsSizeMismatch, "a tensor's range disagrees with its shape and type", name, "data_offsets",
        expected: "\(byteCount) bytes for \(shape) of \(dtype.rawValue)", found: "\(end - begin) bytes")
    }
    guard let start = CheckedArithmetic.sum(dataOffset, begin), let stop = CheckedArithmetic.sum(dataOffset, end) else {
      throw SafetensorsEntryFields.badOffsets(name, found: "\(begin) and \(end)")
    }
    return SafetensorsEntry(name: name, dtype: dtype, shape: shape, byteRange: start..<stop)
  }

  private static func readType(_ name: String, _ scanner: inout StrictJSONScanner) throws -> DType {
    let kind = try scanner.kind()
    guard kind == .string else { throw unknownType(name, found: kind.phrase) }
    let text = try scanner.string()
    if let dtype = DType(rawValue: text) { return dtype }
    guard let bits = unsupportedTypes[text] else { throw unknownType(name, found: TensorName.quoted(text)) }
    throw failure(
      .safetensorsUnsupportedType, "a tensor has an element type that cannot be converted", name, "dtype",
      expected: "one of " + knownTypes, found: "\(text), \(bits) bits an element",
      remedy: "give a checkpoint in bfloat16, float16 or float32; this one has been quantized or is not a model's")
  }

  private static func readShape(_ name: String, _ scanner: inout StrictJSONScanner) throws -> Shape {
    let expected = "a list of at most \(Shape.maximumRank) unsigned integers"
    let sizes = try readIntegers(limit: Shape.maximumRank, &scanner) { found in
      failure(
        .safetensorsBadShape, "a tensor's shape is not a list of sizes", name, "shape", expected: expected, found: found
      )
    }
    guard let shape = Shape(sizes) else {
      throw failure(
        .safetensorsShapeOverflow, "a tensor is too large to be true", name, "shape",
        expected: "sizes whose product stays below 2^63", found: "\(sizes)")
    }
    return shape
  }

  private static func readOffsets(_ name: String, _ scanner: inout StrictJSONScanner) throws -> (begin: Int, end: Int) {
    let pair = try readIntegers(limit: 2, &scanner) { badOffsets(name, found: $0) }
    guard pair.count == 2, pair[0] <= pair[1] else {
      throw badOffsets(name, found: pair.count == 2 ? "\(pair[0]) and then \(pair[1])" : "\(pair.count) numbers")
    }
    return (pair[0], pair[1])
  }

  /// Reads a list of unsigned integers that fit in an `Int`.
  private static func readIntegers(
    limit: Int, _ scanner: inout StrictJSONScanner, failure: (String) -> FusionError
  ) throws -> [Int] {
    let kind = try scanner.kind()
    guard kind == .array else { throw failure(kind.phrase) }
    var numbers: [Int] = []
    numbers.reserveCapacity(2)
    try scanner.beginArray()
    while try scanner.nextElement() {
      guard numbers.count < limit else { throw failure("more than \(limit) numbers") }
      do {
        let value = try scanner.unsignedInteger()
        guard let number = Int(exactly: value) else { throw failure("\(value)") }
        numbers.append(number)
      } catch let error as FusionError where error.code == .jsonNotUnsigned || error.code == .jsonWrongType {
        throw failure(error.found ?? error.summary)
      }
    }
    return numbers
  }

  private static let knownTypes = DType.allCases.map(\.rawValue).joined(separator: ", ")

  private static func unknownType(_ name: String, found: String) -> FusionError {
    failure(
      .safetensorsUnknownType, "a tensor has an element type that the format does not know", name, "dtype",
      expected: "one of " + knownTypes, found: found)
  }

  private static func badOffsets(_ name: String, found: String) -> FusionError {
    failure(
      .safetensorsBadOffsets, "a tensor's offsets are not a range", name, "data_offsets",
      expected: "two unsigned integers, the first not above the second", found: found)
  }

  @inline(never)
  private static func failure(
    _ code: FusionError.Code, _ summary: String, _ name: String, _ field: String? = nil, expected: String,
    found: String, remedy: String = SafetensorsHeaderParser.remedy
  ) -> FusionError {
    FusionError(
      code, summary, place: "tensor " + TensorName.quoted(name) + (field.map { ", \($0)" } ?? ""),
      expected: expected, found: found, remedy: remedy)
  }
}
