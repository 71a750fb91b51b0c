import FusionCore

/// A reader of foreign bytes, with what must hold when it has taken some.
///
/// The raw value names the folder of the kept corpus, `Tests/Fixtures/fuzz/<name>`, and the target of `tools/fuzz/run`.
public enum FuzzTarget: String, CaseIterable, Sendable {
  /// The header of a safetensors file, or the index of a checkpoint.
  case safetensors
  /// The index and the chunks of a container.
  case container
  /// A `tokenizer.json`, or a text for a fixed one.
  case tokenizer
  /// A `tokenizer.model`.
  case sentencepiece
  /// A `config.json`.
  case configuration
  /// A PNG or JPEG picture.
  case image
  /// A zip archive of `torch.save`.
  case zip
  /// A pickle.
  case pickle

  /// What a reader made of an input.
  public enum Outcome: Sendable, Equatable {
    /// It was read, and everything that must hold then does.
    case accepted
    /// It was refused in the right form.
    case refused(FusionError.Code)
  }

  /// Feeds bytes to the reader.
  ///
  /// - Throws: ``FuzzFinding`` where a promise is broken, in what was read or in how it was refused; any other error
  ///   is a finding as well.
  public func run(_ bytes: UnsafeRawBufferPointer) throws -> Outcome {
    do {
      switch self {
      case .safetensors: try SafetensorsFuzzing.run(bytes)
      case .container: try ContainerFuzzing.run(bytes)
      case .tokenizer: try TokenizerFuzzing.run(bytes)
      case .sentencepiece: try SentencePieceFuzzing.run(bytes)
      case .configuration: try ConfigurationFuzzing.run(bytes)
      case .image: try ImageFuzzing.run(bytes)
      case .zip: try ZipFuzzing.run(bytes)
      case .pickle: try PickleFuzzing.run(bytes)
      }
      return .accepted
    } catch let error as FusionError {
      try FuzzFinding.check(error)
      return .refused(error.code)
    }
  }
}
