import FusionCore

extension SafetensorsIndex {
  /// Reads an index file's text.
  ///
  /// Keys beside `weight_map` and `metadata` are passed over; newer tools add some.
  ///
  /// - Throws: `.safetensorsIndexTooLarge`, `.safetensorsIndexMalformed`, `.safetensorsIndexDuplicateTensor`,
  ///   `.safetensorsIndexUnsafePath`, `.safetensorsUnsafeName`, a `json` code, or what says that the file is
  ///   something else (a Git LFS pointer, a web page).
  public init(parsing text: UnsafeRawBufferPointer) throws {
    guard text.count <= SafetensorsLimits.indexByteCount else {
      throw FusionError(
        .safetensorsIndexTooLarge, "the index is too long", place: "offset \(SafetensorsLimits.indexByteCount)",
        expected: "at most \(SafetensorsLimits.indexByteCount) bytes", found: "\(text.count) bytes",
        remedy: SafetensorsIndex.remedy)
    }
    if let foreign = ForeignContent.recognise(text), foreign.code != .safetensorsForeignFormat { throw foreign }
    var scanner = try StrictJSONScanner(text)
    var weightMap: [String: String]?
    var totalByteCount: Int?
    guard try scanner.kind() == .object else {
      throw SafetensorsIndex.malformed("the whole text", expected: "an object", found: try scanner.kind().phrase)
    }
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      switch key {
      case "weight_map":
        guard weightMap == nil else {
          throw SafetensorsIndex.malformed("weight_map", expected: "one weight map", found: "a second one")
        }
        weightMap = try SafetensorsIndex.readWeightMap(&scanner)
      case "metadata": totalByteCount = try SafetensorsIndex.readTotal(&scanner)
      default: try scanner.skipValue()
      }
    }
    try scanner.finish()
    guard let weightMap else {
      throw SafetensorsIndex.malformed("weight_map", expected: "a weight map", found: "no such key")
    }
    self.init(weightMap: weightMap, totalByteCount: totalByteCount)
  }

  static let remedy = "download \(fileName) again, or give the path of one weight file"

  private static func readWeightMap(_ scanner: inout StrictJSONScanner) throws -> [String: String] {
    guard try scanner.kind() == .object else {
      throw malformed("weight_map", expected: "an object", found: try scanner.kind().phrase)
    }
    var map: [String: String] = [:]
    // File names repeat for thousands of tensors; one copy of each is enough.
    var files: [String: String] = [:]
    try scanner.beginObject()
    while let tensor = try scanner.nextKey() {
      try SafetensorsName.check(tensor, place: "weight_map, offset \(scanner.position)")
      guard try scanner.kind() == .string else {
        throw malformed(place(of: tensor), expected: "a file name", found: try scanner.kind().phrase)
      }
      let text = try scanner.string()
      let file = files[text] ?? text
      if files[text] == nil {
        try checkFileName(file, of: tensor)
        files[file] = file
        guard files.count <= SafetensorsLimits.filesPerIndex else {
          throw FusionError(
            .safetensorsIndexTooLarge, "the index names too many files", place: "weight_map",
            expected: "at most \(SafetensorsLimits.filesPerIndex) files", found: "at least one more", remedy: remedy)
        }
      }
      if let other = map.updateValue(file, forKey: tensor) {
        throw FusionError(
          .safetensorsIndexDuplicateTensor, "the index has a tensor twice", place: place(of: tensor),
          expected: "every tensor once",
          found: SafetensorsName.quoted(other) + " and " + SafetensorsName.quoted(file), remedy: remedy)
      }
      guard map.count <= SafetensorsLimits.tensorsPerIndex else {
        throw FusionError(
          .safetensorsIndexTooLarge, "the index lists too many tensors", place: "weight_map",
          expected: "at most \(SafetensorsLimits.tensorsPerIndex) tensors", found: "at least one more", remedy: remedy)
      }
    }
    return map
  }

  /// The stated total, which some tools write as a fraction; such a value is passed over, nothing depends on it.
  private static func readTotal(_ scanner: inout StrictJSONScanner) throws -> Int? {
    guard try scanner.kind() == .object else {
      throw malformed("metadata", expected: "an object", found: try scanner.kind().phrase)
    }
    var total: Int?
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      var attempt = scanner
      if key == "total_size", try scanner.kind() == .number, let value = try? attempt.unsignedInteger() {
        total = Int(exactly: value)
        scanner = attempt
      } else {
        try scanner.skipValue()
      }
    }
    return total
  }

  /// A shard lies in the folder of the index; anything else could make the reader open files it was not given.
  private static func checkFileName(_ name: String, of tensor: String) throws {
    let isPlain =
      !name.isEmpty && name.utf8.count <= 255 && name != "." && name != ".."
      && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: ":") }
      && !name.unicodeScalars.contains(where: \.isUnsafeInNames)
    guard isPlain else {
      throw FusionError(
        .safetensorsIndexUnsafePath, "the index names a file outside of its folder", place: place(of: tensor),
        expected: "the plain name of a file beside the index", found: SafetensorsName.quoted(name),
        remedy: "do not trust this checkpoint; download it again from its author")
    }
  }

  private static func place(of tensor: String) -> String { "weight_map, tensor " + SafetensorsName.quoted(tensor) }

  private static func malformed(_ place: String, expected: String, found: String) -> FusionError {
    FusionError(
      .safetensorsIndexMalformed, "the file is not a checkpoint index", place: place, expected: expected, found: found,
      remedy: remedy)
  }
}
