import FusionCore

/// A source with one more thing to say.
struct NoticedSource: WeightSource {
  private let base: any WeightSource
  let notices: [String]

  init(_ base: any WeightSource, notice: String) {
    self.base = base
    notices = base.notices + [notice]
  }

  var formatName: String { base.formatName }
  var files: [SourceFile] { base.files }
  var tensors: [TensorDescription] { base.tensors }
  var aliases: [String: String] { base.aliases }

  func withBytes<Result>(
    of tensor: TensorDescription, in range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    try base.withBytes(of: tensor, in: range, body)
  }

  func borrow(_ tensor: TensorDescription) throws -> BorrowedBytes { try base.borrow(tensor) }
  func discard(_ tensor: TensorDescription, in range: Range<Int>) { base.discard(tensor, in: range) }
  func checkUnchanged() throws { try base.checkUnchanged() }
}
