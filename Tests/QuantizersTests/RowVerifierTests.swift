import FusionCore
import NumericKernels
import Quantizers
import TestSupport
import Testing

@Suite struct RowVerifierTests {
  private func error(_ body: () throws -> Void) -> FusionError? {
    #expect(throws: FusionError.self) { try body() }
  }

  @Test(arguments: Encodings.all + Encodings.columnScaled)
  func acceptsWhatTheQuantizerWrote(encoding: TensorEncoding) throws {
    for kernels in try Encodings.kernelSets() {
      for distribution in Distribution.allCases {
        for columns in [1, 2, 31, 33, 140] {
          let sample = try VerifierSample(kernels, encoding, columns: columns, distribution)
          try sample.validate()
          try sample.verify()
        }
      }
      let wide = try VerifierSample(kernels, encoding, rows: 1, columns: 4304, .mixed)
      try wide.validate()
      try wide.verify()
    }
  }

  @Test(arguments: Encodings.all)
  func reportsTheStatisticsOfTheQuantizer(encoding: TensorEncoding) throws {
    for kernels in try Encodings.kernelSets() {
      let values = Distribution.oneOutlier.values(3 * 47, as: .bf16, seed: 31)
      let statistics = try Encodings.encode(values, type: .bf16, columns: 47, encoding: encoding, kernels).statistics
      let found = try VerifierSample(kernels, encoding, .oneOutlier).verify()
      #expect(found.difference.signalEnergy == statistics.difference.signalEnergy)
      #expect(found.difference.errorEnergy == statistics.difference.errorEnergy)
      #expect(found.difference.maximumError == statistics.difference.maximumError)
    }
  }

  @Test func countsClippedValues() throws {
    for kernels in try Encodings.kernelSets() {
      let encoding = try #require(TensorEncoding(kind: .int4Symmetric, groupSize: 16))
      var sample = try VerifierSample(kernels, encoding, rows: 1, columns: 4, .zeros)
      // Codes 7, -8, 0, 1 at scale 1 for a source of 9, -9, 0, 1.
      sample.streams = [[0x87, 0x10], [0x80, 0x3F]]
      #expect(try sample.verify(against: DType.bf16.bytes(of: [9, -9, 0, 1])).clippedCount == 2)
      #expect(try sample.verify(against: DType.bf16.bytes(of: [7, -8, 0.5, 1.5])).clippedCount == 0)
      let far = error { try sample.verify(against: DType.bf16.bytes(of: [9, -9, 0.515625, 1])) }
      #expect(far?.code == .outsideOfBound)
      #expect(far?.found == "1 of 4 weights further away")
    }
  }

  @Test(arguments: Encodings.all)
  func rejectsACodeThatIsOneOff(encoding: TensorEncoding) throws {
    let groupSize = encoding.groupSize == 0 ? 47 : encoding.groupSize
    for kernels in try Encodings.kernelSets() {
      let whole = try VerifierSample(kernels, encoding)
      for column in [0, 20, 46] {
        var sample = whole
        sample.moveCode(column: column)
        try sample.validate()
        let found = error { try sample.verify() }
        #expect(found?.code == .outsideOfBound)
        #expect(found?.place == "row 1, group \(column / groupSize)")
        #expect(found?.expected?.hasPrefix("every weight within 0.5001 steps of ") == true)
        let inGroup = min(groupSize, 47 - column / groupSize * groupSize)
        #expect(found?.found == "1 of \(inGroup) weights further away")
      }
    }
  }

  @Test(arguments: Encodings.all)
  func rejectsAnotherScale(encoding: TensorEncoding) throws {
    for kernels in try Encodings.kernelSets() {
      for factor in [Float(0.5), 2, 1.25] {
        var sample = try VerifierSample(kernels, encoding)
        let last = sample.streams[1].count / encoding.scaleType.byteWidth - 1
        sample.setScale(last, sample.scale(last) * factor)
        try sample.validate()
        let found = error { try sample.verify() }
        #expect(found?.code == .outsideOfBound, "scale times \(factor)")
        #expect(found?.place == "row 2, group \(encoding.groupCount(columns: 47) - 1)")
      }
    }
  }

  @Test(arguments: Encodings.all.filter { $0.kind == .int4Asymmetric })
  func rejectsAnotherZeroPoint(encoding: TensorEncoding) throws {
    for kernels in try Encodings.kernelSets() {
      var sample = try VerifierSample(kernels, encoding)
      sample.streams[2][0] ^= 1
      try sample.validate()
      let found = error { try sample.verify() }
      #expect(found?.code == .outsideOfBound)
      #expect(found?.place == "row 0, group 0")
    }
  }

  @Test(arguments: Encodings.all)
  func rejectsAnotherSource(encoding: TensorEncoding) throws {
    for kernels in try Encodings.kernelSets() {
      let sample = try VerifierSample(kernels, encoding)
      let other = DType.bf16.bytes(of: Distribution.gaussian.values(3 * 47, as: .bf16, seed: 32))
      #expect(error { try sample.verify(against: other) }?.code == .outsideOfBound)
      // Two rows that changed places.
      let swapped = Array(sample.source[94..<188]) + sample.source[0..<94] + sample.source[188...]
      #expect(error { try sample.verify(against: swapped) }?.place == "row 0, group 0")
    }
  }

  @Test(arguments: Encodings.all)
  func aNaNInTheSourceBreaksTheBound(encoding: TensorEncoding) throws {
    for kernels in try Encodings.kernelSets() {
      let sample = try VerifierSample(kernels, encoding)
      var source = sample.source
      (source[94], source[95]) = (0xC0, 0x7F)
      let found = error { try sample.verify(against: source) }
      #expect(found?.code == .outsideOfBound)
      #expect(found?.place == "row 1, group 0")
    }
  }

  @Test(
    arguments: Encodings.all,
    [(Float.nan, "nan"), (0, "0.0"), (-0.0, "-0.0"), (-1, "-1.0"), (.infinity, "inf"), (0x1p-127, "5.877472e-39")])
  func rejectsUnusableScales(encoding: TensorEncoding, scale: (value: Float, text: String)) throws {
    for kernels in try Encodings.kernelSets() {
      var sample = try VerifierSample(kernels, encoding)
      sample.setScale(encoding.groupCount(columns: 47), scale.value)
      for found in [error { try sample.validate() }, error { try sample.verify() }] {
        #expect(found?.code == .badScale)
        #expect(found?.place == "row 1, group 0")
        #expect(found?.expected == "a positive normal number")
        #expect(found?.found == scale.text)
      }
    }
  }

  @Test(arguments: Encodings.all.filter { $0.kind == .int8 })
  func rejectsTheUnusedByte(encoding: TensorEncoding) throws {
    for kernels in try Encodings.kernelSets() {
      var sample = try VerifierSample(kernels, encoding)
      sample.streams[0][2 * 47 + 46] = 0x80
      let found = error { try sample.validate() }
      #expect(found?.code == .badCode)
      #expect(found?.place == "row 2, group \(encoding.groupCount(columns: 47) - 1)")
      #expect(found?.expected == "codes -127...127")
      #expect(found?.found == "-128")
    }
  }

  @Test(arguments: Encodings.all.filter { $0.codeBits == 4 }, [1, 47])
  func rejectsPaddingAfterCodes(encoding: TensorEncoding, columns: Int) throws {
    for kernels in try Encodings.kernelSets() {
      var sample = try VerifierSample(kernels, encoding, columns: columns)
      sample.streams[0][2 * ((columns + 1) / 2) - 1] |= 0x50
      let found = error { try sample.validate() }
      #expect(found?.code == .badCode)
      #expect(found?.place == "row 1, group \(encoding.groupCount(columns: columns) - 1)")
      #expect(found?.found == "5")
    }
  }

  @Test func rejectsPaddingAfterZeroPoints() throws {
    let encoding = try #require(TensorEncoding(kind: .int4Asymmetric, groupSize: 16))
    for kernels in try Encodings.kernelSets() {
      // Three groups a row: two bytes of zero points, the last half unused.
      var sample = try VerifierSample(kernels, encoding)
      sample.streams[2][3] |= 0xA0
      let found = error { try sample.validate() }
      #expect(found?.code == .badCode)
      #expect(found?.place == "row 1")
      #expect(found?.expected == "0")
      #expect(found?.found == "10")
      // In rows of four groups the same half byte is a zero point.
      var full = try VerifierSample(kernels, encoding, columns: 64)
      full.streams[2][3] |= 0xA0
      try full.validate()
    }
  }
}
