import Foundation
import FusionCore
import NumericKernels
import Quantizers
import TestSupport
import Testing

@Suite struct StepSearchTests {
  private let columns = 2048
  private let encoding = TensorEncoding.int8ColumnScaledGroup64

  /// Rows whose sizes differ by up to a factor of about eight.
  private func rows(_ distribution: Distribution, _ count: Int) -> [Float] {
    let values = distribution.values(count * columns, as: .f32, seed: 40)
    return values.enumerated().map { $1 * Float(exp2(Double($0 / columns % 7) / 2)) }
  }

  private func search(_ values: [Float], quarters: Int) -> StepSearch {
    StepSearch(rows: values, columns: columns, quarters: quarters, groupSize: encoding.groupSize)
  }

  private func codes(_ values: [Float], _ step: RowStep) throws -> CodeHistogram {
    let coding = RowCoding(
      encoding: encoding, columnScales: [Float](repeating: 1, count: columns), step: step)
    let kernels = try KernelSet.forThisMachine(named: nil)
    let rows = try Encodings.encode(values, type: .f32, columns: columns, coding: coding, kernels).rows
    var histogram = CodeHistogram()
    rows.streams[0].withUnsafeBytes { histogram.add($0.bindMemory(to: Int8.self)) }
    return histogram
  }

  @Test(arguments: [Distribution.gaussian, .laplacian], 0...4)
  func theWantedEntropyIsReached(distribution: Distribution, quarters: Int) throws {
    let values = rows(distribution, 56)
    let search = self.search(values, quarters: quarters)
    for bits in [1.5, 2, 2.5, 3, 4, 4.5] {
      let found = try codes(values, search.step(bits: bits)).entropy
      #expect(abs(found - bits) < 0.02, "\(bits) bits wanted, \(found) found")
    }
  }

  /// Of more weights than are measured, every so many rows count.
  @Test func aPartOfManyRowsIsMeasured() throws {
    let values = rows(.gaussian, 350)
    let step = self.search(values, quarters: 2).step(bits: 3)
    #expect(abs(try codes(values, step).entropy - 3) < 0.05)
  }

  /// Codes of eight bits cannot have eight bits where every group has a largest weight.
  @Test func impossibleEntropiesGiveTheFinestSteps() throws {
    let values = rows(.gaussian, 8)
    let histogram = try codes(values, self.search(values, quarters: 4).step(bits: 8))
    #expect(histogram.entropy > 7 && histogram.entropy < 7.8)
    let groupCount = values.count / encoding.groupSize
    #expect(histogram.counts[0] == 0 && histogram.counts[1] + histogram.counts[255] >= groupCount, "a peak in each")
    let coarse = try codes(values, self.search(values, quarters: 4).step(bits: 0))
    #expect(coarse.entropy < 0.1)
  }

  @Test(arguments: 0...4) func rowsOfZerosChangeNothing(quarters: Int) throws {
    let values = rows(.laplacian, 14)
    let zeros = [Float](repeating: 0, count: 3 * columns)
    let plain = self.search(values, quarters: quarters).step(bits: 3)
    #expect(self.search(zeros + values, quarters: quarters).step(bits: 3) == plain)
    let nothing = self.search(zeros, quarters: quarters).step(bits: 3)
    #expect(nothing.factor > 0 && nothing.factor.isFinite)
    #expect(try codes(zeros, nothing).entropy == 0)
    let search = self.search(zeros, quarters: quarters)
    #expect(search.neededColumnScales(nothing).allSatisfy { $0 == 1 })
  }

  @Test func columnsThatCodesDoNotReachAreWidened() throws {
    var values = rows(.gaussian, 14)
    for row in 0..<14 { values[row * columns + 5] *= 100 }
    let search = self.search(values, quarters: 2)
    let step = search.step(bits: 3)
    let needed = search.neededColumnScales(step)
    #expect(needed[5] > 1.5 && needed.enumerated().allSatisfy { $0 == 5 || $1 == 1 })
    let widened = values.enumerated().map { $1 / needed[$0 % columns] }
    let after = self.search(widened, quarters: 0).neededColumnScales(
      RowStep(factor: step.factor, quarters: 0))
    #expect(after.count == columns)
    // The steps of the rows themselves change little: one column of many.
    let again = self.search(widened, quarters: 2).neededColumnScales(step)
    #expect(again[5] < 1.6 * needed[5])
  }
}
