import TestSupport

/// The golden pixels, of which one case holds all and another some.
struct GoldenPixels {
  let golden: GoldenCase
  let trace: [String: RawSafetensors.Tensor]

  private static let side = 384
  private static let planeCount = 15

  /// Whether a golden tensor of pixels is the same, bit for bit.
  func agrees(_ name: String) throws -> Bool {
    let expected = try golden.tensor(name)
    guard let bytes = trace["pixel_values.u8"], let table = trace["pixel_values.table"] else { return false }
    switch name {
    case "pixel_values.u8": return bytes == expected
    case "pixel_values.table": return table == expected
    case "pixel_values.crop_u8": return pick(160..<224).map { bytes.bytes[$0] } == expected.bytes
    case "pixel_values.sub":
      let values = table.floats
      let picked = pick(stride(from: 0, to: Self.side, by: 6)).map { values[Int(bytes.bytes[$0])].bitPattern }
      return picked == expected.floats.map(\.bitPattern)
    default: throw GoldenError.noTensor(name)
    }
  }

  /// Places of the same lines and columns of every plane.
  private func pick(_ lines: some Sequence<Int>) -> [Int] {
    let lines = Array(lines)
    return (0..<Self.planeCount).flatMap { plane in
      lines.flatMap { y in lines.map { x in (plane * Self.side + y) * Self.side + x } }
    }
  }
}
