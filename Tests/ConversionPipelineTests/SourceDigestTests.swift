import ConversionPipeline
import Crypto
import Foundation
import FusionCore
import TestSupport
import Testing

/// The digests of the source's files in the provenance, against the files themselves.
@Suite struct SourceDigestTests {
  @Test(arguments: [100_000, 700_000, 3_000_000, 1 << 30], WeightFileFormat.allCases)
  func areThoseOfTheFiles(shardByteCount: Int, format: WeightFileFormat) throws {
    let folder = try TemporaryFolder()
    _ = try CheckpointSynthesizer(
      preset: try SynthesisPreset.named("tiny"), dtype: .bf16, format: format, seed: 7, shardByteCount: shardByteCount,
      execution: try Pipeline.execution()
    ).write(to: folder.file("source"), replacing: false)
    try Pipeline.convert(folder.file("source"), to: folder.file("model.fusion"), try Pipeline.recipe("int4"))
    let sources = try #require(try Inspector(path: folder.file("model.fusion")).report().provenance?.sources)
    #expect(sources.count > (shardByteCount < 1_000_000 ? 2 : 0))
    for source in sources {
      let bytes = try Pipeline.bytes(folder.file("source/\(source.name)"))
      let digest = SHA256.hash(data: bytes).map { byte in
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0\(digits)" : digits
      }
      #expect(source.sha256 == digest.joined(), "\(source.name), \(bytes.count) bytes")
    }
  }
}
