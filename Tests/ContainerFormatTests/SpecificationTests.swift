import ContainerFormat
import Foundation
import FusionCore
import TestSupport
import Testing

/// Holds `formats/container.md` and the code to each other.
@Suite struct SpecificationTests {
  private let document: FormatDocument

  init() throws { document = try FormatDocument("container.md") }

  private func example() throws -> [UInt8] {
    let start = try #require(document.lines.firstIndex(of: "```hex"))
    return document.lines[(start + 1)...].prefix { $0 != "```" }.flatMap { line in
      line.prefix { $0 != "#" }.split(separator: " ").compactMap { UInt8($0, radix: 16) }
    }
  }

  @Test func theExampleIsWhatItSays() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("example.fusion", try example())
    try verifyCompletely(path)
    let reader = try ContainerReader(path: path)
    let tensor = try #require(reader.index.tensors.first)
    #expect(reader.index.tensors.count == 1)
    #expect(tensor.name == "w" && tensor.canonicalName == "a" && tensor.role == "r")
    #expect(tensor.dtype == .bf16 && tensor.shape.dimensions == [2] && tensor.encoding == .verbatim)
    #expect(try reader.decode(tensor, .values, chunk: 0, using: ChunkDecoder()) == [0x80, 0x3F, 0x00, 0xC0])
    #expect(reader.index.aliases == [])
    #expect(reader.index.files.map(\.name) == ["c"])
    #expect(try reader.readFile("c") == [])
    #expect(reader.index.provenance.producer == "p")
    #expect(reader.index.provenance.sources.map(\.byteCount) == [10])
  }

  @Test func theExampleIsWrittenAgainTheSame() throws {
    let folder = try TemporaryFolder()
    let bytes = try example()
    let reader = try ContainerReader(path: try folder.write("example.fusion", bytes))
    let copy = folder.file("copy.fusion")
    let writer = try ContainerWriter(path: copy, replacing: false)
    let raw = try reader.decode(reader.index.tensors[0], .values, chunk: 0, using: ChunkDecoder())
    let chunk = try raw.withUnsafeBytes { try ChunkEncoder().encode($0, elementByteCount: 2, policy: .raw) }
    #expect(try writer.append(chunk) == reader.index.tensors[0].streams[0].chunks[0])
    #expect(try writer.finish(index: reader.index) == bytes.count)
    #expect(try fileBytes(copy) == bytes)
  }

  @Test func theLimitsAreThoseOfTheCode() throws {
    let code: [String: Int] = [
      "headerByteCount": ContainerLimits.headerByteCount,
      "footerByteCount": ContainerLimits.footerByteCount,
      "chunkAlignment": ContainerLimits.chunkAlignment,
      "maximumIndexByteCount": ContainerLimits.maximumIndexByteCount,
      "maximumIndexMemory": ContainerLimits.maximumIndexMemory,
      "maximumTensorCount": ContainerLimits.maximumTensorCount,
      "maximumAliasCount": ContainerLimits.maximumAliasCount,
      "maximumFileCount": ContainerLimits.maximumFileCount,
      "maximumChunkCount": ContainerLimits.maximumChunkCount,
      "maximumRawChunkByteCount": ContainerLimits.maximumRawChunkByteCount,
      "maximumWindowByteCount": ContainerLimits.maximumWindowByteCount,
      "fileChunkByteCount": ContainerLimits.fileChunkByteCount,
      "maximumFileByteCount": ContainerLimits.maximumFileByteCount,
      "maximumNameByteCount": ContainerLimits.maximumNameByteCount,
      "maximumFileNameByteCount": ContainerLimits.maximumFileNameByteCount,
      "maximumLabelByteCount": ContainerLimits.maximumLabelByteCount,
      "maximumSentenceByteCount": ContainerLimits.maximumSentenceByteCount,
      "maximumRecipeByteCount": ContainerLimits.maximumRecipeByteCount,
      "maximumSourceCount": ContainerLimits.maximumSourceCount,
      "maximumFallbackCount": ContainerLimits.maximumFallbackCount,
      "maximumNoticeCount": ContainerLimits.maximumNoticeCount,
    ]
    var documented: [String: Int] = [:]
    for row in try document.rows(under: "## 8. Limits") {
      documented[row[0]] = Int(row[1])
      #expect(!row[2].isEmpty, "no reason for \(row[0])")
    }
    #expect(documented == code)
  }

  @Test(arguments: [("## 2. Header", true), ("## 3. Footer", false)])
  func theFixedTablesAccountForEveryByte(_ heading: String, _ isHeader: Bool) throws {
    let rows = try document.rows(under: heading)
    var end = 0
    for row in rows {
      #expect(Int(row[0]) == end, "\(row[2])")
      end += try #require(Int(row[1]))
    }
    #expect(end == 64)
    let bytes = try example()
    let part = Array(isHeader ? bytes.prefix(64) : bytes.suffix(64))
    for row in rows {
      let offset = try #require(Int(row[0]))
      let field = Array(part[offset..<offset + (try #require(Int(row[1])))])
      switch row[2] {
      case "magic", "end magic":
        #expect(field == row[3].split(separator: " ").compactMap { UInt8($0, radix: 16) })
      case "major version": #expect(field == [UInt8(ContainerLimits.majorVersion), 0] && row[3] == "1")
      case "minor version": #expect(field == [UInt8(ContainerLimits.minorVersion), 0] && row[3] == "1")
      case "checksum": #expect(ForgedContainer.integer(part, offset) == ContainerChecksum.of(Array(part[..<offset])))
      case "reserved", "required features": #expect(field.allSatisfy { $0 == 0 } && row[3] == "0")
      case "file byte count": #expect(ForgedContainer.integer(part, offset) == UInt64(bytes.count))
      default: #expect(["optional features", "index offset", "index byte count", "index checksum"].contains(row[2]))
      }
    }
  }

  /// The generated code follows the message file (`tools/generate-messages --check`), and the tables follow it here.
  @Test func theTablesOfMessagesAreThoseOfTheMessageFile() throws {
    let proto = try String(contentsOfFile: "\(Fixtures.repository)/formats/container.proto", encoding: .utf8)
    let messages = proto.matches(of: #/message (\w+) \{([^}]*)\}/#)
    #expect(messages.count == 10)
    for message in messages {
      let fields = message.2.matches(of: #/(required|optional|repeated) (\w+) (\w+) = (\d+)( \[packed = true\])?;/#)
      let expected = fields.map { field in
        [String(field.4), String(field.3), "\(field.2), \(field.1)" + (field.5 == nil ? "" : ", packed")]
      }
      #expect(!expected.isEmpty)
      #expect(try document.rows(under: "### \(message.1)").map { Array($0.prefix(3)) } == expected, "\(message.1)")
    }
  }

  @Test func theNamesOfTheCodeAreInTheDocument() throws {
    let codings = try document.rows(under: "## 5. Codings of a chunk").map { "\($0[0]) \($0[1])" }
    #expect(codings == ChunkCoding.allCases.map { "\($0.rawValue) \($0.name)" })
    let encodings = try document.rows(under: "## 7. Types and encodings").map { $0[0] }
    let permitted = TensorEncoding.Kind.allCases.flatMap { kind in
      [false, true].compactMap { TensorEncoding(kind: kind, groupSize: 0, hasColumnScales: $0)?.label }
    }
    #expect(encodings == permitted)
    let types = try #require(document.lines.firstIndex { $0.hasPrefix("Types: ") })
    let named = document.lines[types...types + 1].joined().matches(of: #/`([A-Z0-9_]+)`/#).map { String($0.1) }
    #expect(named == DType.allCases.map(\.rawValue))
    #expect(TensorEncoding.permittedGroupSizes == [0, 16, 32, 64, 128, 256])
    #expect(document.lines.contains { $0.contains("0, 16, 32, 64, 128 or 256; 0 for `verbatim`") })
  }
}
