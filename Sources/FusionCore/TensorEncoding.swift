/// How the numbers of a tensor are held: as they are, or as integer codes with scales.
///
/// This is the one description of every layout; quantizers, the container and the runtime all size their buffers by
/// it. Rows are the first dimension (output channels), columns all others flattened. A row is cut into groups of
/// ``groupSize`` columns; the last group of a row may be shorter. No group crosses a row.
public struct TensorEncoding: Sendable, Hashable {
  /// The families of layouts; the raw value is the name in a container and in reports.
  public enum Kind: String, Sendable, CaseIterable {
    /// The values themselves, little-endian.
    case verbatim
    /// w = s q, codes -127...127, one byte a code.
    case int8
    /// w = s q, codes -8...7, two to a byte.
    case int4Symmetric = "int4-sym"
    /// w = s (q - z), codes and zero points 0...15, two to a byte.
    case int4Asymmetric = "int4"
  }

  /// The family.
  public let kind: Kind
  /// Columns that share a scale; 0 means a whole row. Always 0 for ``Kind/verbatim``.
  public let groupSize: Int

  /// Group sizes that a container may have; 0 is one group a row.
  public static let permittedGroupSizes: Set<Int> = [0, 16, 32, 64, 128, 256]

  /// An encoding from its parts.
  ///
  /// - Returns: `nil` if the group size is not one of ``permittedGroupSizes``, or not 0 for ``Kind/verbatim``.
  public init?(kind: Kind, groupSize: Int) {
    guard TensorEncoding.permittedGroupSizes.contains(groupSize), kind != .verbatim || groupSize == 0 else {
      return nil
    }
    self.init(checked: kind, groupSize)
  }

  private init(checked kind: Kind, _ groupSize: Int) {
    self.kind = kind
    self.groupSize = groupSize
  }

  /// The values themselves.
  public static let verbatim = TensorEncoding(checked: .verbatim, 0)
  /// int8 with one scale for each output channel.
  public static let int8PerChannel = TensorEncoding(checked: .int8, 0)

  /// Whether values are integer codes.
  public var isQuantized: Bool { kind != .verbatim }

  /// Bits of one code; 0 for ``Kind/verbatim``.
  public var codeBits: Int {
    switch kind {
    case .verbatim: 0
    case .int8: 8
    case .int4Symmetric, .int4Asymmetric: 4
    }
  }

  /// Type of a scale: float32 for one scale a row, where it costs nothing, else bfloat16 (never float16, whose range
  /// is too small for the weights of some models).
  public var scaleType: DType { groupSize == 0 ? .f32 : .bf16 }

  /// Groups in a row of this many columns.
  public func groupCount(columns: Int) -> Int {
    groupSize == 0 ? (columns == 0 ? 0 : 1) : CheckedArithmetic.ceilingDivision(columns, groupSize)
  }

  /// Name with the group size, as options take it: `int4-g32`, `int8`, `verbatim`.
  public var name: String { groupSize == 0 ? kind.rawValue : "\(kind.rawValue)-g\(groupSize)" }
}

extension TensorEncoding {
  /// The separate runs of bytes that make up an encoded tensor; the raw value is the tag in a container.
  public enum StreamKind: UInt32, Sendable, CaseIterable {
    /// Values as they are.
    case values = 1
    /// Integer codes.
    case codes = 2
    /// One positive scale a group.
    case scales = 3
    /// One zero point a group, two to a byte.
    case zeroPoints = 4
  }

  /// One stream of an encoding and the bytes it takes for a row.
  public struct StreamLayout: Sendable, Hashable {
    /// Which stream.
    public let kind: StreamKind
    /// Bytes of one row; rows follow each other without gaps.
    public let bytesPerRow: Int
    /// Bytes of one float of the stream, 1 for codes: the width by which byte planes are split.
    public let elementByteCount: Int
  }

  /// The streams of a tensor, in the order in which a container holds them.
  ///
  /// - Returns: `nil` if a size overflows.
  public func streams(shape: Shape, dtype: DType) -> [StreamLayout]? {
    let columns = shape.columnCount
    let groups = groupCount(columns: columns)
    func stream(_ kind: StreamKind, _ count: Int, width: Int) -> StreamLayout? {
      guard let bytes = CheckedArithmetic.product(count, width),
        CheckedArithmetic.product(bytes, max(shape.rowCount, 1)) != nil
      else { return nil }
      return StreamLayout(kind: kind, bytesPerRow: bytes, elementByteCount: width)
    }
    let scales = stream(.scales, groups, width: scaleType.byteWidth)
    let halfColumns = CheckedArithmetic.ceilingDivision(columns, 2)
    let all: [StreamLayout?]
    switch kind {
    case .verbatim: all = [stream(.values, columns, width: dtype.byteWidth)]
    case .int8: all = [stream(.codes, columns, width: 1), scales]
    case .int4Symmetric: all = [stream(.codes, halfColumns, width: 1), scales]
    case .int4Asymmetric:
      let zeroPoints = stream(.zeroPoints, CheckedArithmetic.ceilingDivision(groups, 2), width: 1)
      all = [stream(.codes, halfColumns, width: 1), scales, zeroPoints]
    }
    let known = all.compactMap { $0 }
    return known.count == all.count ? known : nil
  }

  /// Bytes that the encoded tensor takes in memory, without any compression.
  ///
  /// - Returns: `nil` if a size overflows.
  public func residentByteCount(shape: Shape, dtype: DType) -> Int? {
    guard let streams = streams(shape: shape, dtype: dtype) else { return nil }
    var total = 0
    for stream in streams {
      guard let bytes = CheckedArithmetic.product(stream.bytesPerRow, shape.rowCount),
        let sum = CheckedArithmetic.sum(total, bytes)
      else { return nil }
      total = sum
    }
    return total
  }
}
