import ContainerFormat
import Foundation
import TestSupport
import Testing

/// Whatever numbers a container states, what `--json` prints is JSON.
@Suite struct ExtremeStatisticsTests {
  /// A copy of a container that states other sums of squares.
  private func copy(_ source: String, to output: String, signal: Double, error: Double) throws {
    let reader = try ContainerReader(path: source)
    let writer = try ContainerWriter(path: output, replacing: true)
    let (encoder, decoder) = (ChunkEncoder(), ChunkDecoder())
    var index = reader.index
    for (position, file) in index.files.enumerated() {
      index.files[position] = try writer.append(
        fileNamed: file.name, try reader.readFile(file.name), sha256: file.sha256, policy: .raw, using: encoder)
    }
    for (position, tensor) in reader.index.tensors.enumerated() {
      for (number, stream) in tensor.streams.enumerated() {
        for chunk in stream.chunks.indices {
          let bytes = try reader.decode(tensor, stream.kind, chunk: chunk, using: decoder)
          let encoded = try bytes.withUnsafeBytes { try encoder.encode($0, elementByteCount: 1, policy: .raw) }
          index.tensors[position].streams[number].chunks[chunk] = try writer.append(encoded)
        }
      }
      guard index.tensors[position].statistics != nil else { continue }
      index.tensors[position].statistics?.signalEnergy = signal
      index.tensors[position].statistics?.errorEnergy = error
    }
    _ = try writer.finish(index: index)
  }

  private static let energies: [(Double, Double)] = [
    (0, 0), (1e308, 0), (1e308, 1e308), (1e308, .leastNonzeroMagnitude), (0, 1e308),
  ]

  @Test(arguments: energies)
  func jsonIsJSON(signal: Double, error: Double) throws {
    let folder = try TemporaryFolder()
    let convert = try CommandRunner.run([Fixtures.path("fusion-phi-tiny"), "a.fusion"], in: folder.path)
    #expect(convert.status == 0, "\(convert.error)")
    try copy(folder.file("a.fusion"), to: folder.file("b.fusion"), signal: signal, error: error)
    for arguments in [["inspect", "b.fusion"], ["inspect", "b.fusion", "--stats"], ["verify", "b.fusion"]] {
      let outcome = try CommandRunner.run(arguments + ["--json"], in: folder.path)
      #expect([0, 65].contains(outcome.status), "\(arguments) \(outcome.error)")
      let document = try? JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
      #expect(document?["schema"] is String, "\(arguments) \(outcome.output.prefix(500))")
      let text = try CommandRunner.run(arguments, in: folder.path)
      #expect(text.status == outcome.status, "\(arguments) \(text.error)")
    }
  }
}
