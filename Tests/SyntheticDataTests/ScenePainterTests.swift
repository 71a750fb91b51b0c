import SyntheticData
import Testing

@Suite struct ScenePainterTests {
  /// Red, green and blue at thousandths of the side.
  private func pixel(_ samples: [UInt8], side: Int, x: Int, y: Int) -> [UInt8] {
    let offset = 3 * (y * side / 1000 * side + x * side / 1000)
    return Array(samples[offset..<(offset + 3)])
  }

  private func scene(_ objects: [SceneObject]) -> Scene { Scene(backdrop: .plain(.gray), objects: objects) }

  @Test(arguments: [64, 100, 256, 1024], SceneColor.allCases)
  func objectsHaveTheirColorAtTheirPlace(side: Int, color: SceneColor) {
    let shapes: [SceneShape] = [.circle, .square, .triangle, .star, .cross, .diamond, .heart]
    let objects = shapes.enumerated().map { index, shape in
      SceneObject(shape: shape, color: color, size: .small, x: 180 + index % 3 * 320, y: 180 + index / 3 * 320)
    }
    let samples = ScenePainter(side: side).samples(of: scene(objects))
    #expect(samples.count == 3 * side * side)
    for object in objects {
      #expect(pixel(samples, side: side, x: object.x, y: object.y) == color.samples, "\(object.shape)")
    }
    #expect(pixel(samples, side: side, x: 340, y: 340) == SceneBackground.gray.samples)
  }

  @Test func aRingIsHollow() {
    let ring = SceneObject(shape: .ring, color: .red, size: .large, x: 500, y: 500)
    let samples = ScenePainter(side: 256).samples(of: scene([ring]))
    #expect(pixel(samples, side: 256, x: 500, y: 500) == SceneBackground.gray.samples)
    #expect(pixel(samples, side: 256, x: 500 - 104, y: 500) == SceneColor.red.samples)
    #expect(pixel(samples, side: 256, x: 500, y: 500 + 104) == SceneColor.red.samples)
  }

  /// The share of pixels of the plain colour tells a surface from the others.
  @Test(arguments: SceneSize.allCases)
  func surfacesDiffer(size: SceneSize) {
    let shares = SceneTexture.allCases.map { texture in
      let square = SceneObject(shape: .square, color: .blue, size: size, texture: texture, x: 500, y: 500)
      let samples = ScenePainter(side: 256).samples(of: scene([square]))
      let plain = stride(from: 0, to: samples.count, by: 3).count {
        Array(samples[$0..<($0 + 3)]) == SceneColor.blue.samples
      }
      return Double(plain) / Double(size.side * size.side * 256 * 256 / 1_000_000) / 0.7744
    }
    #expect(shares[0] > 0.95)
    #expect((0.4...0.6).contains(shares[1]) && (0.6...0.85).contains(shares[2]), "\(shares)")
  }

  @Test func everythingLooksDifferent() {
    let painter = ScenePainter(side: 64)
    var pictures: [[UInt8]] = []
    for shape in SceneShape.allCases {
      for size in SceneSize.allCases {
        pictures.append(
          painter.samples(of: scene([SceneObject(shape: shape, color: .red, size: size, x: 500, y: 500)])))
      }
    }
    for place in ScenePlace.allCases {
      for time in SceneTime.allCases {
        pictures.append(painter.samples(of: Scene(backdrop: .place(place, time), objects: [])))
      }
    }
    for word in SceneText.words + SceneText.numbers {
      let text = SceneText(characters: word, color: .black, row: 1)
      pictures.append(painter.samples(of: Scene(backdrop: .plain(.pink), objects: [], text: text)))
    }
    #expect(Set(pictures).count == pictures.count)
  }

  @Test(arguments: ScenePlace.allCases)
  func nightIsDark(place: ScenePlace) {
    func brightness(_ time: SceneTime) -> Int {
      let samples = ScenePainter(side: 64).samples(of: Scene(backdrop: .place(place, time), objects: []))
      return samples.reduce(0) { $0 + Int($1) } / samples.count
    }
    #expect(brightness(.night) * 3 < brightness(.day) * 2)
  }

  @Test func lettersAreAFifthHighOnTheirRow() {
    for row in 0..<3 {
      let text = SceneText(characters: "HHH", color: .red, row: row)
      let samples = ScenePainter(side: 250).samples(of: Scene(backdrop: .plain(.gray), objects: [], text: text))
      let rows = (0..<250).filter { y in
        (0..<250).contains { x in
          Array(samples[(3 * (y * 250 + x))..<(3 * (y * 250 + x) + 3)]) == SceneColor.red.samples
        }
      }
      #expect((47...50).contains(rows.count))
      #expect(rows.allSatisfy { $0 * 3 / 250 == row })
    }
  }

  /// The same pixels on every machine and in every version: a changed sum means that sets made before cannot be made
  /// again, and belongs into the list of changes.
  @Test(arguments: [(64, 0x2403_42FC_E26D_D9C2 as UInt64), (256, 0xCC37_43C1_7F34_B10F)])
  func pixelsStayTheSame(side: Int, expected: UInt64) {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for number in 0..<28 {
      for sample in ScenePainter(side: side).samples(of: SceneSampler(seed: 1).picture(number).scene) {
        hash = (hash ^ UInt64(sample)) &* 0x0000_0100_0000_01B3
      }
    }
    #expect(hash == expected, "\(String(hash, radix: 16))")
  }
}
