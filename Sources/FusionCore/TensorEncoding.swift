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
    /// w = s g(q), codes 0...15, indices into a grid that is finer near 0, two to a byte.
    case int4NonLinear = "int4-nl"
  }

  /// The family.
  public let kind: Kind
  /// Columns that share a scale; 0 means a whole row. Always 0 for ``Kind/verbatim``.
  public let groupSize: Int
  /// Whether each column has a scale of its own beside that of the group: w = s c q, w = s c (q - z), or
  /// w = s c g(q).
  public let hasColumnScales: Bool

  /// Group sizes that a container may have; 0 is one group a row.
  public static let permittedGroupSizes: Set<Int> = [0, 16, 32, 64, 128, 256]

  /// An encoding from its parts.
  ///
  /// - Returns: `nil` if the group size is not one of ``permittedGroupSizes``, or if ``Kind/verbatim`` is to have groups
  ///   or scales.
  public init?(kind: Kind, groupSize: Int, hasColumnScales: Bool = false) {
    guard TensorEncoding.permittedGroupSizes.contains(groupSize),
      kind != .verbatim || (groupSize == 0 && !hasColumnScales)
    else { return nil }
    self.init(checked: kind, groupSize, hasColumnScales)
  }

  private init(checked kind: Kind, _ groupSize: Int, _ hasColumnScales: Bool) {
    self.kind = kind
    self.groupSize = groupSize
    self.hasColumnScales = hasColumnScales
  }

  /// An encoding as a container names it.
  ///
  /// - Parameter label: a ``label``.
  /// - Returns: `nil` if there is no such encoding, or not with this group size.
  public init?(label: String, groupSize: Int) {
    let isScaled = label.hasSuffix(Self.columnScaleMark)
    guard let kind = Kind(rawValue: isScaled ? String(label.dropLast(Self.columnScaleMark.count)) : label) else {
      return nil
    }
    self.init(kind: kind, groupSize: groupSize, hasColumnScales: isScaled)
  }

  /// The values themselves.
  public static let verbatim = TensorEncoding(checked: .verbatim, 0, false)
  /// int8 with one scale for each output channel.
  public static let int8PerChannel = TensorEncoding(checked: .int8, 0, false)
  /// int8 with one scale for each output channel and one for each column.
  public static let int8ColumnScaled = TensorEncoding(checked: .int8, 0, true)
  /// int8 with one scale for every 64 columns of a row and one for each column.
  public static let int8ColumnScaledGroup64 = TensorEncoding(checked: .int8, 64, true)

  /// Whether values are integer codes.
  public var isQuantized: Bool { kind != .verbatim }

  /// Bits of one code; 0 for ``Kind/verbatim``.
  public var codeBits: Int {
    switch kind {
    case .verbatim: 0
    case .int8: 8
    case .int4Symmetric, .int4Asymmetric, .int4NonLinear: 4
    }
  }

  /// Type of a scale of a group: float32 for one scale a row, where it costs nothing, else bfloat16 (never float16,
  /// whose range is too small for the weights of some models). Column scales are always bfloat16.
  public var scaleType: DType { groupSize == 0 ? .f32 : .bf16 }

  /// Groups in a row of this many columns.
  public func groupCount(columns: Int) -> Int {
    groupSize == 0 ? (columns == 0 ? 0 : 1) : CheckedArithmetic.ceilingDivision(columns, groupSize)
  }

  /// Name without the group size, as a container holds it: `int4`, `int8-cs`.
  public var label: String { hasColumnScales ? kind.rawValue + Self.columnScaleMark : kind.rawValue }

  /// Name with the group size, as options take it: `int4-g32`, `int8`, `int4-cs-g64`, `verbatim`.
  public var name: String { groupSize == 0 ? label : "\(label)-g\(groupSize)" }

  private static let columnScaleMark = "-cs"
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
    /// One positive scale a column, for all rows of the tensor.
    case columnScales = 5
  }

  /// One stream of an encoding and the bytes it takes.
  public struct StreamLayout: Sendable, Hashable {
    /// What a stream's bytes belong to.
    public enum Span: Sendable, Hashable {
      /// Each row has its own; rows follow each other without gaps.
      case row
      /// All rows share them.
      case tensor
    }

    /// Which stream.
    public let kind: StreamKind
    /// What the bytes belong to.
    public let span: Span
    /// Bytes of one row, or of the whole stream if rows share it.
    public let unitByteCount: Int
    /// Bytes of one float of the stream, 1 for codes: the width by which byte planes are split.
    public let elementByteCount: Int

    /// Bytes of the stream that decoding this many rows takes.
    public func byteCount(rows: Int) -> Int { span == .row ? rows * unitByteCount : unitByteCount }

    /// Where in the stream the bytes are that decoding these rows takes.
    public func range(rows: Range<Int>) -> Range<Int> {
      span == .row ? (rows.lowerBound * unitByteCount)..<(rows.upperBound * unitByteCount) : 0..<unitByteCount
    }
  }

  /// The streams of a tensor, in the order in which a container holds them.
  ///
  /// - Returns: `nil` if a size overflows.
  public func streams(shape: Shape, dtype: DType) -> [StreamLayout]? {
    let columns = shape.columnCount
    let groups = groupCount(columns: columns)
    func stream(_ kind: StreamKind, _ count: Int, width: Int, span: StreamLayout.Span = .row) -> StreamLayout? {
      guard let bytes = CheckedArithmetic.product(count, width),
        CheckedArithmetic.product(bytes, max(shape.rowCount, 1)) != nil
      else { return nil }
      return StreamLayout(kind: kind, span: span, unitByteCount: bytes, elementByteCount: width)
    }
    let scales = stream(.scales, groups, width: scaleType.byteWidth)
    let halfColumns = CheckedArithmetic.ceilingDivision(columns, 2)
    var all: [StreamLayout?]
    switch kind {
    case .verbatim: all = [stream(.values, columns, width: dtype.byteWidth)]
    case .int8: all = [stream(.codes, columns, width: 1), scales]
    case .int4Symmetric, .int4NonLinear: all = [stream(.codes, halfColumns, width: 1), scales]
    case .int4Asymmetric:
      let zeroPoints = stream(.zeroPoints, CheckedArithmetic.ceilingDivision(groups, 2), width: 1)
      all = [stream(.codes, halfColumns, width: 1), scales, zeroPoints]
    }
    if hasColumnScales {
      all.append(stream(.columnScales, columns, width: DType.bf16.byteWidth, span: .tensor))
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
      // The layouts are proven for all rows.
      guard let sum = CheckedArithmetic.sum(total, stream.byteCount(rows: shape.rowCount)) else { return nil }
      total = sum
    }
    return total
  }
}
