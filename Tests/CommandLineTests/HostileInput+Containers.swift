import ContainerFormat
import Foundation
import TestSupport

extension HostileInput {
  /// Rows C1, C5, C9 to C11 and C14, and files under a wrong name.
  static let containers: [HostileInput] =
    [
      container("empty", "container.wrongMagic") { _ in [] },
      container("the magic alone", "container.tooShort") { Array($0.prefix(8)) },
      container("a future version", "container.unsupportedVersion") { edited($0, at: 8) { $0 = 2 } },
      container("an index outside of the file", "container.indexMisplaced") {
        resealed($0, indexOffset: 1 << 62, indexByteCount: 64)
      },
      container("an index that is too large", "container.indexSize") {
        resealed($0, indexOffset: 64, indexByteCount: 1 << 62)
      },
      container("an index of zeros", "container.indexMalformed") { sealed($0, Array(repeating: 0, count: indexLimit)) },
      container("an index of empty tensors", "container.indexTooCostly") {
        sealed($0, Array(repeatElement([0x0A, 0x00], count: indexLimit / 2).joined()))
      },
      container("an index of unknown fields", "container.indexTooCostly") {
        sealed($0, Array(repeatElement([0x78, 0x00], count: indexLimit / 2).joined()))
      },
      container("an index of notices", "container.indexTooCostly") {
        // Empty notices: the list of pointers and sizes is eight times as large as its text.
        let notices = Array(repeatElement([0x3A, 0x00] as [UInt8], count: (indexLimit - 16) / 2).joined())
        return sealed($0, field(4, notices))
      },
      container("an index of one shape", "container.indexMalformed") {
        sealed($0, field(1, field(5, Array(repeating: 1, count: indexLimit - 16))))
      },
      container("an index of nested messages", "container.indexMalformed") {
        var bytes: [UInt8] = []
        while bytes.count < 1 << 16 { bytes = field(1, bytes) }
        return sealed($0, bytes)
      },
      container("an index of noise", "container.indexMalformed") { sealed($0, noise(indexLimit)) },
      container("cut in the middle", "container.footerMissing") { Array($0.prefix($0.count / 2)) },
      container("cut by a byte", "container.footerMissing") { Array($0.dropLast()) },
      container("a byte too long", "container.footerMissing") { $0 + [0] },
      container("a flipped bit in the header", "container.headerDamaged") { edited($0, at: 30) { $0 ^= 4 } },
      container("a flipped bit in the index", "container.indexDamaged") {
        edited($0, at: $0.count - 64 - 100) { $0 ^= 4 }
      },
      container("a flipped bit in the footer", "container.footerDamaged") { edited($0, at: $0.count - 30) { $0 ^= 4 } },
      container("a flipped bit in a side file", "container.chunkDamaged", .verify) { edited($0, at: 70) { $0 ^= 4 } },
      container("a flipped bit in a tensor", "container.chunkDamaged", .verify) {
        edited($0, at: $0.count / 2) { $0 ^= 4 }
      },
      container("noise", "container.wrongMagic") { _ in noise(1 << 20) },
      container("noise behind the magic", "container.unsupportedVersion") { Array($0.prefix(8)) + noise(1 << 20) },
      container("a safetensors file by its name", "container.wrongMagic") { _ in
        safetensors("{\(entry("a", 0, 4))}", dataByteCount: 4)
      },
    ].flatMap { $0 } + [
      HostileInput(
        testDescription: "a container named .safetensors", command: .convert, path: "source",
        code: "safetensors.headerTooLarge"
      ) { folder in
        try FileManager.default.createDirectory(atPath: folder.file("source"), withIntermediateDirectories: true)
        try folder.write("source/model.safetensors", try valid.get())
      }
    ]

  /// A container of the smallest fixture.
  private static let valid = Result<[UInt8], any Error> {
    let folder = try TemporaryFolder()
    let outcome = try CommandRunner.run([Fixtures.path("fusion-phi-tiny"), "model.fusion"], in: folder.path)
    guard outcome.status == 0 else { throw CocoaError(.fileReadUnknown) }
    return [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.file("model.fusion"))))
  }

  /// Bytes made from those of a valid container, given to every command that opens containers.
  private static func container(
    _ description: String, _ code: String, _ only: Command? = nil, _ bytes: @escaping @Sendable ([UInt8]) -> [UInt8]
  ) -> [HostileInput] {
    (only.map { [$0] } ?? [.inspect, .verify]).map { command in
      HostileInput(
        testDescription: "container: \(description), \(command)", command: command, path: "model.fusion", code: code
      ) { folder in
        try folder.write("model.fusion", bytes(try valid.get()))
      }
    }
  }

  private static func edited(_ bytes: [UInt8], at offset: Int, _ edit: (inout UInt8) -> Void) -> [UInt8] {
    var bytes = bytes
    edit(&bytes[offset])
    return bytes
  }

  /// A container without chunks whose header and footer are right for an index.
  private static func sealed(_ valid: [UInt8], _ index: [UInt8]) -> [UInt8] {
    let head = Array(valid.prefix(64)) + index
    return head + footer(valid, 64, UInt64(index.count), ContainerChecksum.of(index), UInt64(head.count + 64))
  }

  /// A valid container with another, undamaged footer.
  private static func resealed(_ valid: [UInt8], indexOffset: UInt64, indexByteCount: UInt64) -> [UInt8] {
    valid.dropLast(64) + footer(valid, indexOffset, indexByteCount, 0, UInt64(valid.count))
  }

  private static func footer(_ valid: [UInt8], _ numbers: UInt64...) -> [UInt8] {
    let bytes = numbers.flatMap { littleEndian($0) } + [UInt8](repeating: 0, count: 16)
    return bytes + littleEndian(ContainerChecksum.of(bytes)) + valid.suffix(8)
  }

  /// A protobuf field of bytes.
  private static func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
    var bytes = [number << 3 | 2]
    var rest = content.count
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)] + content
  }

  private static func noise(_ count: Int) -> [UInt8] {
    var generator = SplitMix64(seed: 7)
    return (0..<count / 8).flatMap { _ in littleEndian(generator.next()) }
  }

  private static let indexLimit = ContainerLimits.maximumIndexByteCount
}
