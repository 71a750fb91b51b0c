import Foundation
import TestSupport
import Testing

/// A file that would start a program starts none, whatever the command, and the command says what was asked for.
@Suite struct TorchPayloadTests {
  @Test(arguments: [
    ["inspect", "source"], ["inspect", "source", "--stats"], ["inspect", "source/pytorch_model.bin"],
    ["convert", "source", "model.fusion"], ["run", "source", "--prompt", "Hello"],
    ["trace", "source", "--prompt", "Hello", "--output", "trace.safetensors"],
  ])
  func isRefusedAndNeverRun(arguments: [String]) throws {
    let folder = try TemporaryFolder()
    let fixture = Fixtures.path("fusion-x-llama-tiny")
    try FileManager.default.createDirectory(atPath: folder.file("source"), withIntermediateDirectories: true)
    for name in try FileManager.default.contentsOfDirectory(atPath: fixture) where !name.contains("safetensors") {
      try FileManager.default.copyItem(atPath: "\(fixture)/\(name)", toPath: folder.file("source/\(name)"))
    }
    try folder.write("source/pytorch_model.bin", RawTorchFile.archive(pickle: HostileInput.systemCall))
    let before = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()

    let outcome = try CommandRunner.run(arguments, in: folder.path)
    #expect(outcome.status == 65 && outcome.output.isEmpty)
    #expect(outcome.error.contains("  file:     source/pytorch_model.bin\n"), "\(outcome.error)")
    #expect(outcome.error.contains("  found:    \"posix.system\"\n"), "\(outcome.error)")
    // Nothing was made: neither what the payload makes nor an output.
    #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() == before)
  }
}
