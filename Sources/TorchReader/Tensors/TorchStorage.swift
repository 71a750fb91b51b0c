/// A run of bytes in a file that tensors are views of.
struct TorchStorage: Sendable {
  /// What the pickle calls it; unique in its file.
  let key: String
  /// Where its bytes lie in the file.
  let range: Range<Int>
  /// The archive's entry that it is; `nil` in files of the older kind.
  let entry: ZipEntry?
}
