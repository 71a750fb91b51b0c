internal import CNumericKernels

/// Sixteen groups side by side, with room for their codes, scales and zero points; reused from tile to tile.
///
/// Element i of lane g is at `values[16 * i + g]`, so that one vector instruction works on 16 groups and no group's
/// result depends on its neighbours.
public final class GroupTile {
  private let kernels: KernelSet
  private var values: [Float] = []
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
      kernels.table.pointee.search_asymmetric_x16(values, laneLength, &parameters, &scaleLanes, &zeroPointLanes)
    } else {
      kernels.table.pointee.search_symmetric_x16(values, laneLength, &parameters, &scaleLanes)
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
