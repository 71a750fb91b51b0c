import ContainerFormat
import FusionCore
import WeightGraph

/// Reads the lines of a journal; each must be one that this program would write for a certain tensor.
struct JournalLineParser {
  let paths: ResumptionPaths

  /// Whether a line ends with the checksum of what stands before it.
  ///
  /// - Parameter line: without its end.
  static func isWhole(_ line: UnsafeRawBufferPointer) -> Bool {
    // ,"checksum":"0123456789abcdef"}
    let tail = 2 + JournalSchema.LineField.checksum.rawValue.utf8.count + 2 + 18 + 1
    guard line.count > tail else { return false }
    let sum = ContainerChecksum.of(UnsafeRawBufferPointer(rebasing: line[..<(line.count - tail)]))
    return line[(line.count - 18)..<(line.count - 2)].elementsEqual(JournalText.hexadecimal(sum).utf8)
  }

  /// Reads a line.
  ///
  /// - Parameters:
  ///   - line: without its end.
  ///   - number: of the line, for errors.
  ///   - entry: the tensor that it must be of.
  /// - Throws: `.resumeJournal`.
  func parse(_ line: UnsafeRawBufferPointer, number: Int, of entry: PlannedTensor) throws -> JournalLine {
    let parsed: JournalLine
    do {
      parsed = try fields(line, entry)
    } catch let error as FusionError {
      throw FusionError.resumeJournal(
        paths, line: number, expected: error.expected ?? "a complete tensor", found: error.found ?? error.summary)
    }
    // Nothing else in it, nothing twice, and its checksum.
    guard parsed.bytes.dropLast().elementsEqual(line) else {
      throw FusionError.resumeJournal(
        paths, line: number, expected: String(decoding: parsed.bytes.dropLast().prefix(200), as: UTF8.self),
        found: String(decoding: line.prefix(200), as: UTF8.self))
    }
    return parsed
  }

  private func fields(_ line: UnsafeRawBufferPointer, _ entry: PlannedTensor) throws -> JournalLine {
    var tensor = ""
    var (source, nonfiniteCount, statistics) = (UInt64(0), 0, TensorStatistics?.none)
    var streams: [ContainerStream] = []
    var scanner = try StrictJSONScanner(line, maximumDepth: 4)
    try scanner.beginObject()
    while let name = try scanner.nextKey() {
      switch JournalSchema.LineField(rawValue: name) {
      case .tensor: tensor = try scanner.string()
      case .source: source = try hexadecimal(&scanner)
      case .nonfinite: nonfiniteCount = try integer(&scanner)
      case .statistics: statistics = try self.statistics(&scanner)
      case .streams: streams = try self.streams(&scanner, entry)
      case .checksum, nil: try scanner.skipValue()
      }
    }
    try scanner.finish()
    guard tensor == entry.tensor.canonicalName else {
      throw Self.damaged("tensor \(entry.tensor.canonicalName)", tensor)
    }
    return JournalLine(
      tensor: tensor, sourceChecksum: SourceChecksum(value: source), nonfiniteCount: nonfiniteCount,
      statistics: statistics, streams: streams)
  }

  private func integer(_ scanner: inout StrictJSONScanner) throws -> Int {
    let value = try scanner.unsignedInteger()
    guard let number = Int(exactly: value) else { throw Self.damaged("a number below 2^63", "\(value)") }
    return number
  }

  private func hexadecimal(_ scanner: inout StrictJSONScanner) throws -> UInt64 {
    let text = try scanner.string()
    guard let number = JournalText.number(text) else { throw Self.damaged("16 hexadecimal digits", text) }
    return number
  }

  private func statistics(_ scanner: inout StrictJSONScanner) throws -> TensorStatistics? {
    guard try scanner.kind() == .object else {
      try scanner.skipValue()
      return nil
    }
    var values: [JournalSchema.StatisticsField: Double] = [:]
    try scanner.beginObject()
    while let name = try scanner.nextKey() {
      let text = try scanner.string()
      guard let field = JournalSchema.StatisticsField(rawValue: name), text != JournalSchema.StatisticsField.absent
      else {
        continue
      }
      guard let bits = JournalText.number(text) else { throw Self.damaged("16 hexadecimal digits", text) }
      values[field] = Double(bitPattern: bits)
    }
    return TensorStatistics(
      minimum: values[.minimum] ?? 0, maximum: values[.maximum] ?? 0, mean: values[.mean] ?? 0,
      standardDeviation: values[.standardDeviation] ?? 0, signalEnergy: values[.signalEnergy] ?? 0,
      errorEnergy: values[.errorEnergy] ?? 0, largestDeviation: values[.largestDeviation])
  }

  /// The streams of the tensor's encoding with as many chunks as its rows ask for, each of the size that its rows have.
  private func streams(_ scanner: inout StrictJSONScanner, _ entry: PlannedTensor) throws -> [ContainerStream] {
    let grid = ChunkGrid(
      encoding: entry.encoding, shape: entry.tensor.description.shape, dtype: entry.dtype,
      rowsPerChunk: entry.rowsPerChunk)
    guard let grid else { throw Self.damaged("a tensor that is not empty", "a line of an empty one") }
    var streams: [ContainerStream] = []
    try scanner.beginArray()
    while try scanner.nextElement() {
      guard streams.count < grid.streams.count else {
        throw Self.damaged("\(grid.streams.count) streams", "more of them")
      }
      let layout = grid.streams[streams.count]
      streams.append(ContainerStream(kind: layout.kind, chunks: try chunks(&scanner, layout, grid)))
    }
    guard streams.count == grid.streams.count else {
      throw Self.damaged("\(grid.streams.count) streams", "\(streams.count)")
    }
    return streams
  }

  private func chunks(
    _ scanner: inout StrictJSONScanner, _ layout: TensorEncoding.StreamLayout, _ grid: ChunkGrid
  ) throws -> [ContainerChunk] {
    let count = grid.chunkCount(layout)
    var chunks: [ContainerChunk] = []
    try scanner.beginArray()
    while try scanner.nextElement() {
      guard chunks.count < count else { throw Self.damaged("\(count) chunks", "more of them") }
      let chunk = try chunk(&scanner)
      let rawByteCount = grid.rawByteCount(layout, chunk: chunks.count)
      guard chunk.rawByteCount == rawByteCount, (1...rawByteCount).contains(chunk.storedByteCount) else {
        throw Self.damaged(
          "a chunk of \(rawByteCount) bytes", "\(chunk.rawByteCount) bytes, stored as \(chunk.storedByteCount)")
      }
      chunks.append(chunk)
    }
    guard chunks.count == count else { throw Self.damaged("\(count) chunks", "\(chunks.count)") }
    return chunks
  }

  private func chunk(_ scanner: inout StrictJSONScanner) throws -> ContainerChunk {
    var chunk = ContainerChunk(offset: 0, storedByteCount: 0, rawByteCount: 0, checksum: 0, coding: .raw)
    try scanner.beginArray()
    for field in JournalSchema.ChunkField.allCases {
      guard try scanner.nextElement() else { throw Self.damaged("\(field.rawValue) of a chunk", "nothing") }
      switch field {
      case .offset: chunk.offset = try integer(&scanner)
      case .storedByteCount: chunk.storedByteCount = try integer(&scanner)
      case .rawByteCount: chunk.rawByteCount = try integer(&scanner)
      case .checksum: chunk.checksum = try hexadecimal(&scanner)
      case .coding:
        let number = try integer(&scanner)
        guard let coding = UInt32(exactly: number).flatMap(ChunkCoding.init(rawValue:)) else {
          throw Self.damaged("a coding of chunks", "\(number)")
        }
        chunk.coding = coding
      }
    }
    guard try !scanner.nextElement() else { throw Self.damaged("the end of a chunk", "more") }
    return chunk
  }

  private static func damaged(_ expected: String, _ found: String) -> FusionError {
    FusionError(.resumeJournal, "the line does not fit the tensor", expected: expected, found: found)
  }
}
