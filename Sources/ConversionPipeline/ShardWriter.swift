import SafetensorsReader
import TorchReader

/// A file that takes the bytes of declared tensors front to back.
protocol ShardWriter: AnyObject {
  /// Adds bytes where the last call stopped.
  func append(_ bytes: UnsafeRawBufferPointer) throws
  /// Makes the file durable and gives it its name.
  func finish() throws
}

extension SafetensorsShardWriter: ShardWriter {}
extension TorchArchiveWriter: ShardWriter {}
