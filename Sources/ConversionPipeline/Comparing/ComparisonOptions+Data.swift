extension ComparisonOptions {
  /// The standard comparison on data that an option names.
  public init(data: CalibrationData) {
    self.init()
    switch data {
    case .questions(let path): dataPath = path
    case .text(let path): textPath = path
    case .generated: break
    }
  }

  /// What a conversion is measured on before it is decided: predictions alone, of a checkpoint as it is put together.
  ///
  /// - Parameters:
  ///   - argument: as `calibrate` takes it.
  ///   - parts: what the checkpoint is put together with.
  ///   - pictureMemoryLimit: bytes that reading a picture of the data may take.
  public init(measuringOn argument: String, parts: CheckpointOptions, pictureMemoryLimit: Int) {
    self.init(data: CalibrationData(argument: argument))
    referenceParts = parts
    asksQuestions = false
    self.pictureMemoryLimit = pictureMemoryLimit
  }
}
