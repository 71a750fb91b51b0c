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
}
