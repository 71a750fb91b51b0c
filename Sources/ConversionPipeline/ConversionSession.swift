import ContainerFormat
import Crypto
import FusionCore
import NumericKernels
import Quantizers
import WeightGraph

/// The state of one conversion while it runs: what has been written where.
final class ConversionSession {
  private let converter: Converter
  private let writer: ContainerWriter
  private let verifies: Bool
  private let progress: ProgressHandler?

  private let hasher: SourceHasher
  private var records: [TensorRecord]
  private var files: [ContainerFile] = []
  private var doneByteCount = 0
  private let clipped = ClippedCounter()
  private let codings: TensorCodings

  init(converter: Converter, writer: ContainerWriter, verifies: Bool, progress: ProgressHandler?) throws {
    self.converter = converter
    self.writer = writer
    self.verifies = verifies
    self.progress = progress
    hasher = SourceHasher(files: converter.checkpoint.source.files)
    codings = TensorCodings(converter: converter)
    records = converter.plan.entries.map(TensorRecord.init)
  }

  /// Values beyond the ends of their codes, counted while blocks were read back.
  var clippedCount: Int { clipped.count }
  /// What was written of each tensor.
  var tensorRecords: [TensorRecord] { records }

  /// Writes the configuration and tokenizer files; they come first, so that they are found without reading far.
  func writeSideFiles() throws {
    let encoder = ChunkEncoder()
    for file in converter.checkpoint.sideFiles {
      let bytes = try file.read()
      files.append(
        try writer.append(
          fileNamed: file.name, bytes, sha256: Array(SHA256.hash(data: bytes)), policy: converter.recipe.policy,
          using: encoder))
    }
  }

  /// Encodes, writes, hashes and reads back everything.
  func run() throws {
    let steps = self.steps
    let execution = converter.execution
    let total = converter.plan.entries.reduce(0) { $0 + $1.tensor.description.byteCount }
    let source = converter.checkpoint.source
    let policy = converter.recipe.policy
    try OrderedWorkers.run(
      count: steps.count, threads: execution.threads,
      makeContext: {
        Context(
          encoder: BlockEncoder(
            source: source, policy: policy, kernels: execution.kernels, discardsPages: !self.verifies),
          verifier: BlockVerifier(kernels: execution.kernels), decoder: ChunkDecoder())
      },
      produce: { context, index -> BlockEncoder.Product? in
        guard case .encode(let block) = steps[index] else { return nil }
        let entry = self.converter.plan.entries[block.entryIndex]
        return try context.encoder.encode(block, of: entry, coding: try self.codings.coding(ofEntry: block.entryIndex))
      },
      commit: { index, product -> Written in
        switch steps[index] {
        case .hash(let segment):
          try self.hasher.add(segment)
          return Written(chunks: [], largestDeviation: nil)
        case .encode(let block):
          guard let product else { preconditionFailure("a block has a product") }
          let chunks = try product.chunks.map { try self.writer.append($0) }
          self.records[block.entryIndex].add(chunks, product.statistics)
          self.codings.release(block)
          self.report(block, total: total)
          return Written(
            chunks: self.records[block.entryIndex].chunks(ofBlock: block.chunkIndex),
            largestDeviation: product.statistics?.largestDeviation)
        }
      },
      finish: { context, index, written in
        guard self.verifies, case .encode(let block) = steps[index] else { return }
        try self.readBack(block, written, context)
      })
  }

  private struct Context {
    let encoder: BlockEncoder
    let verifier: BlockVerifier
    let decoder: ChunkDecoder
  }

  /// A block in the output.
  private struct Written {
    /// One chunk for each stream of the encoding.
    let chunks: [ContainerChunk]
    /// What its codes were said to keep to.
    let largestDeviation: Float?
  }

  private enum Step {
    case encode(RowBlock)
    case hash(SourceHasher.Segment)
  }

  /// Blocks in canonical order, with the hashing spread evenly between them: it proceeds about where the blocks are
  /// read, so that on most machines no page of the source is fetched from the disk twice.
  private var steps: [Step] {
    let blocks = converter.plan.entries.enumerated().flatMap { index, entry in
      RowBlock.blocks(
        ofEntry: index, rowCount: entry.tensor.description.shape.rowCount, rowsPerChunk: entry.rowsPerChunk)
    }
    let segments = hasher.segments
    var steps: [Step] = []
    var hashed = 0
    for (index, block) in blocks.enumerated() {
      steps.append(.encode(block))
      let due = segments.count * (index + 1) / blocks.count
      while hashed < due {
        steps.append(.hash(segments[hashed]))
        hashed += 1
      }
    }
    return steps + segments[hashed...].map(Step.hash)
  }

  private func report(_ block: RowBlock, total: Int) {
    doneByteCount += block.byteRange(in: converter.plan.entries[block.entryIndex].tensor.description).count
    progress?(ProgressUpdate(step: "converting", doneByteCount: doneByteCount, totalByteCount: total))
  }

  private func readBack(_ block: RowBlock, _ written: Written, _ context: Context) throws {
    let entry = converter.plan.entries[block.entryIndex]
    let tensor = entry.tensor.description
    let layouts = entry.encoding.streams(shape: tensor.shape, dtype: entry.dtype) ?? []
    let source = converter.checkpoint.source
    do {
      let streams = try zip(written.chunks, layouts).map { chunk, layout in
        var raw = [UInt8](repeating: 0, count: chunk.rawByteCount)
        try raw.withUnsafeMutableBytes {
          try writer.readBack(chunk, elementByteCount: layout.elementByteCount, into: $0, using: context.decoder)
        }
        return raw
      }
      try context.verifier.validate(
        streams, rows: block.rows.count, columns: tensor.shape.columnCount, encoding: entry.encoding)
      let range = block.byteRange(in: tensor)
      let outcome = try source.withBytes(of: tensor, in: range) {
        try context.verifier.compare(
          streams, rows: block.rows.count, tensor: tensor, encoding: entry.encoding, dtype: entry.dtype, source: $0,
          options: RowVerifier.Options(largestDeviation: written.largestDeviation, measuresDifference: false))
      }
      source.discard(tensor, in: range)
      clipped.add(outcome.clippedCount)
    } catch var error as FusionError {
      error.place = "tensor \(tensor.name), rows from \(block.rows.lowerBound): \(error.place ?? "")"
      throw error.inFile(writer.path)
    }
  }

  /// Everything that the container's index says.
  func index(producer: String) throws -> ContainerIndex {
    let checkpoint = converter.checkpoint
    let source = checkpoint.source
    let sources = source.files.enumerated().map { index, file in
      ProvenanceSource(name: file.name, byteCount: file.byteCount, sha256: hasher.digest(ofFile: index))
    }
    return try converter.index(
      tensors: records.map { $0.containerTensor }, files: files, sources: sources, producer: producer)
  }
}

/// A count that several threads add to.
final class ClippedCounter: Sendable {
  private let value = Protected(0)
  var count: Int { value.withLock { $0 } }
  func add(_ more: Int) { value.withLock { $0 += more } }
}
