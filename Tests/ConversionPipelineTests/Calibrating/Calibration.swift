import ConversionPipeline
import Foundation
import TestSupport

/// Short forms of what calibration tests do.
enum Calibration {
  /// Collects statistics to a file.
  @discardableResult
  static func collect(
    _ model: String, _ data: CalibrationData, to path: String, threads: Int = 2,
    _ change: (inout CalibrationOptions) -> Void = { _ in }
  ) throws -> CalibrationReport {
    var options = CalibrationOptions(data: data)
    change(&options)
    return try CalibrationCollector(
      model: model, options: options, execution: try Pipeline.execution(threads: threads), programVersion: "test 1"
    ).collect(to: path, replacing: false)
  }

  /// Metadata of a file, read by Foundation.
  static func metadata(_ path: String) throws -> [String: String] {
    let data = [UInt8](try Pipeline.bytes(path))
    let length = data[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    let object = try JSONSerialization.jsonObject(with: Data(data[8..<(8 + length)])) as? [String: Any]
    return object?["__metadata__"] as? [String: String] ?? [:]
  }

  /// A question file with pictures of the fixtures.
  ///
  /// - Parameter lines: each a question, the name of a picture or none, and an answer or none.
  static func questions(
    _ lines: [(text: String, picture: String?, answer: String?)], in folder: TemporaryFolder
  ) throws -> CalibrationData {
    let objects = lines.enumerated().map { index, line in
      ["\"question_id\": \(index)", "\"text\": \"\(line.text)\""]
        + [line.picture.map { "\"image\": \"\($0)\"" }, line.answer.map { "\"answer\": \"\($0)\"" }].compactMap { $0 }
    }
    let text = objects.map { "{\($0.joined(separator: ", "))}\n" }.joined()
    return .questions(try folder.write("questions.jsonl", text: text))
  }

  static let imagesPath = Fixtures.path("images")
}

extension RawSafetensors.Tensor {
  /// The values of an F64 tensor.
  var doubles: [Double] {
    bytes.withUnsafeBytes { bytes in
      (0..<(bytes.count / 8)).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
    }
  }

  /// The values of an F32 tensor.
  var floats: [Float] {
    bytes.withUnsafeBytes { bytes in
      (0..<(bytes.count / 4)).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
  }
}
