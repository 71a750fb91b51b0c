import CheckpointLayout
import FusionCore

/// The index of a checkpoint: plain names of files, and the same after it was written.
///
/// The first byte chooses the names: `t` those of PyTorch, any other those of safetensors, which begins with a brace.
enum IndexFuzzing {
  static func run(_ bytes: UnsafeRawBufferPointer) throws {
    let isTorch = bytes.first == UInt8(ascii: "t")
    let naming = isTorch ? WeightFileNaming.torch : .safetensors
    let text = isTorch ? UnsafeRawBufferPointer(rebasing: bytes.dropFirst()) : bytes
    let index: CheckpointIndex
    do {
      index = try CheckpointIndex(parsing: text, naming: naming)
    } catch let error as FusionError {
      throw error.inFile(naming.indexName)
    }
    let written = try FuzzFinding.accepting("the index") {
      try index.serialized().withUnsafeBytes { try CheckpointIndex(parsing: $0, naming: naming) }
    }
    try FuzzFinding.require(written == index, "the index changed by being written")
    try FuzzFinding.require(
      index.files.allSatisfy { !$0.utf8.contains(UInt8(ascii: "/")) && $0 != ".." }, "a file outside of the folder")
  }
}
