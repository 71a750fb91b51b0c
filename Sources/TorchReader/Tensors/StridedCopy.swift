import FusionCore

/// Lays elements of a strided view out densely.
enum StridedCopy {
  /// Copies part of a view.
  ///
  /// - Parameters:
  ///   - source: the storage's bytes from the view's first element on.
  ///   - view: sizes and strides.
  ///   - range: bytes of the dense tensor that are wanted; any, element borders or not.
  ///   - target: gets them; as long as `range`.
  static func copy(
    from source: UnsafeRawBufferPointer, _ view: TorchView, range: Range<Int>, to target: UnsafeMutableRawBufferPointer
  ) {
    precondition(target.count == range.count, "room of \(target.count) bytes for \(range.count)")
    let width = view.dtype.byteWidth
    guard !range.isEmpty, let from = source.baseAddress, let to = target.baseAddress else { return }
    let first = range.lowerBound / width
    let last = (range.upperBound - 1) / width
    if range.lowerBound % width != 0 || range.upperBound % width != 0 {
      // A caller that divides elements is rare: whole ones are copied aside.
      let whole = UnsafeMutableRawBufferPointer.allocate(byteCount: (last - first + 1) * width, alignment: 8)
      defer { whole.deallocate() }
      copy(from: source, view, range: (first * width)..<((last + 1) * width), to: whole)
      let start = range.lowerBound - first * width
      target.copyMemory(from: UnsafeRawBufferPointer(rebasing: whole[start..<(start + range.count)]))
      return
    }
    switch width {
    case 1: copy(UInt8.self, from, view, first...last, to)
    case 2: copy(UInt16.self, from, view, first...last, to)
    case 4: copy(UInt32.self, from, view, first...last, to)
    default: copy(UInt64.self, from, view, first...last, to)
    }
  }

  private static func copy<Element: FixedWidthInteger>(
    _ type: Element.Type, _ source: UnsafeRawPointer, _ view: TorchView, _ elements: ClosedRange<Int>,
    _ target: UnsafeMutableRawPointer
  ) {
    let width = MemoryLayout<Element>.size
    let sizes = view.shape.dimensions
    let innerSize = sizes.last ?? 1
    let innerStride = (view.strides.last ?? 1) * width
    var position = elements.lowerBound
    var output = target
    while position <= elements.upperBound {
      // Where the run of the last dimension starts that this element is in.
      var rest = position / innerSize
      var offset = 0
      for dimension in stride(from: sizes.count - 2, through: 0, by: -1) {
        offset += rest % sizes[dimension] * view.strides[dimension]
        rest /= sizes[dimension]
      }
      let start = position % innerSize
      let count = min(innerSize - start, elements.upperBound - position + 1)
      var input = source + (offset * width + start * innerStride)
      for _ in 0..<count {
        output.storeBytes(of: input.loadUnaligned(as: Element.self), as: Element.self)
        output += width
        input += innerStride
      }
      position += count
    }
  }
}
