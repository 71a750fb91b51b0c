import Foundation
import FusionCore
import TestSupport
import Testing
import TorchReader

/// What the writer writes, and what it refuses to.
@Suite struct TorchArchiveWriterTests {
  typealias Declaration = (name: String, dtype: DType, shape: Shape)

  /// A file of PyTorch with dense tensors of all types, written again: every byte is the same but for a number that PyTorch
  /// makes with a hash function of its library.
  @Test func writesWhatPyTorchWrites() throws {
    let name = "dense.bin"
    let golden = Fixtures.path("torch-dense/\(name)")
    let folder = try TemporaryFolder()
    let path = folder.file(name)
    let checkpoint = try TorchCheckpoint(path: golden)
    let tensors = checkpoint.tensors.sorted { $0.offset < $1.offset }
    let writer = try TorchArchiveWriter(
      path: path, tensors: tensors.map { ($0.name, $0.dtype, $0.shape) }, replacing: false)
    for tensor in tensors { try checkpoint.withBytes(of: tensor, in: 0..<tensor.byteCount) { try writer.append($0) } }
    try writer.finish()
    let (expected, written) = (try Self.read(golden), try Self.read(path))
    #expect(Self.withoutSerialization(written) == Self.withoutSerialization(expected))
    #expect(written.count == expected.count)
    #expect(writer.fileByteCount == written.count)
  }

  /// What is written comes back, for random types, shapes, names and pieces, with fields of 32 and of 64 bits.
  @Test(arguments: UInt64(0)..<24)
  func readsBackWhatItWrote(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let folder = try TemporaryFolder()
    let path = folder.file(try #require(["a.bin", "Größe.pt", "..bin", "no-ending"].randomElement(using: &random)))
    let tensors = try Self.randomTensors(Int.random(in: 1...60, using: &random), &random)
    let threshold = try #require([1, 64, 700, Int(UInt32.max)].randomElement(using: &random))
    let (writer, data) = try Self.write(tensors, to: path, zip64Threshold: threshold, &random)
    #expect(writer.fileByteCount == (try Self.read(path)).count)
    try Self.expect(tensors, data, in: path)
  }

  /// Sizes and offsets in Zip64 fields: from nothing to everything, in one archive.
  @Test(arguments: [1, 2, 40, 41, 300, 1000, 2000, 4000, TorchArchiveWriter.standardZip64Threshold])
  func writesLongFields(threshold: Int) throws {
    var random = SplitMix64(seed: 7)
    let folder = try TemporaryFolder()
    let path = folder.file("long.bin")
    let tensors: [Declaration] = [
      try Self.declaration("a", .f32, [3, 5]), try Self.declaration("empty", .u8, [0, 4]),
      try Self.declaration("b", .u8, [1000]), try Self.declaration("c", .i64, []),
    ]
    let (_, data) = try Self.write(tensors, to: path, zip64Threshold: threshold, &random)
    try Self.expect(tensors, data, in: path)
    // The field's number, then its length for one, two or three numbers. At 1, for example, local headers of the nine
    // entries that have bytes state two sizes, as does the directory for the first, whose offset is 0; for the other
    // eight it states three numbers, and for the empty one an offset.
    let bytes = try Self.read(path)
    let fields = [8, 16, 24].map { length in Self.count([1, 0, UInt8(length), 0], in: bytes) }
    let expected = [
      1: [1, 10, 8], 2: [2, 9, 7], 40: [6, 5, 3], 41: [7, 4, 2], 300: [8, 3, 1], 1000: [4, 1, 1], 2000: [3, 0, 0],
    ]
    #expect(fields == expected[threshold] ?? [0, 0, 0])
  }

  @Test func writesMoreThanOneBatchOfNames() throws {
    var random = SplitMix64(seed: 1)
    let folder = try TemporaryFolder()
    for count in [999, 1000, 1001, 2000, TorchArchiveWriter.maximumTensorCount] {
      let path = folder.file("\(count).bin")
      let tensors = try (0..<count).map { try Self.declaration("layers.\($0).weight", .u8, [1, 1, 1, 2]) }
      let (_, data) = try Self.write(tensors, to: path, zip64Threshold: 1000, &random)
      try Self.expect(tensors, data, in: path)
    }
  }

  @Test func writesAnArchiveOfNothing() throws {
    var random = SplitMix64(seed: 1)
    let folder = try TemporaryFolder()
    let path = folder.file("empty.bin")
    let (writer, _) = try Self.write([], to: path, zip64Threshold: 1000, &random)
    #expect(writer.dataByteCount == 0)
    let error = try #require(throws: FusionError.self) { try TorchCheckpoint(path: path) }
    #expect(error.code == .torchNoStateDict)
  }

  @Test func equalContentsAreEqualFiles() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder.file("b"), withIntermediateDirectories: false)
    var files: [[UInt8]] = []
    for path in ["x.bin", "b/x.bin"].map(folder.file) {
      var random = SplitMix64(seed: 3)
      _ = try Self.write(try Self.randomTensors(20, &random), to: path, zip64Threshold: 500, &random)
      files.append(try Self.read(path))
    }
    #expect(files[0] == files[1])
  }

  @Test func leavesNothingBehindWhenAbandoned() throws {
    let folder = try TemporaryFolder()
    do {
      let tensors = [try Self.declaration("a", .u8, [4])]
      let writer = try TorchArchiveWriter(path: folder.file("x.bin"), tensors: tensors, replacing: false)
      try [1, 2].withUnsafeBytes { try writer.append(UnsafeRawBufferPointer(rebasing: $0[..<2])) }
    }
    #expect(try folder.names() == [])
  }

  @Test func replacesOnlyWhenTold() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("x.bin", text: "old")
    let error = try #require(throws: FusionError.self) {
      try TorchArchiveWriter(path: path, tensors: [], replacing: false)
    }
    #expect(error.code == .outputExists)
    #expect(try Self.read(path) == Array("old".utf8))
    let writer = try TorchArchiveWriter(path: path, tensors: [], replacing: true)
    try writer.finish()
    #expect(try Self.read(path).count == writer.fileByteCount)
  }

  @Test func refusesWhatItCouldNotReadBack() throws {
    let huge = try #require(Shape([1 << 62]))
    let small = try #require(Shape([1]))
    let many = (0...TorchArchiveWriter.maximumTensorCount).map { (name: "\($0)", dtype: DType.u8, shape: small) }
    let nearlyAll = try #require(Shape([Int.max - 100]))
    let cases: [(FusionError.Code, String, String, [Declaration])] = [
      (.torchUnsafeName, "tensor \"a/b\"", "path separator", [("a/b", .u8, small)]),
      (.torchDuplicateTensor, "tensor \"a\"", "a second tensor", [("a", .u8, small), ("a", .u8, small)]),
      (.torchShapeOverflow, "tensor \"a\"", "of F32", [("a", .f32, huge)]),
      (.torchShapeOverflow, "tensor \"b\"", "after 4611686018427387904 bytes", [("a", .u8, huge), ("b", .u8, huge)]),
      (.torchShapeOverflow, "entry x/data/0", "9223372036854775707 bytes", [("a", .u8, nearlyAll)]),
      (.torchTooManyTensors, "data.pkl", "\(TorchArchiveWriter.maximumTensorCount + 1)", many),
    ]
    let folder = try TemporaryFolder()
    for (code, place, found, tensors) in cases {
      let error = try #require(throws: FusionError.self) {
        try TorchArchiveWriter(path: folder.file("x.bin"), tensors: tensors, replacing: false)
      }
      #expect(error.code == code)
      #expect(error.file == folder.file("x.bin"))
      #expect(error.place == place)
      #expect(error.found?.contains(found) == true, "found: \(error.found ?? "none")")
    }
    #expect(try folder.names() == [])
  }

  @Test func tooManyBytesAreABrokenPromise() async {
    await #expect(processExitsWith: .failure) {
      let path = FileManager.default.temporaryDirectory.path + "/fusion-test-too-many.bin"
      let writer = try TorchArchiveWriter(path: path, tensors: [], replacing: true)
      try [UInt8(1)].withUnsafeBytes { try writer.append($0) }
      exit(0)
    }
  }

  @Test func tooFewBytesAreABrokenPromise() async {
    await #expect(processExitsWith: .failure) {
      let path = FileManager.default.temporaryDirectory.path + "/fusion-test-too-few.bin"
      guard let shape = Shape([2]) else { exit(0) }
      let writer = try TorchArchiveWriter(path: path, tensors: [("a", .u8, shape)], replacing: true)
      try [UInt8(1)].withUnsafeBytes { try writer.append($0) }
      try writer.finish()
      exit(0)
    }
  }
}
