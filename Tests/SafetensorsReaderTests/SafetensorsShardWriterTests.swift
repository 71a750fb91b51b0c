import Foundation
import FusionCore
import SafetensorsReader
import TestSupport
import Testing

/// What the writer writes, and what it refuses to.
@Suite struct SafetensorsShardWriterTests {
  typealias Declaration = (name: String, dtype: DType, shape: Shape)

  @Test func writesTheGoldenFile() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("golden.safetensors")
    let tensors = [
      try declaration("w\"1", .bf16, [2, 1]), try declaration("z", .f32, [0, 3]), try declaration("s", .u8, []),
    ]
    let writer = try SafetensorsShardWriter(
      path: path, tensors: tensors, metadata: ["note": "tab\t", "format": "pt"], replacing: false)
    try append([1, 2, 3], to: writer)
    try append([4, 5], to: writer)
    #expect(try folder.names() == [])
    try writer.finish()
    let json =
      #"{"__metadata__":{"format":"pt","note":"tab\t"},"w\"1":{"dtype":"BF16","shape":[2,1],"data_offsets":[0,4]},"#
      + #""z":{"dtype":"F32","shape":[0,3],"data_offsets":[4,4]},"s":{"dtype":"U8","shape":[],"data_offsets":[4,5]}}"#
    #expect(json.utf8.count == 212)
    let golden: [UInt8] = [216, 0, 0, 0, 0, 0, 0, 0] + Array(json.utf8) + Array("    ".utf8) + [1, 2, 3, 4, 5]
    #expect(try read(path) == golden)
    #expect(writer.fileByteCount == golden.count)
    #expect(writer.dataByteCount == 5)
  }

  @Test func writesAnEmptyFile() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("empty.safetensors")
    try SafetensorsShardWriter(path: path, tensors: [], metadata: [:], replacing: false).finish()
    #expect(try read(path) == [8, 0, 0, 0, 0, 0, 0, 0] + Array("{}      ".utf8))
  }

  /// What is written comes back, for random types, shapes, names and pieces.
  @Test(arguments: UInt64(0)..<20)
  func readsBackWhatItWrote(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let folder = try TemporaryFolder()
    let path = folder.file("random.safetensors")
    var tensors: [Declaration] = []
    for index in 0..<Int.random(in: 1...30, using: &random) {
      let sizes = (0..<Int.random(in: 0...4, using: &random)).map { _ in Int.random(in: 0...7, using: &random) }
      let dtype = try #require(DType.allCases.randomElement(using: &random))
      let letter = try #require(["a", "Ω", "\"", "模", "~"].randomElement(using: &random))
      tensors.append(try declaration("\(letter).\(index)", dtype, sizes))
    }
    let metadata = Dictionary(
      uniqueKeysWithValues: (0..<Int.random(in: 0...3, using: &random)).map { ("k\($0)", "\u{1}é\\") })
    let writer = try SafetensorsShardWriter(path: path, tensors: tensors, metadata: metadata, replacing: false)
    let data = (0..<writer.dataByteCount).map { _ in UInt8.random(in: 0...255, using: &random) }
    var rest = data[...]
    while !rest.isEmpty {
      let piece = rest.prefix(Int.random(in: 0...100, using: &random))
      try append(Array(piece), to: writer)
      rest = rest.dropFirst(piece.count)
    }
    try writer.finish()

    let checkpoint = try SafetensorsCheckpoint(path: path)
    #expect(checkpoint.fileMetadata(0) == metadata)
    #expect(checkpoint.tensors.count == tensors.count)
    let byName = Dictionary(uniqueKeysWithValues: checkpoint.tensors.map { ($0.name, $0) })
    var offset = 0
    for (name, dtype, shape) in tensors {
      let tensor = try #require(byName[name])
      #expect(tensor.dtype == dtype)
      #expect(tensor.shape == shape)
      #expect((tensor.offset - offset) % 8 == 0, "data starts at a multiple of 8")
      let bytes = try checkpoint.withBytes(of: tensor, in: 0..<tensor.byteCount) { Array($0) }
      #expect(bytes == Array(data[offset..<(offset + tensor.byteCount)]))
      offset += tensor.byteCount
    }
    #expect(offset == data.count)
  }

  @Test func leavesNothingBehindWhenAbandoned() throws {
    let folder = try TemporaryFolder()
    do {
      let writer = try SafetensorsShardWriter(
        path: folder.file("x.safetensors"), tensors: [try declaration("a", .u8, [4])], metadata: [:], replacing: false)
      try append([1, 2], to: writer)
    }
    #expect(try folder.names() == [])
  }

  @Test func replacesOnlyWhenTold() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("x.safetensors", text: "old")
    let error = try #require(throws: FusionError.self) {
      try SafetensorsShardWriter(path: path, tensors: [], metadata: [:], replacing: false)
    }
    #expect(error.code == .outputExists)
    #expect(try read(path) == Array("old".utf8))
    try SafetensorsShardWriter(path: path, tensors: [], metadata: [:], replacing: true).finish()
    #expect(try read(path).count == 16)
  }

  @Test func refusesWhatItCouldNotReadBack() throws {
    let huge = try #require(Shape([1 << 62]))
    let small = try #require(Shape([1]))
    let longNames = (0..<17_000).map {
      (name: "\($0)." + String(repeating: "n", count: 1000), dtype: DType.u8, shape: small)
    }
    let many = (0...SafetensorsLimits.tensorsPerFile).map { (name: "\($0)", dtype: DType.u8, shape: small) }
    let cases: [(FusionError.Code, String, String, [Declaration])] = [
      (.safetensorsUnsafeName, "tensor \"a/b\"", "path separator", [("a/b", .u8, small)]),
      (.safetensorsDuplicateName, "tensor \"a\"", "a second tensor", [("a", .u8, small), ("a", .u8, small)]),
      (.safetensorsDuplicateName, "tensor \"__metadata__\"", "keeps for itself", [("__metadata__", .u8, small)]),
      (.safetensorsShapeOverflow, "tensor \"a\"", "of F32", [("a", .f32, huge)]),
      (
        .safetensorsShapeOverflow, "tensor \"b\"", "after 4611686018427387904 bytes",
        [("a", .u8, huge), ("b", .u8, huge)]
      ),
      (.safetensorsTooManyEntries, "header", "32769 tensors", many),
      (.safetensorsHeaderTooLarge, "header", "bytes", longNames),
    ]
    let folder = try TemporaryFolder()
    for (code, place, found, tensors) in cases {
      let error = try #require(throws: FusionError.self) {
        try SafetensorsShardWriter(
          path: folder.file("x.safetensors"), tensors: tensors, metadata: [:], replacing: false)
      }
      #expect(error.code == code)
      #expect(error.file == folder.file("x.safetensors"))
      #expect(error.place == place)
      #expect(error.found?.contains(found) == true, "found: \(error.found ?? "none")")
    }
    #expect(try folder.names() == [])
  }

  @Test func tooManyBytesAreABrokenPromise() async {
    await #expect(processExitsWith: .failure) {
      let path = FileManager.default.temporaryDirectory.path + "/fusion-test-too-many.safetensors"
      let writer = try SafetensorsShardWriter(path: path, tensors: [], metadata: [:], replacing: true)
      try [UInt8(1)].withUnsafeBytes { try writer.append($0) }
      exit(0)
    }
  }

  @Test func tooFewBytesAreABrokenPromise() async {
    await #expect(processExitsWith: .failure) {
      let path = FileManager.default.temporaryDirectory.path + "/fusion-test-too-few.safetensors"
      guard let shape = Shape([2]) else { exit(0) }
      let writer = try SafetensorsShardWriter(
        path: path, tensors: [(name: "a", dtype: .u8, shape: shape)], metadata: [:], replacing: true)
      try [UInt8(1)].withUnsafeBytes { try writer.append($0) }
      try writer.finish()
      exit(0)
    }
  }

  private func declaration(_ name: String, _ dtype: DType, _ sizes: [Int]) throws -> Declaration {
    (name, dtype, try #require(Shape(sizes)))
  }

  private func append(_ bytes: [UInt8], to writer: SafetensorsShardWriter) throws {
    try bytes.withUnsafeBytes { try writer.append($0) }
  }

  private func read(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }
}
