import Foundation

/// How far the two-way mapping between vision and language space is from the identity.
///
/// Dual-supervised semantic mapping (FUSION, arXiv 2504.09925): mean(1 - cosine) of what went through both projectors
/// and what it started from. 0 is a perfect mapping, 1 is unrelated, 2 is opposed. Here a measure of fidelity.
public struct MappingLoss: Sendable, Hashable {
  /// The weight of both terms in the training loss.
  public static let weight = 0.1

  /// The question's embeddings against the features that came back through the tower; `nil` if all tokens are padding.
  public let instruction: Double?
  /// Patch embeddings against the image features that were mapped back.
  public let vision: Double

  /// The training loss with a language loss added.
  public func total(languageLoss: Double) -> Double {
    languageLoss + Self.weight * ((instruction ?? 0) + vision)
  }

  /// Mean of 1 - cosine over rows; `nil` if all rows are left out.
  static func term(_ a: ActivationMatrix, _ b: ActivationMatrix, skipping: [Bool]? = nil) -> Double? {
    precondition(a.rowCount == b.rowCount && a.columnCount == b.columnCount, "\(a.rowCount) rows, \(b.rowCount)")
    let rows = (0..<a.rowCount).filter { !(skipping?[$0] ?? false) }
    guard !rows.isEmpty else { return nil }
    return rows.reduce(0) { $0 + (1 - cosine(a[$1], b[$1])) } / Double(rows.count)
  }

  private static func cosine(_ a: UnsafeMutableBufferPointer<Float>, _ b: UnsafeMutableBufferPointer<Float>) -> Double {
    var (product, squareA, squareB) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      product += Double(x) * Double(y)
      squareA += Double(x) * Double(x)
      squareB += Double(y) * Double(y)
    }
    return product / (max(squareA.squareRoot(), 1e-8) * max(squareB.squareRoot(), 1e-8))
  }
}
