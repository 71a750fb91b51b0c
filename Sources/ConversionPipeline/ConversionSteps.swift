import FusionCore
import WeightGraph

/// What a conversion does in which order: blocks in canonical order, with the hashing spread evenly between them.
///
/// How a tensor becomes codes is worked out while blocks before it are encoded, so that no thread waits for that.
/// Hashing proceeds about where the blocks are read, and on most machines no page of the source is fetched from the
/// disk twice.
struct ConversionSteps {
  enum Step {
    /// Proves a block that an earlier process wrote.
    case prove(RowBlock)
    /// Works out how a tensor becomes codes.
    case plan(entryIndex: Int)
    case encode(RowBlock)
    case hash(SourceHasher.Segment)
  }

  /// What proves the tensors that are there already; all of it comes before anything is written.
  let proofs: [Step]
  /// What makes the others.
  let conversions: [Step]

  /// Blocks between a tensor's plan and its first block: about so long does a plan take.
  private static let planningLead = 4

  /// - Parameter takenCount: tensors at the start of the plan that are there already.
  init(_ entries: [PlannedTensor], _ segments: [SourceHasher.Segment], takenCount: Int) {
    let blocks = entries.enumerated().flatMap { index, entry in
      RowBlock.blocks(
        ofEntry: index, rowCount: entry.tensor.description.shape.rowCount, rowsPerChunk: entry.rowsPerChunk)
    }
    var proofs: [Step] = []
    var conversions: [Step] = []
    var hashed = 0
    var planned = takenCount
    for (index, block) in blocks.enumerated() {
      let isTaken = block.entryIndex < takenCount
      let due = segments.count * (index + 1) / blocks.count
      let hashing = segments[hashed..<due].map(Step.hash)
      hashed = due
      if !isTaken {
        let ahead = blocks[min(index + Self.planningLead, blocks.count - 1)].entryIndex
        conversions += (planned..<max(planned, ahead + 1)).map { .plan(entryIndex: $0) }
        planned = max(planned, ahead + 1)
      }
      if isTaken { proofs += [.prove(block)] + hashing } else { conversions += [.encode(block)] + hashing }
    }
    self.proofs = proofs
    self.conversions = conversions + segments[hashed...].map(Step.hash)
  }
}
