extension UInt8 {
  /// Every byte, in order.
  static var allValues: ClosedRange<UInt8> { .min ... .max }

  /// The name of the byte as a vocabulary entry: `<0x0A>`.
  var pieceName: [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    return [0x3C, 0x30, 0x78, digits[Int(self >> 4)], digits[Int(self & 15)], 0x3E]
  }
}
