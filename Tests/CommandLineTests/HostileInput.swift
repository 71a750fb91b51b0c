import Foundation
import FusionCore
import TestSupport
import Testing

/// One input that must be refused, and how.
struct HostileInput: Sendable, CustomTestStringConvertible {
  enum Command: String, Sendable, CaseIterable {
    case inspect, verify, convert
  }

  let testDescription: String
  let command: Command
  /// What the program is told to read, in the test's folder.
  let path: String
  let code: String
  var status: Int32 = 65
  /// What follows on the command line.
  var options: [String] = []
  /// Writes the input to a folder.
  let make: @Sendable (TemporaryFolder) throws -> Void

  static let all =
    structureOfSafetensors + namesOfSafetensors + rangesOfSafetensors + checkpoints + containers + torch + adapters

  /// The command line that reads the input; conversions forecast only, so that the well-behaved run that a refusal is
  /// compared with is a cheap one.
  var arguments: [String] { Self.arguments(command, path) + options }

  static func arguments(_ command: Command, _ path: String) -> [String] {
    [command.rawValue, path] + (command == .convert ? ["model.fusion", "--dry-run"] : []) + ["--json"]
  }

  /// A single safetensors file, looked at with `inspect`.
  static func file(
    _ description: String, _ code: String, name: String = "model.safetensors",
    _ bytes: @escaping @Sendable () throws -> [UInt8]
  ) -> HostileInput {
    HostileInput(testDescription: description, command: .inspect, path: name, code: code) { folder in
      try folder.write(name, try bytes())
    }
  }

  /// Bytes of a safetensors file with a header of some text and tensors of so many bytes.
  static func safetensors(_ header: String, dataByteCount: Int = 0) -> [UInt8] {
    var bytes = littleEndian(UInt64(header.utf8.count))
    bytes.append(contentsOf: header.utf8)
    bytes.append(contentsOf: repeatElement(0, count: dataByteCount))
    return bytes
  }

  static func littleEndian(_ value: UInt64) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }

  /// Text repeated to a size of just this many bytes, with something before and after it.
  static func filled(_ byteCount: Int, _ unit: String, before: String = "", after: String = "") -> String {
    let count = (byteCount - before.utf8.count - after.utf8.count) / unit.utf8.count
    return before + String(repeating: unit, count: count) + after
  }

  /// The longest header and index that are read at all.
  static let limit = 8 << 20
}
