/// Five crops on their way through the tower, between two layers.
///
/// Rows: the patches of the whole picture, the instruction, then the patches of the quarters.
final class VisionPass {
  /// The residual stream: [patches + instruction + 4 patches, hidden].
  let x: ActivationMatrix
  /// The embedded patches of the whole picture, before any layer.
  var patchEmbeddings: ActivationMatrix
  /// What the levels add up to so far.
  let connector: FeatureConnector
  /// Rows of the whole picture and the instruction.
  let guided: Range<Int>
  /// Rows of each quarter.
  let quarters: [Range<Int>]
  /// What the rows stand for: the instruction is language.
  let kinds: RowKinds
  /// Among the guided rows, those that no row may look at.
  let isHidden: [Bool]

  init(patchCount: Int, isPadding: [Bool], columns: Int, keptLayerCount: Int, context: ComputeContext) {
    let end = patchCount + isPadding.count
    guided = 0..<end
    quarters = (0..<4).map { end + $0 * patchCount..<(end + ($0 + 1) * patchCount) }
    isHidden = [Bool](repeating: false, count: patchCount) + isPadding
    kinds = .mixed(vision: [0..<patchCount, end..<(end + 4 * patchCount)])
    x = ActivationMatrix(rows: end + 4 * patchCount, columns: columns)
    patchEmbeddings = ActivationMatrix(rows: 0, columns: columns)
    connector = FeatureConnector(
      keptLayerCount: keptLayerCount, rows: x.rowCount, columns: columns, context: context)
  }

  /// A pass of its own from the same place on.
  init(copying other: VisionPass) {
    x = other.x.copy()
    patchEmbeddings = other.patchEmbeddings
    connector = other.connector.copy()
    guided = other.guided
    quarters = other.quarters
    isHidden = other.isHidden
    kinds = other.kinds
  }
}
