import FusionCore
import WeightGraph

extension QuantizationMethod {
  /// A scheme with the column scales that the method knows how to use.
  ///
  /// Embeddings are looked up, not multiplied with inputs, so their columns have nothing to be scaled by.
  func improved(_ scheme: WeightScheme, for tensor: GraphTensor) -> WeightScheme {
    guard self != .rtn, case .quantize(let encoding) = scheme, tensor.role != .embedding,
      let scaled = TensorEncoding(kind: encoding.kind, groupSize: encoding.groupSize, hasColumnScales: true)
    else { return scheme }
    return .quantize(scaled)
  }
}

extension QuantizationMethod {
  /// Refuses a method that lacks what it works with.
  ///
  /// - Throws: `.badOption`.
  func check(_ calibration: CalibrationStatistics?) throws {
    let collect = "collect them with: fusion-convert calibrate MODEL FILE --data DATA"
    if needsCalibration, calibration == nil {
      throw FusionError(
        .badOption, "the method needs statistics of the model's inputs", place: "--method \(rawValue)",
        expected: "--statistics FILE or --calibrate DATA", found: "neither", remedy: collect)
    }
    if self == .gptq, let calibration, !calibration.isFull {
      throw FusionError(
        .badOption, "the method needs second moments of pairs of columns", file: calibration.path,
        place: "--method gptq", expected: "statistics that were collected with --full",
        found: "those of single columns",
        remedy: collect + " --full")
    }
  }
}
