import FusionCore
import NumericKernels

/// Memory of activations that is used again by the next layer, which wants the same sizes.
///
/// Without it every layer would ask the system for hundreds of megabytes of fresh pages, which costs a tenth of the time
/// of a long prompt.
final class ActivationPool: Sendable {
  private struct State {
    nonisolated(unsafe) var free: [Int: [UnsafeMutableBufferPointer<Float>]] = [:]
    var freeCount = 0
  }

  /// Values that may wait for use, 160 MiB: what a layer of a large model needs for a thousand positions. More are given
  /// back to the system, those of other sizes first, since they may be of a prompt that is over.
  private static let maximumFreeCount = 40 << 20

  private let state = Protected(State())

  deinit {
    state.withLock { state in
      for buffer in state.free.values.joined() { buffer.deallocate() }
    }
  }

  /// Memory of undefined content.
  func take(_ count: Int) -> UnsafeMutableBufferPointer<Float> {
    nonisolated(unsafe) var found: UnsafeMutableBufferPointer<Float>?
    state.withLock { state in
      guard let buffer = state.free[count]?.popLast() else { return }
      state.freeCount -= count
      found = buffer
    }
    if let found { return found }
    return AlignedAllocation.allocate(byteCount: count * MemoryLayout<Float>.stride).bindMemory(to: Float.self)
  }

  /// Takes memory back.
  func giveBack(_ buffer: UnsafeMutableBufferPointer<Float>) {
    nonisolated(unsafe) let buffer = buffer
    let isKept = state.withLock { state in
      guard buffer.count <= Self.maximumFreeCount else { return false }
      for size in state.free.keys.sorted(by: >) where state.freeCount + buffer.count > Self.maximumFreeCount {
        guard size != buffer.count, let others = state.free.removeValue(forKey: size) else { continue }
        for other in others { other.deallocate() }
        state.freeCount -= size * others.count
      }
      guard state.freeCount + buffer.count <= Self.maximumFreeCount else { return false }
      state.free[buffer.count, default: []].append(buffer)
      state.freeCount += buffer.count
      return true
    }
    if !isKept { buffer.deallocate() }
  }
}
