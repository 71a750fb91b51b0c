import FusionCore
import WeightGraph

/// What a conversion does in which order: blocks in canonical order, with the hashing spread evenly between them.
///
/// So hashing proceeds about where the blocks are read, and on most machines no page of the source is fetched from the
/// disk twice.
struct ConversionSteps {
  enum Step {
    /// Proves a block that an earlier process wrote.
    case prove(RowBlock)
    case encode(RowBlock)
    case hash(SourceHasher.Segment)
  }

  /// What proves the tensors that are there already; all of it comes before anything is written.
  let proofs: [Step]
  /// What makes the others.
  let conversions: [Step]

  /// - Parameter takenCount: tensors at the start of the plan that are there already.
  init(_ entries: [PlannedTensor], _ segments: [SourceHasher.Segment], takenCount: Int) {
    let blocks = entries.enumerated().flatMap { index, entry in
      RowBlock.blocks(
        ofEntry: index, rowCount: entry.tensor.description.shape.rowCount, rowsPerChunk: entry.rowsPerChunk)
    }
    var proofs: [Step] = []
    var conversions: [Step] = []
    var hashed = 0
    for (index, block) in blocks.enumerated() {
      let isTaken = block.entryIndex < takenCount
      let due = segments.count * (index + 1) / blocks.count
      let hashing = segments[hashed..<due].map(Step.hash)
      hashed = due
      if isTaken { proofs += [.prove(block)] + hashing } else { conversions += [.encode(block)] + hashing }
    }
    self.proofs = proofs
    self.conversions = conversions + segments[hashed...].map(Step.hash)
  }
}
