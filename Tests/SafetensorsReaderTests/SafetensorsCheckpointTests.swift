import CheckpointLayout
import Foundation
import FusionCore
import SafetensorsReader
import TestSupport
import Testing

/// Files and folders as sources of weights.
@Suite struct SafetensorsCheckpointTests {
  static let cases = FolderCase.index + FolderCase.layout

  @Test(arguments: cases)
  func opensOrRefuses(_ item: FolderCase) throws {
    let folder = try TemporaryFolder()
    try item.fill(folder)
    switch item.outcome {
    case .accepted(let names, let notices):
      let checkpoint = try SafetensorsCheckpoint(path: folder.path)
      #expect(checkpoint.files.map(\.name) == names)
      #expect(checkpoint.notices.count == notices.count)
      for (notice, part) in zip(checkpoint.notices, notices) { #expect(notice.contains(part), "\(notice)") }
    case .refused(let code, let place, let expected, let found, let remedy):
      let error = try #require(throws: FusionError.self) { try SafetensorsCheckpoint(path: folder.path) }
      #expect(error.code == code)
      #expect(error.file?.hasPrefix(folder.path) == true, "file: \(error.file ?? "none")")
      if let place { #expect(error.place?.contains(place) == true, "place: \(error.place ?? "none")") }
      #expect(error.expected?.contains(expected) == true, "expected: \(error.expected ?? "none")")
      #expect(error.found?.contains(found) == true, "found: \(error.found ?? "none")")
      #expect(error.remedy?.contains(remedy) == true, "remedy: \(error.remedy ?? "none")")
    }
  }

  /// Reads the codes out of their declarations, so that a new one without a case is noticed.
  @Test func everyErrorCodeHasACase() throws {
    let path = Fixtures.repository + "/Sources/SafetensorsReader/FusionError+Safetensors.swift"
    let source = try String(contentsOfFile: path, encoding: .utf8)
    let declared = Set(source.matches(of: /Self\("(safetensors\.[A-Za-z0-9]+)"/).map { String($0.1) })
    let covered = SafetensorsHeaderTests.cases.compactMap(\.code) + Self.cases.compactMap(\.code)
    #expect(declared.count > 30)
    #expect(declared.subtracting(covered.map(\.rawValue)) == [])
  }

  @Test(arguments: [("fusion-phi-tiny", 4), ("fusion-x-llama-tiny", 4)])
  func readsTheFixtures(name: String, fileCount: Int) throws {
    let checkpoint = try SafetensorsCheckpoint(path: Fixtures.path(name))
    #expect(
      checkpoint.files.map(\.name)
        == (1...fileCount).map { WeightFileNaming.safetensors.shardName(number: $0, of: fileCount) })
    #expect(checkpoint.notices == [])
    #expect(checkpoint.formatName == "safetensors")
    let text = try Data(
      contentsOf: URL(fileURLWithPath: Fixtures.path("\(name)/\(WeightFileNaming.safetensors.indexName)")))
    let index = try text.withUnsafeBytes { try CheckpointIndex(parsing: $0, naming: .safetensors) }
    #expect(checkpoint.tensors.map(\.name) == index.weightMap.keys.sorted())
    #expect(
      checkpoint.tensors.map { checkpoint.files[$0.fileIndex].name }
        == checkpoint.tensors.map { index.weightMap[$0.name] })
    #expect(checkpoint.tensors.reduce(0) { $0 + $1.byteCount } == index.totalByteCount)
    #expect(checkpoint.fileMetadata(0) == ["format": "pt"])
  }

  @Test func lendsTheBytesThatAreInTheFile() throws {
    let checkpoint = try SafetensorsCheckpoint(path: Fixtures.path("fusion-phi-tiny") + "//")
    let tensor = try #require(checkpoint.tensors.first { $0.name == "model.layers.0.input_layernorm.weight" })
    #expect(tensor.dtype == .bf16)
    #expect(tensor.shape.dimensions == [128])
    // The header of this file is 2272 bytes long and puts the tensor at 204800.
    #expect(tensor.offset == 8 + 2272 + 204_800)
    let file = try Data(contentsOf: URL(fileURLWithPath: checkpoint.files[tensor.fileIndex].path))
    let part = try checkpoint.withBytes(of: tensor, in: 10..<30) { Array($0) }
    #expect(part == Array(file[(tensor.offset + 10)..<(tensor.offset + 30)]))
    checkpoint.discard(tensor, in: 0..<tensor.byteCount)
    #expect(try checkpoint.withBytes(of: tensor, in: 10..<30) { Array($0) } == part)
    #expect(try checkpoint.withBytes(of: tensor, in: 0..<0) { $0.count } == 0)
    try checkpoint.checkUnchanged()
  }

  @Test func opensOneFileOfAnyName() throws {
    let folder = try TemporaryFolder()
    try folder.weights("weights.bin", "z", "B", "a")
    let checkpoint = try SafetensorsCheckpoint(path: folder.file("weights.bin"))
    #expect(checkpoint.files.map(\.name) == ["weights.bin"])
    #expect(
      checkpoint.files[0].byteCount == (try Data(contentsOf: URL(fileURLWithPath: folder.file("weights.bin")))).count)
    #expect(checkpoint.tensors.map(\.name) == ["B", "a", "z"])
    #expect(checkpoint.fileMetadata(0) == [:])
  }

  @Test func aMissingPathIsMissingInput() throws {
    let folder = try TemporaryFolder()
    let error = try #require(throws: FusionError.self) { try SafetensorsCheckpoint(path: folder.file("gone")) }
    #expect(error.code == .cannotOpen)
    #expect(error.code.category == .missingInput)
    #expect(error.file == folder.file("gone"))
    #expect(error.found == "No such file or directory")
  }

  /// Row S16: nothing is lent out of a file that is no longer the one whose header was proven.
  @Test(arguments: ["truncated", "appended to", "overwritten"])
  func noticesAChangedFile(change: String) throws {
    let folder = try TemporaryFolder()
    try folder.weights("model.safetensors", "a")
    let path = folder.file("model.safetensors")
    // The file system's clock may be coarser than this test is fast.
    try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: path)
    let checkpoint = try SafetensorsCheckpoint(path: path)
    let handle = try #require(FileHandle(forUpdatingAtPath: path))
    switch change {
    case "truncated": try handle.truncate(atOffset: 20)
    case "appended to":
      try handle.seekToEnd()
      try handle.write(contentsOf: Data([0]))
    default: try handle.write(contentsOf: Data([9]))
    }
    try handle.close()
    let tensor = checkpoint.tensors[0]
    let attempts: [() throws -> Void] = [
      { try checkpoint.checkUnchanged() }, { try checkpoint.withBytes(of: tensor, in: 0..<5) { _ in } },
    ]
    for attempt in attempts {
      let error = try #require(throws: FusionError.self) { try attempt() }
      #expect(error.code == .changedWhileReading)
      #expect(error.code.category == .inputOutput)
      #expect(error.file == path)
      #expect(error.expected?.isEmpty == false && error.expected != error.found)
      #expect(error.remedy?.contains("run the command again") == true)
    }
  }

  @Test func touchesNothingButHeaders() throws {
    let folder = try TemporaryFolder()
    let size = 5 << 30
    let header = "{\"t\":{\"dtype\":\"U8\",\"shape\":[\(size)],\"data_offsets\":[0,\(size)]}}"
    for number in 1...2 {
      let name = WeightFileNaming.safetensors.shardName(number: number, of: 2)
      try folder.write(name, SafetensorsBytes.file(header.replacing("\"t\"", with: "\"t\(number)\""), data: 0))
      let handle = try #require(FileHandle(forUpdatingAtPath: folder.file(name)))
      try handle.truncate(atOffset: UInt64(8 + header.utf8.count + 1 + size))
      try handle.close()
    }
    let checkpoint = try SafetensorsCheckpoint(path: folder.path)
    #expect(checkpoint.tensors.map(\.byteCount) == [size, size])
    for tensor in checkpoint.tensors {
      // The kernel reads ahead, but not the gigabytes behind the header.
      #expect(try residentByteCount(checkpoint, tensor) < 4 << 20)
    }
  }

  /// Bytes of a tensor's pages that are in memory, in this process or in the page cache.
  private func residentByteCount(_ checkpoint: SafetensorsCheckpoint, _ tensor: TensorDescription) throws -> Int {
    try checkpoint.withBytes(of: tensor, in: 0..<tensor.byteCount) { bytes in
      let page = Int(sysconf(Int32(_SC_PAGESIZE)))
      let base = try #require(bytes.baseAddress)
      let start = Int(bitPattern: base) / page * page
      let length = Int(bitPattern: base) + bytes.count - start
      var pages = [UInt8](repeating: 0, count: (length + page - 1) / page)
      let result = mincore(UnsafeMutableRawPointer(bitPattern: start), length, &pages)
      try #require(result == 0)
      return pages.reduce(0) { $0 + Int($1 & 1) } * page
    }
  }
}
