import FusionCore
import Glibc
import MappedFiles
import QuestionSets

/// All files that a command reads and all that it writes, held against each other before anything is touched.
///
/// No output replaces a file that is read, whatever `--force` says and whatever the two are called, nor a second output. A
/// new file inside a folder that is read is welcome. An output folder is not one that is read, does not hold one or any
/// file that is read, and does not lie in one.
public struct CommandFiles {
  private var inputs: [InputFiles] = []
  private struct Output {
    let path: String
    var isFolder = false
    /// The output that this one becomes.
    var final: String?
  }
  private var outputs: [Output] = []

  /// Nothing is read, nothing written.
  public init() {}

  /// Reads a file.
  public mutating func read(file path: String?) { path.map { inputs.append(.file($0)) } }

  /// Reads a model: a container, a checkpoint's folder or a weight file with what lies beside it.
  public mutating func read(model path: String?, options: CheckpointOptions = CheckpointOptions()) {
    path.map { inputs.append(.model($0, options)) }
  }

  /// Reads questions and the pictures that they are about.
  public mutating func read(
    questions path: String?, images: String? = nil, format: QuestionFormat? = nil, answers: String? = nil
  ) {
    path.map { inputs.append(.questions($0, format, answers: answers, images: images)) }
    answers.map { inputs.append(.everything(in: $0)) }
  }

  /// Reads what a model is calibrated or measured on, as an option names it.
  public mutating func read(data argument: String?, images: String? = nil) {
    argument.map { read(data: CalibrationData(argument: $0), images: images) }
  }

  /// Reads what a model is calibrated or measured on.
  public mutating func read(data: CalibrationData, images: String? = nil) {
    switch data {
    case .questions(let path): read(questions: path, images: images)
    case .text(let path): read(file: path)
    case .generated: break
    }
  }

  /// Writes a file.
  public mutating func write(file path: String?) { path.map { outputs.append(Output(path: $0)) } }

  /// Writes what becomes an output, or lies beside it, until that is complete. Where a run was killed at its very end, it
  /// may be the output itself under a second name.
  public mutating func write(file path: String, until final: String) {
    outputs.append(Output(path: path, final: final))
  }

  /// Writes a folder.
  public mutating func write(folder path: String?) { path.map { outputs.append(Output(path: $0, isFolder: true)) } }

  /// Holds outputs against inputs and each other.
  ///
  /// - Throws: `.outputIsInput`; `.cannotCreate` for an output that cannot be one; what is wrong with an input.
  public func check() throws {
    let places = try outputs.map { try OutputPlace($0.path) }
    for (index, output) in outputs.enumerated() {
      let place = places[index]
      if let other = outputs.indices.first(where: { other in
        other < index && outputs[other].path != output.final && places[other].isSame(as: place)
      }) {
        throw Self.refusal(
          output.path, "two outputs would be one file", "a file for each", "the same as \(outputs[other].path)")
      }
      if output.isFolder {
        try checkFolder(output.path, place)
      } else if place.isThere {
        try checkFile(output.path, place)
      }
    }
  }

  private func checkFile(_ output: String, _ place: OutputPlace) throws {
    let streams = [
      (STDIN_FILENO, "standard input"), (STDOUT_FILENO, "standard output"), (STDERR_FILENO, "standard error"),
    ]
    if let stream = streams.first(where: { place.isSame(asDescriptor: $0.0) }) {
      throw Self.refusal(output, "the output is what the command reads from or prints to", "another file", stream.1)
    }
    for input in inputs {
      guard let path = try input.files().first(where: { try place.isSame(as: $0) }) else { continue }
      throw Self.refusal(output, "the output is one of the inputs", "another file", "the same file as \(path)")
    }
  }

  private func checkFolder(_ output: String, _ place: OutputPlace) throws {
    for folder in inputs.flatMap(\.folders) where place.isInside(folder) {
      throw Self.refusal(
        output, "the output folder is an input, or lies in one", "a folder outside of \(folder)",
        "a folder that is read")
    }
    guard place.isThere else { return }
    for input in inputs {
      guard let path = try (input.folders + input.files()).first(where: place.contains) else { continue }
      throw Self.refusal(output, "the output folder holds an input", "another folder", "the folder of \(path)")
    }
  }

  private static func refusal(_ output: String, _ summary: String, _ expected: String, _ found: String) -> FusionError {
    FusionError(
      .outputIsInput, summary, file: output, expected: expected, found: found,
      remedy: "choose another name for the output")
  }
}

extension FusionError.Code {
  /// The output would replace something that is being read, or another output.
  public static let outputIsInput = Self("convert.outputIsInput", .cannotCreate)
}
