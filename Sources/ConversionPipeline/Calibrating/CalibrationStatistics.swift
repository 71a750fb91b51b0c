import FusionCore
import MappedFiles
import NumericKernels
import SafetensorsReader

/// A statistics file, read and checked: what the inputs of a model's linear layers look like.
///
/// Means of single columns are in memory, those of pairs stay in the file until they are asked for. All members may be
/// used from several threads at once.
public struct CalibrationStatistics: Sendable {
  /// Path as given.
  public let path: String
  /// Fingerprint of the model that the inputs were seen in.
  public let modelFingerprint: String
  /// `model_type` of that model.
  public let family: String
  /// Where the samples were from: a file's name, or `synth`.
  public let data: String
  /// SHA-256 of the samples.
  public let dataDigest: String
  /// Program and version that wrote the file.
  public let program: String
  /// What rows counted.
  public let weights: TokenWeights
  /// All inputs, in the order of the file.
  public let sites: [InputStatistics]
  /// Whether every input has its second moment.
  public let isFull: Bool

  private let file: MappedFile
  private let indices: [String: Int]
  private let productRanges: [String: Range<Int>]

  /// Reads a file.
  ///
  /// - Throws: `.cannotOpen`; `.malformedStatistics`, `.unknownStatisticsVersion`, a `safetensors` or `json` code for
  ///   what is wrong in it.
  public init(path: String) throws {
    // Whoever has statistics multiplies with them.
    try DenseProduct.prepare()
    let file = try MappedFile(path: path)
    let content = try file.withBytes(in: 0..<file.byteCount) { bytes in
      do {
        return try StatisticsParser(bytes).parse()
      } catch let error as FusionError {
        throw error.inFile(path)
      }
    }
    self.path = path
    self.file = file
    modelFingerprint = content.texts[.model] ?? ""
    family = content.texts[.family] ?? ""
    data = content.texts[.data] ?? ""
    dataDigest = content.texts[.dataDigest] ?? ""
    program = content.texts[.program] ?? ""
    weights = content.weights
    sites = content.sites
    isFull = content.sites.allSatisfy(\.hasSecondMoment)
    productRanges = content.productRanges
    var indices: [String: Int] = [:]
    for (index, site) in content.sites.enumerated() {
      for weight in site.weights { indices[weight] = index }
    }
    self.indices = indices
    // Means of columns are in memory now.
    file.discard(0..<file.byteCount)
  }

  /// Proves that the statistics are of a model.
  ///
  /// - Parameters:
  ///   - model: a checkpoint folder or a container.
  ///   - options: what a checkpoint is put together with.
  /// - Throws: `.statisticsOfOtherModel`; what is wrong with the model's files.
  public func check(areOf model: String, options: CheckpointOptions = CheckpointOptions()) throws {
    let fingerprint = try ModelFingerprint.of(model, options: options)
    guard fingerprint == modelFingerprint else {
      throw FusionError(
        .statisticsOfOtherModel, "the statistics are of another model", file: path,
        place: "__metadata__, \(StatisticsSchema.Key.model.rawValue)", expected: "\(fingerprint) of \(model)",
        found: modelFingerprint, remedy: "collect them again: fusion-convert calibrate MODEL FILE --data DATA")
    }
  }

  /// What the input of a weight looks like; `nil` where no sample reached it.
  ///
  /// - Parameter canonicalName: with `.weight` at its end.
  public func inputs(ofWeight canonicalName: String) -> InputStatistics? { indices[canonicalName].map { sites[$0] } }

  /// Means of x_i x_j over the input of a weight, the upper triangle row by row: `width (width + 1) / 2` values.
  ///
  /// - Returns: `nil` where there are none.
  /// - Throws: `.malformedStatistics` for a number or a mean that is not finite; `.changedWhileReading`, `.readFailed`.
  public func packedSecondMoment(ofWeight canonicalName: String) throws -> [Float]? {
    guard let site = inputs(ofWeight: canonicalName), let range = productRanges[site.site] else { return nil }
    var means = [Float](repeating: 0, count: range.count / MemoryLayout<Float>.stride)
    try means.withUnsafeMutableBufferPointer { try readMeans(from: range.lowerBound, of: site, into: $0) }
    return means
  }

  /// Means of x_i x_j over the input of a weight: a whole symmetric matrix of `width * width` values, row by row.
  ///
  /// - Returns: `nil` where there are none.
  /// - Throws: as ``packedSecondMoment(ofWeight:)``.
  public func secondMoment(ofWeight canonicalName: String) throws -> [Float]? {
    guard let site = inputs(ofWeight: canonicalName), let range = productRanges[site.site] else { return nil }
    let width = site.width
    // The triangle is in the file, so the square has twice its size at most and cannot overflow.
    var matrix = [Float](repeating: 0, count: width * width)
    try matrix.withUnsafeMutableBufferPointer { matrix in
      var start = range.lowerBound
      for row in 0..<width {
        let part = UnsafeMutableBufferPointer(rebasing: matrix[(row * width + row)..<((row + 1) * width)])
        try readMeans(from: start, of: site, into: part)
        start += part.count * MemoryLayout<Float>.stride
      }
    }
    mirror(&matrix, width)
    return matrix
  }

  /// Reads sums and divides them in place.
  private func readMeans(
    from offset: Int, of site: InputStatistics, into target: UnsafeMutableBufferPointer<Float>
  ) throws {
    let bytes = UnsafeMutableRawBufferPointer(target)
    try file.read(offset..<(offset + bytes.count), into: bytes)
    for index in target.indices {
      let sum = Float(bitPattern: UInt32(littleEndian: target[index].bitPattern))
      let mean = Float(Double(sum) / site.weightedRowCount)
      guard mean.isFinite else {
        let tensor = TensorName.quoted(StatisticsSchema.Tensor.secondMomentSums.name(site.site))
        let rows = sum.isFinite ? " over rows that count \(site.weightedRowCount)" : ""
        throw FusionError.malformedStatistics(
          "tensor \(tensor)", sum.isFinite ? "sums whose means are finite" : "finite numbers", "\(sum)\(rows)"
        ).inFile(path)
      }
      target[index] = mean
    }
  }

  /// Copies the upper triangle to the lower one, in squares that stay in the cache.
  private func mirror(_ matrix: inout [Float], _ width: Int) {
    let side = 64
    for top in stride(from: 0, to: width, by: side) {
      for left in stride(from: 0, through: top, by: side) {
        for row in top..<min(top + side, width) {
          for column in left..<min(left + side, row) { matrix[row * width + column] = matrix[column * width + row] }
        }
      }
    }
  }
}
