import CheckpointLayout
import Foundation
import FusionCore
import SafetensorsReader
import TestSupport

/// Folders with an index: row M1.
extension FolderCase {
  private static let one = "model-00001-of-00002.safetensors"
  private static let two = "model-00002-of-00002.safetensors"
  private static let indexRemedy = "model.safetensors.index.json again"

  static let index: [FolderCase] =
    [
      FolderCase("index and both shards", .accepted([one, two])) { folder in
        try folder.weights(one, "a", "c")
        try folder.weights(two, "b")
        try folder.index(("a", one), ("b", two), ("c", one))
      },
      FolderCase("index of files with other names", .accepted(["x.safetensors", "y.safetensors"])) { folder in
        try folder.weights("x.safetensors", "a")
        try folder.weights("y.safetensors", "b")
        try folder.index(("a", "x.safetensors"), ("b", "y.safetensors"))
      },
      FolderCase("index beside a file that it does not name", .accepted([one], notices: ["consolidated.safetensors"])) {
        folder in
        try folder.weights(one, "a")
        try folder.weights("consolidated.safetensors", "a")
        try folder.index(("a", one))
      },
      FolderCase(
        "tensor that the index does not list",
        .accepted([one], notices: ["1 tensor of the weight files, the first \"b\""])
      ) { folder in
        try folder.weights(one, "a", "b")
        try folder.index(("a", one))
      },
      FolderCase(
        "index of missing files beside a complete set",
        .accepted(
          [one, two],
          notices: [
            "names model-00003-of-00003.safetensors, which is not there; the index was ignored and the complete set of 2 shards"
          ])
      ) { folder in
        try folder.weights(one, "a")
        try folder.weights(two, "b")
        try folder.index(("a", one), ("b", "model-00003-of-00003.safetensors"))
      },
      FolderCase(
        "index of missing files beside a single file",
        .accepted(
          ["model.safetensors"], notices: ["which are not there; the index was ignored and model.safetensors was"])
      ) { folder in
        try folder.weights("model.safetensors", "a", "b")
        try folder.index(("a", one), ("b", two))
      },
      FolderCase(
        "index of a missing file and an incomplete set",
        .refused(
          .safetensorsIndexMissingFile, place: "weight_map", expected: two, found: "1 *.json, 1 *.safetensors",
          remedy: "download the missing files")
      ) { folder in
        try folder.weights(one, "a")
        try folder.index(("a", one), ("b", two))
      },
      FolderCase(
        "index of a link that leads nowhere",
        .refused(
          .safetensorsIndexMissingFile, place: "weight_map", expected: one, found: "1 *.json",
          remedy: "download the missing files")
      ) { folder in
        try FileManager.default.createSymbolicLink(atPath: folder.file(one), withDestinationPath: "../blobs/0f3a")
        try folder.index(("a", one))
      },
      FolderCase(
        "index of missing files beside two stand-ins",
        .refused(
          .safetensorsAmbiguousWeights, place: "*.safetensors", expected: "one checkpoint",
          found: "model.safetensors, \(one)", remedy: "give the path of one file")
      ) { folder in
        try folder.weights("model.safetensors", "a")
        try folder.weights(one, "a")
        try folder.weights(two, "b")
        try folder.index(("a", "gone.safetensors"))
      },
      FolderCase("shard that is a link out of the folder", .accepted([one])) { folder in
        try FileManager.default.createDirectory(atPath: folder.file("blobs"), withIntermediateDirectories: true)
        try folder.weights("blobs/0f3a", "a")
        try FileManager.default.createSymbolicLink(atPath: folder.file(one), withDestinationPath: "blobs/0f3a")
        try folder.index(("a", one))
      },
      FolderCase(
        "index names another file than the tensor's",
        .refused(
          .safetensorsIndexMisplacedTensor, place: "weight_map, tensor \"b\"", expected: "in \(one)",
          found: "in \(two)", remedy: "download both again")
      ) { folder in
        try folder.weights(one, "a")
        try folder.weights(two, "b", "c")
        try folder.index(("a", one), ("b", one), ("c", two))
      },
      FolderCase(
        "index lists a tensor that no file has",
        .refused(
          .safetensorsIndexMisplacedTensor, place: "weight_map, tensor \"b\"", expected: "in \(one)",
          found: "no such tensor", remedy: "download both again")
      ) { folder in
        try folder.weights(one, "a")
        try folder.index(("a", one), ("b", one))
      },
      FolderCase(
        "tensor in two indexed files",
        .refused(
          .safetensorsTensorInTwoFiles, place: "tensor \"a\"", expected: "in one file", found: one,
          remedy: "download the checkpoint again")
      ) { folder in
        try folder.weights(one, "a")
        try folder.weights(two, "a", "b")
        try folder.index(("a", one), ("b", two))
      },
      FolderCase(
        "tensor twice in the index",
        .refused(
          .safetensorsIndexDuplicateTensor, place: "weight_map, tensor \"a\"", expected: "once",
          found: "\"\(one)\" and \"\(two)\"", remedy: indexRemedy)
      ) { folder in
        try folder.weights(one, "a")
        try folder.weights(two, "b")
        try folder.index(("a", one), ("a", two))
      },
      FolderCase(
        "tensor twice in the index for one file",
        .refused(
          .safetensorsIndexDuplicateTensor, place: "weight_map, tensor \"a\"", expected: "once",
          found: "\"\(one)\" and \"\(one)\"", remedy: indexRemedy)
      ) { folder in
        try folder.weights(one, "a")
        try folder.index(("a", one), ("a", one))
      },
      FolderCase(
        "tensor of an unsafe name in the index",
        .refused(
          .safetensorsUnsafeName, place: "weight_map, offset", expected: "1 to 1024 bytes", found: "a path separator",
          remedy: "do not trust")
      ) { folder in
        try folder.weights(one, "a")
        try folder.index(("a", one), ("b/c", one))
      },
      FolderCase(
        "index is a Git LFS pointer",
        .refused(
          .safetensorsGitLFSPointer, place: "offset 0", expected: "the file itself", found: "4976 bytes",
          remedy: "`git lfs pull`")
      ) { folder in
        try folder.weights(one, "a")
        try folder.write(
          WeightFileNaming.safetensors.indexName,
          text: "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 4976\n")
      },
      FolderCase(
        "index is a web page",
        .refused(
          .safetensorsWebPage, place: "offset 0", expected: "the file itself", found: "<html>",
          remedy: "download the file again")
      ) { folder in try folder.write(WeightFileNaming.safetensors.indexName, text: "<html>") },
      FolderCase(
        "index cut short",
        .refused(
          .jsonSyntax, place: "offset 17", expected: "\"}\"", found: "the end of the text",
          remedy: "download the file again")
      ) { folder in try folder.write(WeightFileNaming.safetensors.indexName, text: #"{"weight_map":{} "#) },
      FolderCase(
        "index of deep nesting",
        .refused(
          .jsonTooDeep, place: "offset", expected: "at most 16 levels", found: "one level more",
          remedy: "download the file again")
      ) { folder in
        try folder.write(
          WeightFileNaming.safetensors.indexName, text: "{\"x\":" + String(repeating: "[", count: 100_000))
      },
      FolderCase(
        "index above the cap",
        .refused(
          .safetensorsIndexTooLarge, place: "offset 8388608", expected: "at most 8388608 bytes",
          found: "8388609 bytes", remedy: indexRemedy)
      ) { folder in
        try folder.write(
          WeightFileNaming.safetensors.indexName, [UInt8](repeating: 0x20, count: CheckpointLimits.indexByteCount + 1))
      },
      FolderCase(
        "index of too many tensors",
        .refused(
          .safetensorsIndexTooLarge, place: "weight_map", expected: "at most 100000 tensors", found: "one more",
          remedy: indexRemedy)
      ) { folder in
        let map = (0...CheckpointLimits.tensorsPerIndex).map { "\"\($0)\":\"m\"" }.joined(separator: ",")
        try folder.write(WeightFileNaming.safetensors.indexName, text: "{\"weight_map\":{\(map)}}")
      },
      FolderCase("metadata of any form and further keys", .accepted([one])) { folder in
        try folder.weights(one, "a")
        try folder.write(
          WeightFileNaming.safetensors.indexName,
          text: "{\"metadata\":{\"total_size\":5.0,\"x\":[null]},\"version\":2,\"weight_map\":{\"a\":\"\(one)\"}}")
      },
    ] + malformedIndexes + unsafePaths

  private static let malformedIndexes = [
    (#"["weight_map"]"#, "the whole text", "an object", "an array"),
    ("{}", "weight_map", "a weight map", "no such key"),
    (#"{"weight_map":[]}"#, "weight_map", "an object", "an array"),
    (#"{"weight_map":{},"weight_map":{}}"#, "weight_map", "one weight map", "a second one"),
    (#"{"weight_map":{"a":1}}"#, "weight_map, tensor \"a\"", "a file name", "a number"),
    (#"{"metadata":3}"#, "metadata", "an object", "a number"),
  ].map { text, place, expected, found in
    FolderCase(
      "index \(text)",
      .refused(.safetensorsIndexMalformed, place: place, expected: expected, found: found, remedy: indexRemedy)
    ) { folder in try folder.write(WeightFileNaming.safetensors.indexName, text: text) }
  }

  private static let unsafePaths = [
    "../x.safetensors", "/etc/passwd", "sub/x.safetensors", "..", ".", "", #"..\\x.safetensors"#, #"C:x.safetensors"#,
    #"\u002e\u002e\u002fx.safetensors"#, #"x\u0000.safetensors"#, #"x\u202e.safetensors"#, #"x\n.safetensors"#,
    String(repeating: "n", count: 256),
  ].map { path in
    FolderCase(
      "index names \(path.prefix(40))",
      .refused(
        .safetensorsIndexUnsafePath, place: "weight_map, tensor \"a\"", expected: "the plain name", found: "\"",
        remedy: "do not trust")
    ) { folder in
      // What stands beside must not matter: a complete set is there.
      try folder.weights("model.safetensors", "a")
      try folder.index(("a", path))
    }
  }
}
