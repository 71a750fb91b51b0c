internal import CNumericKernels

/// Sixteen groups side by side, with room for their codes, scales and zero points; reused from tile to tile.
///
/// Element i of lane g is at `values[16 * i + g]`, so that one vector instruction works on 16 groups and no group's
/// result depends on its neighbours.
public final class GroupTile {
  private let kernels: KernelSet
  private var values: [Float] = []
  private var weights: [Float] = []
  private var isWeighted = false
  private var codeTile: [Int8] = []
  private var scaleLanes = [Float](repeating: 1, count: KernelSet.laneCount)
  private var zeroPointLanes = [Float](repeating: 0, count: KernelSet.laneCount)
  private var lengths = [Int32](repeating: 0, count: KernelSet.laneCount)
  private var sources: [UnsafePointer<Float>?] = Array(repeating: nil, count: KernelSet.laneCount)
  private var targets: [UnsafeMutablePointer<Int8>?] = Array(repeating: nil, count: KernelSet.laneCount)
  private var laneLength = 0

  /// Makes an empty tile.
  public init(kernels: KernelSet) { self.kernels = kernels }

  /// Scales of the lanes after a search.
  public var scales: [Float] { scaleLanes }
  /// Zero points of the lanes after a search; 0 for symmetric codes.
  public var zeroPoints: [Float] { zeroPointLanes }

  /// Takes up to 16 groups of a run of values.
  ///
  /// - Parameters:
  ///   - base: the run.
  ///   - groups: offset and length of each group in it; missing lanes are empty.
  public func load(_ base: UnsafeBufferPointer<Float>, groups: [(offset: Int, length: Int)]) {
    precondition(!groups.isEmpty && groups.count <= KernelSet.laneCount, "\(groups.count) groups in a tile")
    guard let start = base.baseAddress else { return }
    laneLength = 0
    for lane in 0..<KernelSet.laneCount {
      let group = lane < groups.count ? groups[lane] : (offset: 0, length: 0)
      precondition(group.offset >= 0 && group.offset + group.length <= base.count, "a group lies outside of its run")
      sources[lane] = start + group.offset
      lengths[lane] = Int32(group.length)
      laneLength = max(laneLength, group.length)
    }
    let needed = laneLength * KernelSet.laneCount
    if values.count < needed {
      values = [Float](repeating: 0, count: needed)
      codeTile = [Int8](repeating: 0, count: needed)
    }
    kernels.table.pointee.tile_f32_x16(&sources, lengths, laneLength, &values)
    isWeighted = false
  }

  /// Takes the weights that the errors of the loaded values have in the next search.
  ///
  /// - Parameters:
  ///   - base: a run of weights, 0 to 1e8.
  ///   - offsets: for each loaded group where its weights begin in the run.
  public func loadWeights(_ base: UnsafeBufferPointer<Float>, offsets: [Int]) {
    guard let start = base.baseAddress else { return }
    for lane in 0..<KernelSet.laneCount {
      let length = Int(lengths[lane])
      guard length > 0 else { continue }
      precondition(
        lane < offsets.count && offsets[lane] >= 0 && offsets[lane] + length <= base.count, "weights missing")
      sources[lane] = start + offsets[lane]
    }
    let needed = laneLength * KernelSet.laneCount
    if weights.count < needed { weights = [Float](repeating: 0, count: needed) }
    kernels.table.pointee.tile_f32_x16(&sources, lengths, laneLength, &weights)
    isWeighted = true
  }

  /// Takes scales that were found elsewhere, with zero points of 0.
  public func setScales(_ scales: [Float]) {
    precondition(scales.count <= KernelSet.laneCount, "\(scales.count) scales in a tile")
    for lane in scaleLanes.indices {
      scaleLanes[lane] = lane < scales.count ? scales[lane] : 1
      zeroPointLanes[lane] = 0
    }
  }

  /// Finds the scales (and zero points) with the least squared error.
  ///
  /// - Parameters:
  ///   - search: candidates and code range; asymmetric codes start at 0.
  ///   - asymmetric: w = s (q - z) instead of w = s q.
  public func search(_ search: ScaleSearch, asymmetric: Bool) {
    var parameters = search.parameters
    if asymmetric {
      precondition(search.codes.lowerBound == 0, "asymmetric codes start at 0")
      isWeighted
        ? kernels.table.pointee.search_asymmetric_x16(
          values, weights, laneLength, &parameters, &scaleLanes, &zeroPointLanes)
        : kernels.table.pointee.search_asymmetric_x16(
          values, nil, laneLength, &parameters, &scaleLanes, &zeroPointLanes)
    } else {
      isWeighted
        ? kernels.table.pointee.search_symmetric_x16(values, weights, laneLength, &parameters, &scaleLanes)
        : kernels.table.pointee.search_symmetric_x16(values, nil, laneLength, &parameters, &scaleLanes)
      for lane in zeroPointLanes.indices { zeroPointLanes[lane] = 0 }
    }
  }

  /// Rounds the values to codes with the scales found and writes each lane's codes to its place in a run.
  ///
  /// - Parameters:
  ///   - codes: code range.
  ///   - target: the run of codes, laid out as the run of values was.
  ///   - groups: as given to ``load(_:groups:)``.
  public func encode(
    codes: ClosedRange<Int>, into target: UnsafeMutableBufferPointer<Int8>, groups: [(offset: Int, length: Int)]
  ) {
    guard let start = target.baseAddress else { return }
    kernels.table.pointee.encode_x16(
      values, laneLength, Float(codes.lowerBound), Float(codes.upperBound), scaleLanes, zeroPointLanes, &codeTile)
    for lane in 0..<KernelSet.laneCount {
      let group = lane < groups.count ? groups[lane] : (offset: 0, length: 0)
      precondition(group.length == Int(lengths[lane]), "the groups are not those that were loaded")
      precondition(group.offset + group.length <= target.count, "a group lies outside of its run")
      targets[lane] = start + group.offset
    }
    kernels.table.pointee.untile_s8_x16(codeTile, lengths, &targets)
  }
}
