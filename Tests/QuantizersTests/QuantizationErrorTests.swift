import Foundation
import FusionCore
import NumericKernels
import Quantizers
import TestSupport
import Testing

/// How good the codes are: hardly worse than plain rounding, and as good as the schemes promise.
@Suite struct QuantizationErrorTests {
  private func squaredError(_ values: [Float], _ decoded: [Float]) -> Double {
    zip(values, decoded).reduce(0) { $0 + pow(Double($1.0) - Double($1.1), 2) }
  }

  /// Rounding to nearest with the scale that just covers the group, stored in the same type.
  private func plainlyRounded(_ values: [Float], _ encoding: TensorEncoding) -> [Float] {
    if encoding.kind == .int4NonLinear { return plainlyRoundedToGrid(values, encoding) }
    let asymmetric = encoding.kind == .int4Asymmetric
    let codes: ClosedRange<Float> =
      switch encoding.kind {
      case .int8: -127...127
      case .int4Symmetric: -8...7
      default: 0...15
      }
    let low = asymmetric ? min(values.min() ?? 0, 0) : 0
    let high = asymmetric ? max(values.max() ?? 0, 0) : values.map(abs).max() ?? 0
    guard high > low else { return values.map { _ in 0 } }
    let exact = max((high - low) / codes.upperBound, .leastNormalMagnitude)
    let scale = encoding.groupSize == 0 ? exact : DType.bf16.nearest(to: exact)
    let zeroPoint = asymmetric ? min(max((-low / scale).rounded(.toNearestOrEven), 0), 15) : 0
    return values.map { value in
      let code = (value / scale).rounded(.toNearestOrEven) + zeroPoint
      return scale * (min(max(code, codes.lowerBound), codes.upperBound) - zeroPoint)
    }
  }

  private func plainlyRoundedToGrid(_ values: [Float], _ encoding: TensorEncoding) -> [Float] {
    let entries = WeightGrid.entries.map(Float.init)
    let exact = max(values.map { $0 / entries[$0 < 0 ? 0 : 15] }.max() ?? 0, .leastNormalMagnitude)
    let scale = encoding.groupSize == 0 ? exact : DType.bf16.nearest(to: exact)
    return values.map { value in
      scale * (entries.min { abs(value / scale - $0) < abs(value / scale - $1) } ?? 0)
    }
  }

  /// Scales of codes of four bits are rounded more, unless that makes the squared error 8/7 of what it might be. The
  /// search adds up errors in float32 and compares in steps, hence the small allowance.
  @Test(arguments: Encodings.all)
  func theSearchIsHardlyWorseThanPlainRounding(encoding: TensorEncoding) throws {
    let kernels = try KernelSet.forThisMachine(named: nil)
    var better = 0
    var worse: [String: [Double]] = [:]
    for distribution in Distribution.allCases {
      for columns in RowQuantizerTests.narrow + [4304] {
        for type in [DType.bf16, .f32] {
          let values = distribution.values(max(1, 600 / columns) * columns, as: type, seed: 500 + UInt64(columns))
          let rows = try Encodings.encode(values, type: type, columns: columns, encoding: encoding, kernels).rows
          let decoded = Encodings.groups(of: Encodings.decode(rows, kernels), columns: columns, encoding: encoding)
          let groups = Encodings.groups(of: values, columns: columns, encoding: encoding)
          for (group, found) in zip(groups.joined(), decoded.joined()) {
            let error = squaredError(group, found)
            let plain = squaredError(group, plainlyRounded(group, encoding))
            // The rounding of quotient and product, where the codes are exact, is about 2^-23 of a value.
            let allowance = 1e-4 * plain + 1e-13 * squaredError(group, group.map { _ in 0 })
            let share = encoding.codeBits == 4 && encoding.groupSize != 0 ? 8.0 / 7 : 1
            if error > share * plain + allowance { worse["\(distribution) \(type)", default: []].append(error / plain) }
            if error < 0.99 * plain { better += 1 }
          }
        }
      }
    }
    #expect(worse.isEmpty, "\(worse.mapValues { "\($0.count) groups, up to \($0.max() ?? 0) times the error" })")
    #expect(better > 100)
  }

  private func decibels(_ encoding: TensorEncoding, _ distribution: Distribution) throws -> Double {
    let kernels = try KernelSet.forThisMachine(named: nil)
    let values = distribution.values(64 * 4096, as: .f32, seed: 4096)
    let rows = try Encodings.encode(values, type: .f32, columns: 4096, encoding: encoding, kernels).rows
    let signal = values.reduce(0) { $0 + Double($1) * Double($1) }
    let result = 10 * log10(signal / squaredError(values, Encodings.decode(rows, kernels)))
    let name = "\(encoding.name) \(distribution.rawValue)"
    print("\(name.padding(toWidth: 24)) \(String(format: "%6.2f", result)) dB")
    return result
  }

  @Test(arguments: [
    (TensorEncoding.Kind.int8, 0, 40.0), (.int4Asymmetric, 32, 21.5), (.int4Symmetric, 32, 20.8), (.int8, 32, 44.0),
    (.int4Asymmetric, 128, 19.5), (.int4Symmetric, 128, 19.0), (.int4NonLinear, 32, 22.0), (.int4NonLinear, 128, 20.8),
  ])
  func gaussianWeights(kind: TensorEncoding.Kind, groupSize: Int, least: Double) throws {
    let encoding = try #require(TensorEncoding(kind: kind, groupSize: groupSize))
    #expect(try decibels(encoding, .gaussian) >= least)
  }

  /// Entries that are closer to each other where weights are: for the same bits, at least 16 % less squared error than
  /// with even steps.
  @Test(arguments: [32, 64, 128, 0])
  func theGridIsBetterThanEvenSteps(groupSize: Int) throws {
    let kinds = [TensorEncoding.Kind.int4NonLinear, .int4Symmetric]
    for distribution in [Distribution.gaussian, .laplacian] {
      let results = try kinds.map {
        try decibels(try #require(TensorEncoding(kind: $0, groupSize: groupSize)), distribution)
      }
      #expect(results[0] > results[1] + 0.8, "\(distribution)")
    }
  }

  /// Smaller groups are better, and each step of the group size is worth something.
  @Test(arguments: TensorEncoding.Kind.allCases.filter { $0 != .verbatim })
  func smallerGroupsAreBetter(kind: TensorEncoding.Kind) throws {
    let results = try [16, 32, 64, 128, 256, 0].map { size in
      try decibels(try #require(TensorEncoding(kind: kind, groupSize: size)), .laplacian)
    }
    for (finer, coarser) in zip(results, results.dropFirst()) { #expect(finer > coarser + 0.1) }
  }
}
