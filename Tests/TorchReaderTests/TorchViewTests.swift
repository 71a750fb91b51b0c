import FusionCore
import TestSupport
import Testing
import TorchReader

/// Views of any layout against a plain loop over their elements.
@Suite struct TorchViewTests {
  @Test(arguments: 0..<24 as Range<UInt64>)
  func randomViewsAreLaidOutDensely(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let (file, expected) = Self.make(&random)
    let folder = try TemporaryFolder()
    for (name, bytes) in [("archive.pt", file.archiveBytes), ("legacy.pt", file.legacyBytes)] {
      let checkpoint = try TorchCheckpoint(path: folder.write(name, bytes))
      #expect(try TorchReading.tensors(of: checkpoint) == expected, "\(name)")
      for tensor in checkpoint.tensors where tensor.byteCount > 0 {
        let start = Int.random(in: 0..<tensor.byteCount, using: &random)
        let end = Int.random(in: start...tensor.byteCount, using: &random)
        let part = try checkpoint.withBytes(of: tensor, in: start..<end) { Array($0) }
        #expect(part == expected[tensor.name].map { Array($0.bytes[start..<end]) }, "\(tensor.name) \(start)..<\(end)")
      }
    }
  }

  /// Storages of random bytes, random views of them, and what the views show.
  private static func make(_ random: inout SplitMix64) -> (RawTorchFile, [String: RawSafetensors.Tensor]) {
    let types = RawTorchFile.types.keys.sorted()
    let storages = (0..<Int.random(in: 1...4, using: &random)).map { _ in
      let dtype = types[Int.random(in: 0..<types.count, using: &random)]
      let count = Int.random(in: 1...300, using: &random) * (RawTorchFile.types[dtype]?.width ?? 1)
      return RawTorchFile.Storage(
        dtype: dtype, bytes: (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
    }
    var views: [RawTorchFile.View] = []
    var expected: [String: RawSafetensors.Tensor] = [:]
    for number in 0..<Int.random(in: storages.count...20, using: &random) {
      // Every storage is of some tensor, as in all files that PyTorch wrote.
      let index = number < storages.count ? number : Int.random(in: 0..<storages.count, using: &random)
      let view = view("t\(number)", index, of: storages[index], &random)
      views.append(view)
      expected[view.name] = .init(
        dtype: storages[index].dtype, shape: view.shape, bytes: dense(view, of: storages[index]))
    }
    return (RawTorchFile(storages: storages, views: views), expected)
  }

  /// A view within a storage: every stride may be zero, and dimensions may overlap.
  private static func view(
    _ name: String, _ index: Int, of storage: RawTorchFile.Storage, _ random: inout SplitMix64
  ) -> RawTorchFile.View {
    let count = storage.bytes.count / (RawTorchFile.types[storage.dtype]?.width ?? 1)
    let offset = Int.random(in: 0..<count, using: &random)
    var room = count - 1 - offset
    var shape: [Int] = []
    var strides: [Int] = []
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      let stride = Int.random(in: 0...max(1, room / 2), using: &random)
      let largest = stride == 0 ? 4 : min(6, room / stride + 1)
      let isEmpty = Int.random(in: 0..<20, using: &random) == 0
      let size = isEmpty ? 0 : Int.random(in: 1...largest, using: &random)
      room -= max(0, size - 1) * stride
      shape.append(size)
      strides.append(stride)
    }
    return .init(name: name, storage: index, offset: offset, shape: shape, strides: strides)
  }

  /// One element after the other, the last index fastest.
  private static func dense(_ view: RawTorchFile.View, of storage: RawTorchFile.Storage) -> [UInt8] {
    let width = RawTorchFile.types[storage.dtype]?.width ?? 1
    var bytes: [UInt8] = []
    for position in 0..<view.shape.reduce(1, *) {
      var rest = position
      var element = view.offset
      for (size, stride) in zip(view.shape, view.strides).reversed() {
        element += rest % size * stride
        rest /= size
      }
      bytes += storage.bytes[(element * width)..<((element + 1) * width)]
    }
    return bytes
  }
}
