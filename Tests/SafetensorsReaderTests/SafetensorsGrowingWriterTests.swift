import Foundation
import FusionCore
import SafetensorsReader
import TestSupport
import Testing

@Suite struct SafetensorsGrowingWriterTests {
  private func shape(_ sizes: [Int]) throws -> Shape { try #require(Shape(sizes)) }

  @Test func tensorsAreWrittenReplacedAndReadBack() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("file.safetensors")
    let writer = try SafetensorsGrowingWriter(path: path, headerByteCount: 1_000, replacing: false)
    writer.beginTensor("a", .u8, try shape([4]))
    try [UInt8]([1, 2, 3, 4]).withUnsafeBytes { try writer.append($0) }
    writer.beginTensor("b", .u8, try shape([3]))
    for byte in [UInt8]([5, 6, 7]) { try [byte].withUnsafeBytes { try writer.append($0) } }
    try [UInt8]([8, 9]).withUnsafeBytes { try writer.replace("a", at: 1, with: $0) }
    var back = [UInt8](repeating: 0, count: 3)
    try back.withUnsafeMutableBytes { try writer.read("a", at: 1, into: $0) }
    #expect(back == [8, 9, 4])
    #expect(try folder.names().isEmpty)
    try writer.finish(metadata: ["key": "value"])

    let file = try RawSafetensors(path: path)
    #expect(file.tensors["a"]?.bytes == [1, 8, 9, 4] && file.tensors["b"]?.bytes == [5, 6, 7])
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let header = try bytes.withUnsafeBytes { try SafetensorsHeader(contents: $0) }
    #expect(header.metadata == ["key": "value"] && header.dataOffset == 1_024)
    #expect(header.entries.map(\.name) == ["a", "b"] && bytes.count == writer.fileByteCount)
  }

  @Test func aHeaderWithoutRoomIsRefused() throws {
    let folder = try TemporaryFolder()
    let writer = try SafetensorsGrowingWriter(path: folder.file("f"), headerByteCount: 64, replacing: false)
    writer.beginTensor("tensor", .u8, try shape([0]))
    let error = #expect(throws: FusionError.self) { try writer.finish(metadata: [:]) }
    #expect(error?.code == .safetensorsHeaderTooLarge && error?.expected == "at most 56 bytes")
    #expect(try folder.names().isEmpty)
  }
}
