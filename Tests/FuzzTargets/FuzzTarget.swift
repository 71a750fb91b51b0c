import FusionCore

/// A reader of foreign bytes, with what must hold when it has taken some.
///
/// The raw value names the folder of the kept corpus, `Tests/Fixtures/fuzz/<name>`, and the target of `tools/fuzz/run`.
public enum FuzzTarget: String, CaseIterable, Sendable {
  /// The header of a safetensors file.
  case safetensors
  /// The index of a checkpoint.
  case index
  /// The index and the chunks of a container.
  case container
  /// A `tokenizer.json`, or a text for a fixed one.
  case tokenizer
  /// A `tokenizer.model`.
  case sentencepiece
  /// The small JSON files beside a tokenizer.
  case settings
  /// A `config.json`.
  case configuration
  /// A `generation_config.json`.
  case generation
  /// An `adapter_config.json`.
  case adapter
  /// A PNG or JPEG picture.
  case image
  /// A zip archive of `torch.save`.
  case zip
  /// A pickle.
  case pickle
  /// A file of questions, with separate answers or without.
  case questions
  /// A file of results of `eval`.
  case results
  /// A text to calibrate on or to compare models on.
  case text
  /// A file of statistics of inputs.
  case statistics
  /// A plan of `convert --plan`.
  case plan
  /// The journal of an interrupted conversion.
  case journal

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
      case .index: try IndexFuzzing.run(bytes)
      case .container: try ContainerFuzzing.run(bytes)
      case .tokenizer: try TokenizerFuzzing.run(bytes)
      case .sentencepiece: try SentencePieceFuzzing.run(bytes)
      case .settings: try SettingsFuzzing.run(bytes)
      case .configuration: try ConfigurationFuzzing.run(bytes)
      case .generation: try GenerationFuzzing.run(bytes)
      case .adapter: try AdapterFuzzing.run(bytes)
      case .image: try ImageFuzzing.run(bytes)
      case .zip: try ZipFuzzing.run(bytes)
      case .pickle: try PickleFuzzing.run(bytes)
      case .questions: try QuestionFuzzing.run(bytes)
      case .results: try ResultsFuzzing.run(bytes)
      case .text: try TextFuzzing.run(bytes)
      case .statistics: try StatisticsFuzzing.run(bytes)
      case .plan: try PlanFuzzing.run(bytes)
      case .journal: try JournalFuzzing.run(bytes)
      }
      return .accepted
    } catch let error as FusionError {
      try FuzzFinding.check(error)
      return .refused(error.code)
    }
  }
}
