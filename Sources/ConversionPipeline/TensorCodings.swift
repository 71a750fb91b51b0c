import FusionCore
import NumericKernels
import Quantizers
import WeightGraph

/// How the rows of each tensor become codes, worked out when the first block of a tensor is about to be encoded and
/// forgotten after the last.
///
/// May be used from several threads at once; a tensor's coding is worked out by one of them while the others wait for
/// it.
final class TensorCodings: Sendable {
  private struct Slot {
    var coding: RowCoding?
    var isKnown = false
  }

  private let converter: Converter
  private let planner: RowCodingPlanner
  private let slots: [Protected<Slot>]

  /// - Parameters:
  ///   - planner: what works codings out; `nil` for one that nothing else uses.
  ///   - forecasts: whether the sizes of codes matter, but not the codes.
  init(converter: Converter, planner: RowCodingPlanner? = nil, forecasts: Bool = false) {
    self.converter = converter
    self.planner = planner ?? RowCodingPlanner(converter, forecasts: forecasts)
    slots = converter.plan.entries.map { _ in Protected(Slot()) }
  }

  /// The coding of a tensor; `nil` if it is not quantized.
  ///
  /// - Throws: what reading the source throws; a refusal of the quantizer.
  func coding(ofEntry index: Int) throws -> RowCoding? {
    let entry = converter.plan.entries[index]
    guard entry.encoding.isQuantized else { return nil }
    return try slots[index].withLock { slot in
      if !slot.isKnown {
        slot.coding = try planner.coding(of: entry)
        slot.isKnown = true
      }
      return slot.coding
    }
  }

  /// Forgets a tensor's coding once its last block is written.
  func release(_ block: RowBlock) {
    guard block.chunkIndex == converter.plan.entries[block.entryIndex].chunkCount - 1 else { return }
    slots[block.entryIndex].withLock { $0.coding = nil }
  }
}
