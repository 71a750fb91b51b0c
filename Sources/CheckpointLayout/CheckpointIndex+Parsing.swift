import FusionCore

extension CheckpointIndex {
  /// Reads an index file's text.
  ///
  /// Keys beside `weight_map` and `metadata` are passed over; newer tools add some.
  ///
  /// - Parameters:
  ///   - text: the file's bytes.
  ///   - naming: the format of the weights, for error codes.
  /// - Throws: the naming's codes `indexTooLarge`, `indexMalformed`, `indexDuplicateTensor`, `indexUnsafePath`,
  ///   `unsafeName`, a `json` code, or what says that the file is something else (a Git LFS pointer, a web page).
  public init(parsing text: UnsafeRawBufferPointer, naming: WeightFileNaming) throws {
    guard text.count <= CheckpointLimits.indexByteCount else {
      throw FusionError(
        naming.code("indexTooLarge"), "the index is too long", place: "offset \(CheckpointLimits.indexByteCount)",
        expected: "at most \(CheckpointLimits.indexByteCount) bytes", found: "\(text.count) bytes",
        remedy: CheckpointIndex.remedy(naming))
    }
    if let error = MissingDownload.recognise(text, codePrefix: naming.codePrefix) { throw error }
    var scanner = try StrictJSONScanner(text, dialect: .lenient)
    var weightMap: [String: String]?
    var totalByteCount: Int?
    guard try scanner.kind() == .object else {
      throw CheckpointIndex.malformed(naming, "the whole text", expected: "an object", found: try scanner.kind().phrase)
    }
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      switch key {
      case "weight_map":
        guard weightMap == nil else {
          throw CheckpointIndex.malformed(naming, "weight_map", expected: "one weight map", found: "a second one")
        }
        weightMap = try CheckpointIndex.readWeightMap(&scanner, naming)
      case "metadata": totalByteCount = try CheckpointIndex.readTotal(&scanner, naming)
      default: try scanner.skipValue()
      }
    }
    try scanner.finish()
    guard let weightMap else {
      throw CheckpointIndex.malformed(naming, "weight_map", expected: "a weight map", found: "no such key")
    }
    self.init(weightMap: weightMap, totalByteCount: totalByteCount)
  }

  private static func remedy(_ naming: WeightFileNaming) -> String {
    "download \(naming.indexName) again, or give the path of one weight file"
  }

  private static func readWeightMap(
    _ scanner: inout StrictJSONScanner, _ naming: WeightFileNaming
  ) throws -> [String: String] {
    guard try scanner.kind() == .object else {
      throw malformed(naming, "weight_map", expected: "an object", found: try scanner.kind().phrase)
    }
    var map: [String: String] = [:]
    // File names repeat for thousands of tensors; one copy of each is enough.
    var files: [String: String] = [:]
    try scanner.beginObject()
    while let tensor = try scanner.nextKey() {
      try TensorName.check(
        tensor, code: naming.code("unsafeName"), place: "weight_map, offset \(scanner.position)")
      guard try scanner.kind() == .string else {
        throw malformed(naming, place(of: tensor), expected: "a file name", found: try scanner.kind().phrase)
      }
      let text = try scanner.string()
      let file = files[text] ?? text
      if files[text] == nil {
        try checkFileName(file, of: tensor, naming)
        files[file] = file
        guard files.count <= CheckpointLimits.filesPerIndex else {
          throw FusionError(
            naming.code("indexTooLarge"), "the index names too many files", place: "weight_map",
            expected: "at most \(CheckpointLimits.filesPerIndex) files", found: "at least one more",
            remedy: remedy(naming))
        }
      }
      if let other = map.updateValue(file, forKey: tensor) {
        throw FusionError(
          naming.code("indexDuplicateTensor"), "the index has a tensor twice", place: place(of: tensor),
          expected: "every tensor once",
          found: TensorName.quoted(other) + " and " + TensorName.quoted(file), remedy: remedy(naming))
      }
      guard map.count <= CheckpointLimits.tensorsPerIndex else {
        throw FusionError(
          naming.code("indexTooLarge"), "the index lists too many tensors", place: "weight_map",
          expected: "at most \(CheckpointLimits.tensorsPerIndex) tensors", found: "at least one more",
          remedy: remedy(naming))
      }
    }
    return map
  }

  /// The stated total, which some tools write as a fraction; such a value is passed over, nothing depends on it.
  private static func readTotal(_ scanner: inout StrictJSONScanner, _ naming: WeightFileNaming) throws -> Int? {
    guard try scanner.kind() == .object else {
      throw malformed(naming, "metadata", expected: "an object", found: try scanner.kind().phrase)
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
  private static func checkFileName(_ name: String, of tensor: String, _ naming: WeightFileNaming) throws {
    let isPlain =
      !name.isEmpty && name.utf8.count <= 255 && name != "." && name != ".."
      && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: ":") }
      && !name.unicodeScalars.contains(where: \.isUnsafeInNames)
    guard isPlain else {
      throw FusionError(
        naming.code("indexUnsafePath"), "the index names a file outside of its folder", place: place(of: tensor),
        expected: "the plain name of a file beside the index", found: TensorName.quoted(name),
        remedy: "do not trust this checkpoint; download it again from its author")
    }
  }

  private static func place(of tensor: String) -> String { "weight_map, tensor " + TensorName.quoted(tensor) }

  private static func malformed(
    _ naming: WeightFileNaming, _ place: String, expected: String, found: String
  ) -> FusionError {
    FusionError(
      naming.code("indexMalformed"), "the file is not a checkpoint index", place: place, expected: expected,
      found: found,
      remedy: remedy(naming))
  }
}
