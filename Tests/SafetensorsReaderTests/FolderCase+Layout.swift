import Foundation
import FusionCore
import SafetensorsReader
import TestSupport

/// Folders without an index.
extension FolderCase {
  private static let lookedFor = "model.safetensors.index.json, model.safetensors, model-*-of-*.safetensors"

  static let layout: [FolderCase] = [
    FolderCase("single file", .accepted(["model.safetensors"])) { try $0.weights("model.safetensors", "a") },
    FolderCase("complete set", .accepted(["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"])) {
      folder in
      try folder.weights("model-00002-of-00002.safetensors", "a")
      try folder.weights("model-00001-of-00002.safetensors", "b")
    },
    FolderCase("count written with six digits", .accepted(["model-00001-of-000001.safetensors"])) {
      try $0.weights("model-00001-of-000001.safetensors", "a")
    },
    FolderCase(
      "complete set beside part of another",
      .accepted(["model-00001-of-00001.safetensors"], notices: ["model-00002-of-00003.safetensors"])
    ) { folder in
      try folder.weights("model-00001-of-00001.safetensors", "a")
      try folder.weights("model-00002-of-00003.safetensors", "b")
    },
    FolderCase("only file, of another name", .accepted(["weights.fp16.safetensors"])) { folder in
      try folder.weights("weights.fp16.safetensors", "a")
      try folder.write("config.json", text: "{}")
    },
    FolderCase(
      "single file beside an adapter", .accepted(["model.safetensors"], notices: ["adapter_model.safetensors"])
    ) { folder in
      try folder.weights("model.safetensors", "a")
      try folder.weights("adapter_model.safetensors", "a")
    },
    FolderCase(
      "incomplete set",
      .refused(
        .safetensorsMissingShards, place: "model-*-of-00004.safetensors",
        expected: "4 files; missing: model-00001-of-00004.safetensors, model-00003-of-00004.safetensors",
        found: "2 of them", remedy: "download the missing files")
    ) { folder in
      try folder.weights("model-00002-of-00004.safetensors", "a")
      try folder.weights("model-00004-of-00004.safetensors", "b")
    },
    FolderCase(
      "huge incomplete set",
      .refused(
        .safetensorsMissingShards, place: "model-*-of-999999.safetensors", expected: "and 999990 more",
        found: "1 of them", remedy: "download the missing files")
    ) { try $0.weights("model-000001-of-999999.safetensors", "a") },
    FolderCase(
      "same shard under two spellings",
      .refused(
        .safetensorsMissingShards, place: "model-*-of-2.safetensors", expected: "missing: model-2-of-2.safetensors",
        found: "1 of them", remedy: "download the missing files")
    ) { folder in
      try folder.weights("model-1-of-2.safetensors", "a")
      try folder.weights("model-01-of-2.safetensors", "b")
    },
    FolderCase(
      "single file and a complete set",
      .refused(
        .safetensorsAmbiguousWeights, place: "*.safetensors", expected: "one checkpoint",
        found: "model.safetensors, model-00001-of-00001.safetensors", remedy: "give the path of one file")
    ) { folder in
      try folder.weights("model.safetensors", "a")
      try folder.weights("model-00001-of-00001.safetensors", "a")
    },
    FolderCase(
      "two files of other names",
      .refused(
        .safetensorsAmbiguousWeights, place: "*.safetensors", expected: "one checkpoint",
        found: "x.safetensors, y.safetensors", remedy: "give the path of one file")
    ) { folder in
      try folder.weights("x.safetensors", "a")
      try folder.weights("y.safetensors", "b")
    },
    FolderCase(
      "shards that share a tensor",
      .refused(
        .safetensorsTensorInTwoFiles, place: "tensor \"a\"", expected: "in one file",
        found: "model-00001-of-00002.safetensors", remedy: "download the checkpoint again")
    ) { folder in
      try folder.weights("model-00001-of-00002.safetensors", "a")
      try folder.weights("model-00002-of-00002.safetensors", "b", "a")
    },
    FolderCase(
      "adapter alone",
      .refused(
        .safetensorsAdapterOnly, place: "adapter_model.safetensors", expected: lookedFor,
        found: "1 *.json, 1 *.safetensors", remedy: "an adapter needs a base")
    ) { folder in
      try folder.weights("adapter_model.safetensors", "a")
      try folder.write("adapter_config.json", text: "{}")
    },
    FolderCase(
      "PyTorch files alone",
      .refused(
        .safetensorsNoWeights, place: "*.safetensors", expected: lookedFor, found: "2 *.bin, 1 *.json",
        remedy: "give the folder that the model was downloaded to")
    ) { folder in
      try folder.write("pytorch_model-00001-of-00002.bin", text: "")
      try folder.write("pytorch_model-00002-of-00002.bin", text: "")
      try folder.write("config.json", text: "{}")
    },
    FolderCase(
      "empty folder",
      .refused(
        .safetensorsNoWeights, place: "*.safetensors", expected: lookedFor, found: "an empty folder",
        remedy: "the folder that the model was downloaded to")
    ) { _ in },
    FolderCase(
      "folders and files of many kinds",
      .refused(
        .safetensorsNoWeights, place: "*.safetensors", expected: lookedFor,
        found: "1 *.txt, 1 files without an ending, 1 hidden files, 2 folders",
        remedy: "the folder that the model was downloaded to")
    ) { folder in
      for name in ["model.safetensors", "sub"] {
        try FileManager.default.createDirectory(atPath: folder.file(name), withIntermediateDirectories: true)
      }
      for name in [".hidden", "LICENSE", "notes.txt"] { try folder.write(name, text: "") }
    },
    FolderCase(
      "damaged shard",
      .refused(
        .safetensorsTruncated, place: "tensor \"a\"", expected: "a file of", found: "3 bytes are missing",
        remedy: "not complete")
    ) { folder in
      try folder.write("model.safetensors", Array(SafetensorsBytes.tensors([("a", 5)]).dropLast(3)))
    },
  ]
}
