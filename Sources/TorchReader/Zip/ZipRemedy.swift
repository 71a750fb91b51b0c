/// What a user can do about a bad archive, in the same words everywhere.
enum ZipRemedy {
  /// The file is probably damaged.
  static let download = "download the file again, and compare its size with the publisher's"
  /// No writer makes such a file by mistake.
  static let distrust = "do not trust this file; download it again from its author"
  /// Another program than PyTorch wrote the file.
  static let saveAgain = "load the file with PyTorch and save it again with torch.save"
}
