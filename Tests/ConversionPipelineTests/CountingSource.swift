import FusionCore

/// Lends another source's tensors and counts how often that is asked for.
struct CountingSource: WeightSource {
  private let source: any WeightSource
  private let count = Protected(0)

  init(_ source: any WeightSource) { self.source = source }

  var readCount: Int { count.withLock { $0 } }
  var formatName: String { source.formatName }
  var files: [SourceFile] { source.files }
  var tensors: [TensorDescription] { source.tensors }
  var notices: [String] { source.notices }

  func withBytes<Result>(
    of tensor: TensorDescription, in range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    count.withLock { $0 += 1 }
    return try source.withBytes(of: tensor, in: range, body)
  }

  func borrow(_ tensor: TensorDescription) throws -> BorrowedBytes {
    count.withLock { $0 += 1 }
    return try source.borrow(tensor)
  }

  func discard(_ tensor: TensorDescription, in range: Range<Int>) { source.discard(tensor, in: range) }

  func checkUnchanged() throws { try source.checkUnchanged() }
}
