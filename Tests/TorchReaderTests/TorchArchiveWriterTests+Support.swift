import Foundation
import FusionCore
import TestSupport
import Testing
import TorchReader

extension TorchArchiveWriterTests {
  static func declaration(_ name: String, _ dtype: DType, _ sizes: [Int]) throws -> Declaration {
    (name, dtype, try #require(Shape(sizes)))
  }

  static func randomTensors(_ count: Int, _ random: inout SplitMix64) throws -> [Declaration] {
    try (0..<count).map { index in
      let sizes = (0..<Int.random(in: 0...5, using: &random)).map { _ in Int.random(in: 0...7, using: &random) }
      let dtype = try #require(DType.allCases.randomElement(using: &random))
      let letter = try #require(["a", "Ω", "\"", "模", "~"].randomElement(using: &random))
      return try declaration("\(letter).\(index)", dtype, sizes)
    }
  }

  /// Writes random bytes in random pieces, and returns them.
  static func write(
    _ tensors: [Declaration], to path: String, zip64Threshold: Int, _ random: inout SplitMix64
  ) throws -> (writer: TorchArchiveWriter, data: [UInt8]) {
    let writer = try TorchArchiveWriter(
      path: path, tensors: tensors, replacing: false, zip64Threshold: zip64Threshold)
    let data = (0..<writer.dataByteCount).map { _ in UInt8.random(in: 0...255, using: &random) }
    var rest = data[...]
    while !rest.isEmpty {
      let piece = rest.prefix(Int.random(in: 0...300, using: &random))
      try Array(piece).withUnsafeBytes { try writer.append($0) }
      rest = rest.dropFirst(piece.count)
    }
    try writer.finish()
    return (writer, data)
  }

  /// Expects that a file holds the tensors with these bytes one after the other, and nothing to take notice of.
  static func expect(_ tensors: [Declaration], _ data: [UInt8], in path: String) throws {
    let checkpoint = try TorchCheckpoint(path: path)
    #expect(checkpoint.tensors.count == tensors.count)
    #expect(checkpoint.notices == [])
    let byName = Dictionary(uniqueKeysWithValues: checkpoint.tensors.map { ($0.name, $0) })
    var offset = 0
    for (name, dtype, shape) in tensors {
      let tensor = try #require(byName[name])
      #expect(tensor.dtype == dtype)
      #expect(tensor.shape == shape)
      #expect(tensor.offset % 64 == 0, "\(name) starts at a multiple of 64")
      let bytes = try checkpoint.withBytes(of: tensor, in: 0..<tensor.byteCount) { Array($0) }
      #expect(bytes == Array(data[offset..<(offset + tensor.byteCount)]))
      offset += tensor.byteCount
    }
    #expect(offset == data.count)
  }

  /// A file with zeros for the number that identifies it, and for its checksum, which stands twice.
  static func withoutSerialization(_ file: [UInt8]) -> [UInt8] {
    var bytes = file
    let name = Array("/.data/serialization_id".utf8)
    let places = bytes.indices.filter { bytes[$0...].starts(with: name) }
    for (index, place) in places.enumerated() {
      if index == 0 {
        // The name, the padding's length and the padding come before the number, a signature after it.
        let padding = place + name.count + 2
        let start = padding + 2 + Int(bytes[padding]) + Int(bytes[padding + 1]) << 8
        for position in start..<(start + 40) { bytes[position] = 0 }
        for position in (start + 44)..<(start + 48) { bytes[position] = 0 }
      } else if let record = bytes[..<place].lastIndex(ofSequence: [0x50, 0x4B, 0x01, 0x02]) {
        for position in (record + 16)..<(record + 20) { bytes[position] = 0 }
      }
    }
    return bytes
  }

  /// How often a sequence of bytes occurs.
  static func count(_ sequence: [UInt8], in bytes: [UInt8]) -> Int {
    bytes.indices.count { bytes[$0...].starts(with: sequence) }
  }

  static func read(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }
}

extension ArraySlice<UInt8> {
  /// Where a sequence of bytes occurs last.
  fileprivate func lastIndex(ofSequence sequence: [UInt8]) -> Int? {
    indices.last { self[$0...].starts(with: sequence) }
  }
}
