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
  /// Set for a conversion that can be gone on with.
  private let journal: ConversionJournal?
  private let verifies: Bool
  private let progress: ProgressHandler?

  private let hasher: SourceHasher
  private var records: [TensorRecord]
  private var files: [ContainerFile] = []
  private var doneByteCount = 0
  private let totalByteCount: Int
  /// Of the tensor whose blocks are being proven.
  private var provenSource = SourceChecksum()
  private let clipped = ClippedCounter()
  private let codings: TensorCodings
  /// What the codes do to the outputs, where inputs were observed.
  let inputErrors: InputWeightedErrors

  init(
    converter: Converter, writer: ContainerWriter, journal: ConversionJournal?, verifies: Bool,
    progress: ProgressHandler?
  ) {
    self.converter = converter
    self.journal = journal
    totalByteCount = converter.plan.entries.reduce(0) { $0 + $1.tensor.description.byteCount }
    self.writer = writer
    self.verifies = verifies
    self.progress = progress
    hasher = SourceHasher(files: converter.checkpoint.source.files)
    codings = TensorCodings(converter: converter)
    inputErrors = InputWeightedErrors(converter: converter)
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

  /// Goes behind the tensors that an earlier process completed.
  ///
  /// - Throws: `.resumeJournal`, `.partialFileDiffers`.
  func takeOver() throws {
    guard let journal else { return }
    for (index, line) in journal.taken.enumerated() {
      records[index] = TensorRecord(entry: records[index].entry, taken: line)
      for chunk in records[index].chunksAsWritten {
        guard try writer.takeOver(chunk) else {
          throw FusionError.resumeJournal(
            journal.paths, line: index + 2, expected: "chunks that follow each other",
            found: "one at offset \(chunk.offset)")
        }
      }
    }
  }

  /// Encodes, writes, hashes and reads back everything; what is there already is proven first.
  func run() throws {
    let steps = ConversionSteps(converter.plan.entries, hasher.segments, takenCount: journal?.taken.count ?? 0)
    do {
      try run(steps.proofs)
      try run(steps.conversions)
    } catch var error as FusionError where error.code.category == .inputOutput {
      if let journal, journal.isWorthwhile {
        error.remedy = (error.remedy.map { $0 + "; " } ?? "") + "the same command with --resume goes on from here"
      }
      throw error
    }
  }

  private func run(_ steps: [ConversionSteps.Step]) throws {
    let execution = converter.execution
    let source = converter.checkpoint.source
    let policy = converter.recipe.policy
    try OrderedWorkers.run(
      count: steps.count, threads: execution.threads,
      makeContext: {
        Context(
          encoder: BlockEncoder(
            source: source, policy: policy, kernels: execution.kernels, discardsPages: !self.verifies,
            identifiesSource: self.journal != nil),
          proof: BlockProof(converter: self.converter, writer: self.writer))
      },
      produce: { context, index -> Product in
        switch steps[index] {
        case .hash: return .nothing
        case .plan(let entryIndex):
          try self.inputErrors.measure(entry: entryIndex, try self.codings.coding(ofEntry: entryIndex))
          return .nothing
        case .prove(let block): return .proven(sourceChecksum: try self.prove(block, context.proof))
        case .encode(let block):
          let entry = self.converter.plan.entries[block.entryIndex]
          let coding = try self.codings.coding(ofEntry: block.entryIndex)
          return .encoded(try context.encoder.encode(block, of: entry, coding: coding))
        }
      },
      commit: { index, product -> BlockProof.Written? in
        switch (steps[index], product) {
        case (.hash(let segment), .nothing): try self.hasher.add(segment)
        case (.plan, .nothing): break
        case (.prove(let block), .proven(let checksum)): try self.take(block, checksum)
        case (.encode(let block), .encoded(let product)): return try self.write(block, product)
        default: preconditionFailure("a step has a product of its own kind")
        }
        return nil
      },
      finish: { context, index, written in
        guard self.verifies, let written, case .encode(let block) = steps[index] else { return }
        self.clipped.add(try context.proof.compare(block, written))
      })
  }

  private struct Context {
    let encoder: BlockEncoder
    let proof: BlockProof
  }

  private enum Product {
    case nothing
    case proven(sourceChecksum: UInt64)
    case encoded(BlockEncoder.Product)
  }

  private func write(_ block: RowBlock, _ product: BlockEncoder.Product) throws -> BlockProof.Written {
    let chunks = try product.chunks.map { try writer.append($0) }
    records[block.entryIndex].add(chunks, product.statistics, sourceChecksum: product.sourceChecksum)
    codings.release(block)
    if let journal, isLast(block) {
      try writer.sync()
      try journal.add(records[block.entryIndex])
    }
    report(block, "converting")
    return BlockProof.Written(
      chunks: records[block.entryIndex].chunks(ofBlock: block.chunkIndex),
      largestDeviation: product.statistics?.largestDeviation)
  }

  /// Proves a block that an earlier process wrote.
  ///
  /// - Returns: the checksum of the source's bytes.
  private func prove(_ block: RowBlock, _ proof: BlockProof) throws -> UInt64 {
    let record = records[block.entryIndex]
    let written = BlockProof.Written(
      chunks: record.chunks(ofBlock: block.chunkIndex),
      largestDeviation: record.statistics?.largestDeviation.map { Float($0) })
    var checksum: UInt64 = 0
    do {
      if verifies {
        clipped.add(try proof.compare(block, written) { checksum = ContainerChecksum.of($0) })
      } else {
        try proof.check(block, written) { checksum = ContainerChecksum.of($0) }
      }
    } catch var error as FusionError where error.code.category == .malformedInput {
      error.file = journal?.paths.partial
      error.remedy = journal?.paths.beginAnew
      throw error
    }
    return checksum
  }

  /// Notes that a block was proven; after the last of its tensor, that it was made from the same source.
  private func take(_ block: RowBlock, _ checksum: UInt64) throws {
    provenSource.add(checksum)
    let record = records[block.entryIndex]
    report(block, "checking what is done")
    guard isLast(block) else { return }
    guard provenSource == record.sourceChecksum else {
      let tensor = record.entry.tensor.description
      throw FusionError(
        .resumeOtherSource, "the source is not what the interrupted conversion read",
        file: converter.checkpoint.source.files[tensor.fileIndex].path, place: "tensor \(tensor.name)",
        expected: "the bytes that were converted", found: "other bytes", remedy: journal?.paths.beginAnew)
    }
    provenSource = SourceChecksum()
  }

  private func isLast(_ block: RowBlock) -> Bool {
    block.chunkIndex == converter.plan.entries[block.entryIndex].chunkCount - 1
  }

  private func report(_ block: RowBlock, _ step: String) {
    doneByteCount += block.byteRange(in: converter.plan.entries[block.entryIndex].tensor.description).count
    progress?(ProgressUpdate(step: step, doneByteCount: doneByteCount, totalByteCount: totalByteCount))
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
