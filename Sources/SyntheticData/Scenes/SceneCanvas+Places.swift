extension SceneCanvas {
  /// Draws a place.
  ///
  /// - Parameter variant: shifts the horizon and what stands on it; any number.
  mutating func draw(_ place: ScenePlace, _ time: SceneTime, variant: Int) {
    let horizon = 400 + variant % 8 * 15
    let shift = variant % 5 * 30
    if place == .room {
      drawRoom(time, floor: horizon + 260)
      return
    }
    let sky: (top: [UInt8], bottom: [UInt8]) =
      (time == .day ? [90, 170, 240] : [8, 10, 40], haze(time))
    fillRows(0..<(horizon + 4), from: sky.top, to: sky.bottom)
    drawLight(time)
    switch place {
    case .beach:
      fillRows(horizon..<(horizon + 204), from: lit([20, 90, 170], time), to: lit([60, 170, 200], time))
      fillRows((horizon + 200)..<1000, from: lit([245, 220, 150], time), to: lit([230, 195, 120], time))
    case .meadow:
      fillRows(horizon..<1000, from: lit([130, 200, 80], time), to: lit([60, 160, 50], time))
      for flower in 0..<14 {
        let x = (flower * 277 + shift) % 940 + 30
        let y = horizon + 60 + (flower * 173 + shift) % (900 - horizon)
        fillDisc(x: x, y: y, radius: 13, lit(flower % 2 == 0 ? [255, 240, 120] : [250, 160, 200], time))
      }
    case .snow:
      fillRows(horizon..<1000, from: lit([215, 230, 245], time), to: lit([250, 252, 255], time))
      for flake in 0..<24 {
        fillDisc(x: flake * 397 % 1000, y: flake * 241 % 980, radius: 9, lit([255, 255, 255], time))
      }
    case .road: drawRoad(time, horizon: horizon, shift: shift)
    case .city: drawCity(time, horizon: horizon, shift: shift)
    case .forest: drawForest(time, horizon: horizon, shift: shift)
    case .mountain, .room: drawMountain(time, horizon: horizon, shift: shift)
    }
  }

  /// A colour in the light of the time of day: the night takes most of it, and least of the blue.
  private func lit(_ samples: [UInt8], _ time: SceneTime) -> [UInt8] {
    guard time == .night else { return samples }
    return [UInt8(Int(samples[0]) * 45 / 100), UInt8(Int(samples[1]) * 48 / 100), UInt8(Int(samples[2]) * 60 / 100)]
  }

  /// The sky where it meets the ground.
  private func haze(_ time: SceneTime) -> [UInt8] { time == .day ? [190, 225, 250] : [35, 40, 90] }

  /// The sun, or a crescent moon with stars.
  private mutating func drawLight(_ time: SceneTime) {
    guard time == .night else { return fillDisc(x: 870, y: 130, radius: 85, [255, 245, 170]) }
    for star in 0..<16 { fillDisc(x: star * 377 % 1000, y: star * 113 % 330 + 15, radius: 7, [240, 240, 255]) }
    fillDisc(x: 870, y: 130, radius: 85, without: (x: 825, y: 105, radius: 78), [245, 245, 220])
  }

  private mutating func drawRoad(_ time: SceneTime, horizon: Int, shift: Int) {
    fillRows(horizon..<1000, from: lit([150, 180, 90], time), to: lit([120, 150, 70], time))
    let end = 440 + shift
    fillPolygon([(end - 30, horizon), (end + 30, horizon), (900, 1000), (100, 1000)], lit([90, 90, 95], time))
    let height = 1000 - horizon
    for dash in 0..<4 {
      // Nearer dashes are longer and wider, and all lie on the line from the end of the road to the middle below.
      let top = horizon + height * (dash * dash * 4 + 8) / 80
      let bottom = min(top + 25 + 45 * dash, 1000)
      let upper = end + (500 - end) * (top - horizon) / height
      let lower = end + (500 - end) * (bottom - horizon) / height
      let width = 5 + 6 * dash
      fillPolygon(
        [(upper - width, top), (upper + width, top), (lower + width + 4, bottom), (lower - width - 4, bottom)],
        lit([250, 250, 240], time))
    }
  }

  private mutating func drawCity(_ time: SceneTime, horizon: Int, shift: Int) {
    let ground = horizon + 380
    fillRows((horizon + 2)..<ground, from: haze(time), to: haze(time))
    fillRows(ground..<1000, from: lit([110, 110, 115], time), to: lit([80, 80, 85], time))
    let walls: [[UInt8]] = [[170, 120, 100], [140, 140, 155], [190, 170, 140], [120, 110, 130], [160, 150, 150]]
    for house in 0..<5 {
      let left = house * 200
      let top = horizon - 180 + (house * 137 + 3 * shift) % 260
      fillRectangle(left..<(left + 190), top..<ground, lit(walls[(house + shift / 30) % walls.count], time))
      for y in stride(from: top + 35, to: ground - 70, by: 95) {
        for x in [left + 35, left + 110] {
          fillRectangle(x..<(x + 45), y..<(y + 50), time == .day ? [215, 235, 250] : [255, 225, 120])
        }
      }
    }
  }

  private mutating func drawForest(_ time: SceneTime, horizon: Int, shift: Int) {
    fillRows(horizon..<1000, from: lit([70, 120, 50], time), to: lit([50, 90, 40], time))
    for tree in 0..<9 {
      let x = (tree * 127 + shift) % 1000
      let foot = horizon + 130 + tree * 173 % 330
      fillRectangle((x - 18)..<(x + 18), (foot - 90)..<foot, lit([100, 65, 35], time))
      for level in 0..<3 {
        let bottom = foot - 70 - level * 85
        let half = 120 - level * 22
        fillPolygon(
          [(x, bottom - 190), (x + half, bottom), (x - half, bottom)], lit([15, 90 + UInt8(level) * 14, 45], time))
      }
    }
  }

  private mutating func drawMountain(_ time: SceneTime, horizon: Int, shift: Int) {
    let foot = horizon + 330
    fillRows((horizon + 2)..<foot, from: haze(time), to: haze(time))
    for (peak, half, height) in [(250 + shift, 330, 560), (700 - shift, 400, 480)] {
      fillPolygon([(peak, foot - height), (peak + half, foot), (peak - half, foot)], lit([125, 120, 125], time))
      let cap = half * 30 / 100
      let capFoot = foot - height * 70 / 100
      fillPolygon(
        [
          (peak, foot - height), (peak + cap, capFoot), (peak + cap / 3, capFoot - 30), (peak, capFoot + 25),
          (peak - cap / 3, capFoot - 30), (peak - cap, capFoot),
        ], lit([250, 250, 255], time))
    }
    fillRows(foot..<1000, from: lit([90, 150, 70], time), to: lit([70, 120, 55], time))
  }

  /// A wall with a window, through which the time of day is seen, and a wooden floor.
  private mutating func drawRoom(_ time: SceneTime, floor: Int) {
    fillRows(0..<(floor + 4), from: lit([240, 225, 195], time), to: lit([230, 210, 175], time))
    fillRows(floor..<1000, from: lit([165, 110, 65], time), to: lit([140, 90, 50], time))
    for board in 0..<6 {
      let top = 160 * board + 100
      fillPolygon(
        [(top - 4, floor), (top + 4, floor), (2 * top - 490, 1000), (2 * top - 510, 1000)], lit([110, 70, 40], time))
    }
    fillRectangle(0..<1000, (floor - 18)..<floor, lit([250, 245, 235], time))
    fillRectangle(690..<980, 20..<330, lit([120, 75, 40], time))
    fillRectangle(710..<960, 40..<310, time == .day ? [135, 200, 250] : [12, 14, 50])
    if time == .day {
      fillDisc(x: 870, y: 130, radius: 55, [255, 245, 170])
    } else {
      for star in 0..<6 { fillDisc(x: 725 + star * 97 % 220, y: 55 + star * 67 % 240, radius: 7, [240, 240, 255]) }
      fillDisc(x: 870, y: 130, radius: 55, without: (x: 840, y: 114, radius: 50), [245, 245, 220])
    }
    fillRectangle(828..<842, 40..<310, lit([120, 75, 40], time))
    fillRectangle(710..<960, 168..<182, lit([120, 75, 40], time))
  }
}
