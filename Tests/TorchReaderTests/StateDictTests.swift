import FusionCore
import TestSupport
import Testing
import TorchReader

/// Which tensors of a file are the model's, and how much a file may make of itself.
@Suite struct StateDictTests {
  private typealias View = RawTorchFile.View

  /// A file of one storage of four float32 values and some views of it.
  private static func file(_ views: [RawTorchFile.View], elementCount: Int = 4) -> RawTorchFile {
    let bytes = (0..<elementCount).flatMap { RawTorchFile.number(Float($0).bitPattern) }
    return RawTorchFile(storages: [RawTorchFile.Storage(dtype: "F32", bytes: bytes)], views: views)
  }

  private static func dense(_ name: String) -> RawTorchFile.View {
    View(name: name, storage: 0, offset: 0, shape: [4], strides: [1])
  }

  /// Strides that no element depends on may be anything; they decide nothing.
  @Test(arguments: [[1, 1], [1, Int.max], [4, 1 << 62]])
  func stridesOfSingleElementsAreLeftOut(strides: [Int]) throws {
    let folder = try TemporaryFolder()
    let views = [
      View(name: "a", storage: 0, offset: 0, shape: [4, 1], strides: [1, 1]),
      View(name: "b", storage: 0, offset: 0, shape: [4, 1], strides: [1, strides[1]]),
      View(name: "c", storage: 0, offset: 0, shape: [1, 2], strides: [strides[1], 3]),
      View(name: "d", storage: 0, offset: 0, shape: [0, 2], strides: [strides[1], strides[1]]),
    ]
    try folder.write("x.pt", Self.file(views).archiveBytes)
    let checkpoint = try TorchCheckpoint(path: folder.file("x.pt"))
    #expect(checkpoint.aliases == ["b": "a"])
    let values = try checkpoint.tensors.map { tensor in
      try checkpoint.withBytes(of: tensor, in: 0..<tensor.byteCount) { bytes in
        stride(from: 0, to: bytes.count, by: 4).map {
          Float(bitPattern: bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self))
        }
      }
    }
    #expect(values == [[0, 1, 2, 3], [0, 1, 2, 3], [0, 3], []])
  }

  /// Of two values of one key Python takes the last, and other programs may take the first.
  @Test func keysThatAreSetTwiceAreRefused() throws {
    let folder = try TemporaryFolder()
    try folder.write("x.pt", Self.file([Self.dense("a"), Self.dense("b"), Self.dense("a")]).archiveBytes)
    let error = try #require(throws: FusionError.self) { try TorchCheckpoint(path: folder.file("x.pt")) }
    #expect(error.code == .torchDuplicateTensor)
    #expect(error.place == "key \"a\" of the top")
  }

  /// Dictionaries that refer to each other many times are neither counted nor walked once for each way.
  @Test(arguments: [(keys: 30, levels: 7), (keys: 2000, levels: 2)])
  func sharedDictionariesEnd(keys: Int, levels: Int) throws {
    // Each level is a dictionary whose keys all refer to the one below, by memo.
    var pickle = PickleBuilder().ops(.emptyDict).op(.binPut, [0])
    for level in 1...levels {
      pickle = pickle.ops(.pop, .emptyDict, .mark)
      for key in 0..<keys { pickle = pickle.text("\(key)").op(.binGet, [UInt8(level - 1)]) }
      pickle = pickle.ops(.setItems).op(.binPut, [UInt8(level)])
    }
    let folder = try TemporaryFolder()
    let entries = [
      ("archive/data.pkl", pickle.stop()), ("archive/version", Array("3\n".utf8)),
    ]
    try folder.write("x.pt", RawTorchFile.archive(entries))
    for key in [nil, "."] {
      let error = try #require(throws: FusionError.self) {
        try TorchCheckpoint(path: folder.file("x.pt"), stateDictKey: key)
      }
      #expect(error.code == (key == nil ? .torchNoStateDict : .torchStateDictKey))
    }
  }

  /// Every view may be small enough and all together too much for their file.
  @Test func viewsCannotMakeAFileEndless() throws {
    let folder = try TemporaryFolder()
    let views = (0..<9).map { View(name: "\($0)", storage: 0, offset: $0 % 4, shape: [1 << 21], strides: [0]) }
    try folder.write("all.pt", Self.file(views).archiveBytes)
    try folder.write("some.pt", Self.file(Array(views.prefix(8))).archiveBytes)
    let error = try #require(throws: FusionError.self) { try TorchCheckpoint(path: folder.file("all.pt")) }
    #expect(error.code == .torchRepeatedView)
    #expect(error.place == "tensor \"8\"")
    #expect(try TorchCheckpoint(path: folder.file("some.pt")).tensors.count == 8)
  }

  /// What shares bytes is said in the order of names, whatever order a hash table has.
  @Test func sharedBytesAreSaidInOrder() throws {
    let folder = try TemporaryFolder()
    let names = ["f", "c", "e", "a", "d", "b"]
    let views = names.enumerated().map { index, name in
      View(name: name, storage: 0, offset: 0, shape: [index + 1], strides: [1])
    }
    try folder.write("x.pt", Self.file(views, elementCount: 8).archiveBytes)
    for _ in 0..<8 {
      let notices = try TorchCheckpoint(path: folder.file("x.pt")).notices
      #expect(
        notices == ["5 tensors share some bytes with another, such as \"b\"; each is read as a tensor of its own"])
    }
  }

  /// A wrapper's prefix is one of all files together; an index has the names as they are.
  @Test func prefixesAreThoseOfAllShards() throws {
    let folder = try TemporaryFolder()
    let shards = [["module.a", "module.b"], ["module.c"]]
    for (number, names) in shards.enumerated() {
      try folder.write(
        "pytorch_model-0000\(number + 1)-of-00002.bin", Self.file(names.map(Self.dense)).archiveBytes)
    }
    let map = zip(["module.a", "module.b", "module.c"], [1, 1, 2]).map {
      "\"\($0)\":\"pytorch_model-0000\($1)-of-00002.bin\""
    }
    try folder.write("pytorch_model.bin.index.json", text: "{\"weight_map\":{\(map.joined(separator: ","))}}")
    #expect(try TorchCheckpoint(path: folder.path).tensors.map(\.name) == ["a", "b", "c"])

    try folder.write("pytorch_model-00002-of-00002.bin", Self.file([Self.dense("c")]).archiveBytes)
    try folder.write(
      "pytorch_model.bin.index.json", text: "{\"weight_map\":{\"c\":\"pytorch_model-00002-of-00002.bin\"}}")
    // The index names one file, so the other is no part of the checkpoint.
    #expect(try TorchCheckpoint(path: folder.path).tensors.map(\.name) == ["c"])
    try folder.remove("pytorch_model.bin.index.json")
    #expect(try TorchCheckpoint(path: folder.path).tensors.map(\.name) == ["c", "module.a", "module.b"])
  }

  /// A tensor without a storage is not left out in silence.
  @Test func tensorsWithoutAStorageAreRefused() throws {
    let pickle = PickleBuilder().ops(.emptyDict, .mark).text("x").global("torch", "Tensor").ops(
      .emptyTuple, .reduce, .setItems)
    let folder = try TemporaryFolder()
    let entries = [
      ("archive/data.pkl", pickle.stop()), ("archive/version", Array("3\n".utf8)),
    ]
    try folder.write("x.pt", RawTorchFile.archive(entries))
    let error = try #require(throws: FusionError.self) { try TorchCheckpoint(path: folder.file("x.pt")) }
    #expect(error.code == .torchMalformedTensor)
    #expect(error.place?.hasPrefix("tensor \"x\"") == true)
  }
}
