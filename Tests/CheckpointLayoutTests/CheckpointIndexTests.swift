import CheckpointLayout
import Foundation
import FusionCore
import TestSupport
import Testing

/// The text of an index and the names of shards.
@Suite struct CheckpointIndexTests {
  @Test(arguments: ["fusion-phi-tiny", "fusion-x-llama-tiny"])
  func writesThePublishersBytes(fixture: String) throws {
    let path = Fixtures.path("\(fixture)/\(WeightFileNaming.safetensors.indexName)")
    let published = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let index = try published.withUnsafeBytes { try CheckpointIndex(parsing: $0, naming: .safetensors) }
    #expect(index.weightMap.count > 100)
    #expect(index.files.count == 4)
    #expect(index.serialized() == published)
  }

  @Test func writesTheGoldenText() {
    let index = CheckpointIndex(
      weightMap: ["b": "y.safetensors", "B": "x.safetensors", "a\"": "x.safetensors"], totalByteCount: 7)
    let golden = """
      {
        "metadata": {
          "total_size": 7
        },
        "weight_map": {
          "B": "x.safetensors",
          "a\\"": "x.safetensors",
          "b": "y.safetensors"
        }
      }

      """
    #expect(String(decoding: index.serialized(), as: UTF8.self) == golden)
    #expect(index.files == ["x.safetensors", "y.safetensors"])
  }

  @Test(arguments: [nil, 0, Int.max])
  func readsBackWhatItWrote(total: Int?) throws {
    for map in [[:], ["模.é": "model.safetensors"]] {
      let index = CheckpointIndex(weightMap: map, totalByteCount: total)
      let back = try index.serialized().withUnsafeBytes { try CheckpointIndex(parsing: $0, naming: .safetensors) }
      #expect(back == index)
    }
  }

  @Test(
    arguments: [("12.0", nil), ("-1", nil), ("9223372036854775808", nil), ("\"5\"", nil), ("12", 12)]
      as [(String, Int?)])
  func passesOverATotalThatIsNoInteger(text: String, total: Int?) throws {
    let json = Array("{\"metadata\":{\"total_size\":\(text)},\"weight_map\":{}}".utf8)
    #expect(try json.withUnsafeBytes { try CheckpointIndex(parsing: $0, naming: .safetensors) }.totalByteCount == total)
  }

  @Test func namesShardsAsPublishersDo() {
    #expect(WeightFileNaming.safetensors.shardName(number: 1, of: 4) == "model-00001-of-00004.safetensors")
    #expect(WeightFileNaming.safetensors.shardName(number: 99_999, of: 99_999) == "model-99999-of-99999.safetensors")
    #expect(WeightFileNaming.safetensors.singleName == "model.safetensors")
    let name = ShardName(fileName: "model-00003-of-000163.safetensors", naming: .safetensors)
    #expect(name?.number == 3)
    #expect(name?.count == 163)
  }

  @Test(arguments: [
    "model.safetensors", "model-00000-of-00002.safetensors", "model-00003-of-00002.safetensors",
    "model-00001-of-00002.bin", "model-1-2.safetensors", "model--1-of-2.safetensors", "model-+1-of-2.safetensors",
    "model-0000001-of-2.safetensors", "model-1-of-2-of-3.safetensors", "model-１-of-2.safetensors",
    "adapter-1-of-2.safetensors", "model--of-.safetensors",
  ])
  func takesNoOtherNameForAShard(name: String) {
    #expect(ShardName(fileName: name, naming: .safetensors) == nil)
  }
}
