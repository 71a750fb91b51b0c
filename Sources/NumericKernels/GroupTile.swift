internal import CNumericKernels

/// Sixteen groups side by side, with room for their codes, scales and zero points; reused from tile to tile.
///
/// Element i of lane g is at `values[16 * i + g]`, so that one vector instruction works on 16 groups and no group's
/// result depends on its neighbours.
public final class GroupTile {
  private let kernels: KernelSet
  // Memory instead of arrays: a tile is a microsecond of work, in which every check of an array's owner would show.
  private let values = AlignedBuffer()
  private let weights = AlignedBuffer()
  private let codeTile = AlignedBuffer()
  private let scaleLanes: UnsafeMutablePointer<Float>
  private let zeroPointLanes: UnsafeMutablePointer<Float>
  private let lengths: UnsafeMutablePointer<Int32>
  private let sources: UnsafeMutablePointer<UnsafePointer<Float>?>
  private let targets: UnsafeMutablePointer<UnsafeMutablePointer<Int8>?>
  private let divisors: UnsafeMutablePointer<UnsafePointer<Float>?>
  private let offsets: UnsafeMutablePointer<Int>
  private var isWeighted = false
  private var laneLength = 0
  /// Values in the run that the groups are of.
  private var runLength = 0

  /// Makes an empty tile.
  public init(kernels: KernelSet) {
    self.kernels = kernels
    func lanes<Element>(_ element: Element) -> UnsafeMutablePointer<Element> {
      let pointer = UnsafeMutablePointer<Element>.allocate(capacity: KernelSet.laneCount)
      pointer.initialize(repeating: element, count: KernelSet.laneCount)
      return pointer
    }
    scaleLanes = lanes(1)
    zeroPointLanes = lanes(0)
    lengths = lanes(0)
    sources = lanes(nil)
    targets = lanes(nil)
    divisors = lanes(nil)
    offsets = lanes(0)
  }

  deinit {
    scaleLanes.deallocate()
    zeroPointLanes.deallocate()
    lengths.deallocate()
    sources.deallocate()
    targets.deallocate()
    divisors.deallocate()
    offsets.deallocate()
  }

  /// Scales of the lanes after a search.
  public var scales: [Float] { Array(UnsafeBufferPointer(start: scaleLanes, count: KernelSet.laneCount)) }
  /// Zero points of the lanes after a search; 0 for symmetric codes.
  public var zeroPoints: [Float] { Array(UnsafeBufferPointer(start: zeroPointLanes, count: KernelSet.laneCount)) }

  /// Lends the scales and zero points of the lanes.
  public func withLanes<Result>(
    _ body: (_ scales: UnsafeBufferPointer<Float>, _ zeroPoints: UnsafeBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    try body(
      UnsafeBufferPointer(start: scaleLanes, count: KernelSet.laneCount),
      UnsafeBufferPointer(start: zeroPointLanes, count: KernelSet.laneCount))
  }

  /// Takes up to 16 groups of a run of values.
  ///
  /// - Parameters:
  ///   - base: the run.
  ///   - groups: offset and length of each group in it; missing lanes are empty.
  public func load(_ base: UnsafeBufferPointer<Float>, groups: [(offset: Int, length: Int)]) {
    precondition(!groups.isEmpty && groups.count <= KernelSet.laneCount, "\(groups.count) groups in a tile")
    guard let start = base.baseAddress else { return }
    runLength = base.count
    laneLength = 0
    for lane in 0..<KernelSet.laneCount {
      let group = lane < groups.count ? groups[lane] : (offset: 0, length: 0)
      precondition(group.offset >= 0 && group.offset + group.length <= base.count, "a group lies outside of its run")
      offsets[lane] = group.offset
      sources[lane] = start + group.offset
      lengths[lane] = Int32(group.length)
      laneLength = max(laneLength, group.length)
    }
    fill(divided: false)
  }

  /// Takes up to 16 groups of rows that are cut into groups, in their order.
  ///
  /// - Parameters:
  ///   - rows: whole rows of values.
  ///   - columns: values of a row.
  ///   - groupSize: values of a group; the last one of a row may have fewer.
  ///   - first: the first group, counted over all rows.
  ///   - count: number of groups; missing lanes are empty.
  ///   - columnDivisors: one a column, by which values are divided; empty for none.
  public func load(
    rows: UnsafeBufferPointer<Float>, columns: Int, groupSize: Int, first: Int, count: Int,
    columnDivisors: UnsafeBufferPointer<Float>
  ) {
    precondition(count > 0 && count <= KernelSet.laneCount, "\(count) groups in a tile")
    precondition(columns > 0 && groupSize > 0 && first >= 0, "group \(first) of \(groupSize) of \(columns) columns")
    precondition(columnDivisors.isEmpty || columnDivisors.count == columns, "\(columnDivisors.count) divisors")
    let groupsPerRow = (columns + groupSize - 1) / groupSize
    precondition((first + count - 1) / groupsPerRow < rows.count / columns, "a group lies outside of the rows")
    guard let start = rows.baseAddress else { return }
    runLength = rows.count
    laneLength = min(groupSize, columns)
    var row = first / groupsPerRow
    var column = first % groupsPerRow * groupSize
    for lane in 0..<KernelSet.laneCount {
      let isPresent = lane < count
      offsets[lane] = isPresent ? row * columns + column : 0
      sources[lane] = start + offsets[lane]
      lengths[lane] = isPresent ? Int32(min(groupSize, columns - column)) : 0
      divisors[lane] = columnDivisors.baseAddress.map { $0 + (isPresent ? column : 0) }
      column += groupSize
      if column >= columns { (row, column) = (row + 1, 0) }
    }
    fill(divided: !columnDivisors.isEmpty)
  }

  private func fill(divided: Bool) {
    let needed = laneLength * KernelSet.laneCount
    values.reserve(byteCount: needed * MemoryLayout<Float>.size)
    codeTile.reserve(byteCount: needed)
    kernels.table.pointee.tile_f32_x16(
      sources, divided ? divisors : nil, lengths, laneLength, values.pointer(to: Float.self))
    isWeighted = false
  }

  /// Takes the weights that the errors of the loaded values have in the next search.
  ///
  /// - Parameters:
  ///   - base: weights of the columns of a row, 0 to 1e8; the run is rows of as many values.
  public func loadWeights(ofColumns base: UnsafeBufferPointer<Float>) {
    guard let start = base.baseAddress else { return }
    for lane in 0..<KernelSet.laneCount {
      let length = Int(lengths[lane])
      let offset = offsets[lane] % base.count
      precondition(offset + length <= base.count, "weights missing")
      sources[lane] = start + offset
    }
    weights.reserve(byteCount: laneLength * KernelSet.laneCount * MemoryLayout<Float>.size)
    kernels.table.pointee.tile_f32_x16(sources, nil, lengths, laneLength, weights.pointer(to: Float.self))
    isWeighted = true
  }

  /// Takes scales that were found elsewhere, with zero points of 0.
  public func setScales(_ scales: [Float]) {
    precondition(scales.count <= KernelSet.laneCount, "\(scales.count) scales in a tile")
    for lane in 0..<KernelSet.laneCount {
      scaleLanes[lane] = lane < scales.count ? scales[lane] : 1
      zeroPointLanes[lane] = 0
    }
  }

  /// Finds the scales (and zero points) with the least squared error.
  ///
  /// - Parameters:
  ///   - search: candidates and codes; asymmetric ones are evenly spaced and start at 0.
  ///   - asymmetric: w = s (q - z) instead of w = s q.
  public func search(_ search: ScaleSearch, asymmetric: Bool) {
    var parameters = search.parameters
    let loaded = values.pointer(to: Float.self)
    let weighting = isWeighted ? weights.pointer(to: Float.self) : nil
    if asymmetric {
      precondition(search.codes.lowerBound == 0 && search.spacing == .even, "asymmetric codes start at 0")
      kernels.table.pointee.search_asymmetric_x16(
        loaded, weighting, laneLength, &parameters, scaleLanes, zeroPointLanes)
    } else {
      switch search.spacing {
      case .even:
        kernels.table.pointee.search_symmetric_x16(loaded, weighting, laneLength, &parameters, scaleLanes)
      case .grid: kernels.table.pointee.search_grid_x16(loaded, weighting, laneLength, &parameters, scaleLanes)
      }
      for lane in 0..<KernelSet.laneCount { zeroPointLanes[lane] = 0 }
    }
  }

  /// Rounds the values to codes with the scales found and writes each group's codes to its place in a run.
  ///
  /// - Parameters:
  ///   - codes: code range.
  ///   - spacing: what codes stand for; those of a grid have no zero points.
  ///   - target: the run of codes, laid out as the run of values was.
  public func encode(
    codes: ClosedRange<Int>, spacing: CodeSpacing = .even, into target: UnsafeMutableBufferPointer<Int8>
  ) {
    precondition(target.count == runLength, "room for \(target.count) codes of \(runLength) values")
    guard let start = target.baseAddress else { return }
    switch spacing {
    case .even:
      kernels.table.pointee.encode_x16(
        values.pointer(to: Float.self), laneLength, Float(codes.lowerBound), Float(codes.upperBound), scaleLanes,
        zeroPointLanes, codeTile.pointer(to: Int8.self))
    case .grid:
      kernels.table.pointee.encode_grid_x16(
        values.pointer(to: Float.self), laneLength, scaleLanes, codeTile.pointer(to: Int8.self))
    }
    for lane in 0..<KernelSet.laneCount { targets[lane] = start + offsets[lane] }
    kernels.table.pointee.untile_s8_x16(codeTile.pointer(to: Int8.self), lengths, targets)
  }
}
