import NumericKernels

/// What each part of the keys gives one query in every head: a softmax and a sum of values.
struct PartialAttention: Sendable {
  private let partCount: Int
  private let dimension: Int
  /// [head, part, dimension].
  private let sums: ActivationMatrix
  /// [head, part], in memory that is aligned for any type.
  private let states: ActivationMatrix

  init(headCount: Int, partCount: Int, dimension: Int, context: ComputeContext) {
    self.partCount = partCount
    self.dimension = dimension
    sums = context.makeMatrix(rows: headCount, columns: partCount * dimension)
    let width = MemoryLayout<AttentionSoftmax>.stride / MemoryLayout<Float>.stride
    states = context.makeMatrix(rows: headCount, columns: partCount * width)
    softmaxes.update(repeating: AttentionSoftmax(), count: headCount * partCount)
  }

  /// Numbers from the sums of one head to those of the next.
  var headStride: Int { partCount * dimension }

  /// The sums of a part.
  func sums(head: Int, part: Int) -> UnsafeMutablePointer<Float> { sums.address(head, part * dimension) }

  /// The softmax of a part.
  func softmax(head: Int, part: Int) -> UnsafeMutablePointer<AttentionSoftmax> {
    softmaxes + (head * partCount + part)
  }

  /// The result of a head.
  func combine(head: Int, into result: UnsafeMutableBufferPointer<Float>, _ kernels: KernelSet) {
    kernels.attentionResult(
      UnsafeBufferPointer(start: softmax(head: head, part: 0), count: partCount), sums: sums(head: head, part: 0),
      partStride: dimension, into: result)
  }

  private var softmaxes: UnsafeMutablePointer<AttentionSoftmax> {
    // The matrix is used for nothing else.
    UnsafeMutableRawPointer(states.address(0)).assumingMemoryBound(to: AttentionSoftmax.self)
  }
}
