import Foundation
import FusionCore
import NumericKernels
import Quantizers
import TestSupport
import Testing

/// `formats/quantization.md` against the code, so that neither changes alone.
@Suite struct SpecificationTests {
  private let text: String

  init() throws { text = try String(contentsOfFile: Fixtures.repository + "/formats/quantization.md", encoding: .utf8) }

  /// Cells of the table whose header starts with some names, without back quotes.
  private func table(_ header: String...) throws -> [[String]] {
    let rows = text.components(separatedBy: "\n").map { line in
      line.hasPrefix("|")
        ? line.dropFirst().dropLast().components(separatedBy: "|").map {
          $0.trimmingCharacters(in: .whitespaces).replacingOccurrences(of: "`", with: "")
        } : []
    }
    let start = try #require(rows.firstIndex { $0.starts(with: header) })
    return Array(rows[(start + 2)...].prefix { !$0.isEmpty })
  }

  private func encoding(_ name: String) throws -> TensorEncoding {
    try #require((Encodings.all + Encodings.columnScaled).first { $0.name == name }, "\(name) is no encoding")
  }

  @Test func searchConstants() throws {
    let rows = try table("kind", "codes", "first")
    #expect(rows.map(\.first) == ["int8", "int4-sym", "int4", "int4-nl"])
    for row in rows {
      for encoding in Encodings.all + Encodings.columnScaled where encoding.kind.rawValue == row[0] {
        let search = ScaleSearch.standard(for: encoding)
        #expect("\(search.codes.lowerBound)...\(search.codes.upperBound)" == row[1])
        #expect(search.firstFactor == Float(row[2]))
        #expect(search.factorStep == Float(row[3]))
        #expect(search.candidateCount == Int(row[4]))
        #expect(search.refinementCount == Int(row[5]))
        #expect(search.fineMantissaBits == (encoding.groupSize == 0 ? 23 : 7))
        #expect(search.scaleMantissaBits == (encoding.groupSize == 0 ? 23 : Int(row[6])))
        // "The factor 1 is always among them."
        let factors = (0..<search.candidateCount).map { search.firstFactor + Float($0) * search.factorStep }
        #expect(factors.contains(1))
      }
    }
  }

  @Test func otherConstants() throws {
    let sizes = try #require(text.firstMatch(of: /Permitted group sizes: ([0-9, ]+)\./))
    #expect(sizes.1.components(separatedBy: ", ").compactMap(Int.init) == TensorEncoding.permittedGroupSizes.sorted())
    let magnitude = try #require(text.firstMatch(of: /magnitude is above ([0-9e]+):/))
    #expect(Float(magnitude.1) == RowQuantizer.absurdMagnitude)
    let bound = try #require(text.firstMatch(of: /decoded\| <= ([0-9.]+) s/))
    #expect(Float(bound.1) == RowVerifier.boundInSteps)
    let damping = try #require(text.firstMatch(of: /Damping\.\* ([0-9]+) %/))
    #expect(Double(damping.1).map { $0 / 100 } == ErrorFeedback.standardDamping)
    let alphas = try #require(text.firstMatch(of: /alpha = 0, 1\/([0-9]+),/))
    #expect(Int(alphas.1) == ActivationScaling.candidateCount)
  }

  @Test func grid() throws {
    let line = try #require(text.firstMatch(of: /grid: ([-0-9 ]+)\n/))
    #expect(line.1.components(separatedBy: " ").map(Int8.init) == WeightGrid.entries)
    let slack = try #require(text.firstMatch(of: /\(\(g\(q \+ 1\) - g\(q\)\) \/ 2 \+ ([0-9.]+)\)/))
    #expect(Float(slack.1) == WeightGrid.slack)
    let example = try #require(text.firstMatch(of: /all codes 0, or ([0-9]+) with `int4-nl`/))
    #expect(Int(example.1).map { WeightGrid.entries[$0] } == 0)
  }

  @Test func bitsPerWeight() throws {
    let rows = try table("kind", "g32", "g64", "g128", "row")
    #expect(rows.map(\.first) == ["int8", "int4-sym", "int4", "int4-nl"])
    for row in rows {
      let kind = try #require(TensorEncoding.Kind(rawValue: row[0]))
      for (groupSize, cell) in zip([32, 64, 128, 0], row.dropFirst()) {
        let encoding = try #require(TensorEncoding(kind: kind, groupSize: groupSize))
        let bytes = try #require(encoding.residentByteCount(shape: .matrix(rows: 10, columns: 4096), dtype: .bf16))
        #expect(String(format: "%.5f", Double(bytes) * 8 / 40960) == cell, "\(encoding.name)")
      }
    }
  }

  @Test func bitsPerWeightWithColumnScales() throws {
    let rows = try table("column-scaled kind", "g32", "g64", "g128", "row")
    #expect(rows.map(\.first) == ["int8-cs", "int4-sym-cs", "int4-cs", "int4-nl-cs"])
    for row in rows {
      for (groupSize, cell) in zip([32, 64, 128, 0], row.dropFirst()) {
        let encoding = try #require(TensorEncoding(label: row[0], groupSize: groupSize))
        let bytes = try #require(encoding.residentByteCount(shape: .matrix(rows: 4096, columns: 4096), dtype: .bf16))
        #expect(String(format: "%.5f", Double(bytes) * 8 / 16_777_216) == cell, "\(encoding.name)")
      }
    }
  }

  private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { String(format: "%02X", $0) }.joined(separator: " ")
  }

  @Test func workedExample() throws {
    let line = try #require(text.firstMatch(of: /weights: (.*)\n/))
    let weights = line.1.components(separatedBy: " ").compactMap(Float.init)
    #expect(weights.count == 8)
    #expect(weights.allSatisfy { DType.bf16.nearest(to: $0) == $0 })
    let rows = try table("encoding", "scale", "zero point")
    #expect(
      rows.map(\.first) == [
        "int8", "int8-g32", "int4-sym", "int4-sym-g32", "int4", "int4-g32", "int4-nl", "int4-nl-g32",
      ])
    for row in rows {
      let encoding = try encoding(row[0])
      let group = ReferenceQuantizer.quantize(
        weights, search: .standard(for: encoding), asymmetric: encoding.kind == .int4Asymmetric)
      let asymmetric = encoding.kind == .int4Asymmetric
      #expect("\(group.scale)" == row[1], "\(encoding.name)")
      #expect((asymmetric ? "\(Int(group.zeroPoint))" : "none") == row[2], "\(encoding.name)")
      #expect(group.codes.map { "\($0)" }.joined(separator: " ") == row[3], "\(encoding.name)")
      for kernels in try Encodings.kernelSets() {
        let streams = try Encodings.encode(weights, type: .bf16, columns: 8, encoding: encoding, kernels).rows.streams
        #expect(streams.map(hex) + (asymmetric ? [] : ["none"]) == Array(row[4...]), "\(encoding.name)")
      }
    }
  }

  /// The numbers after a name in the worked example.
  private func numbers(_ name: String) throws -> [Float] {
    let line = try #require(text.components(separatedBy: "\n").first { $0.hasPrefix("    \(name): ") }, "no \(name)")
    let numbers = line.dropFirst(name.count + 6).components(separatedBy: " ").compactMap(Float.init)
    #expect(numbers.count == 8, "\(name)")
    return numbers
  }

  @Test(arguments: ["column-scaled encoding", "weighted encoding"])
  func workedExampleWithColumnScales(header: String) throws {
    let (weights, scales) = (try numbers("weights"), try numbers("column scales"))
    let quotients = try numbers("quotients")
    #expect(zip(weights, scales).map { $0 / $1 } == quotients)
    let errorWeights = header == "weighted encoding" ? try numbers("error weights") : []
    let scaleBytes = hex(Encodings.stream(columnScales: scales))
    #expect(text.contains("    column scale bytes: \(scaleBytes)\n"))
    let rows = try table(header, "scale", "zero point")
    #expect(rows.count == (errorWeights.isEmpty ? 8 : 4))
    for row in rows {
      let encoding = try encoding(row[0])
      let asymmetric = encoding.kind == .int4Asymmetric
      let group = ReferenceQuantizer.quantize(
        quotients, search: .standard(for: encoding), asymmetric: asymmetric, weights: errorWeights)
      #expect("\(group.scale)" == row[1], "\(encoding.name)")
      #expect((asymmetric ? "\(Int(group.zeroPoint))" : "none") == row[2], "\(encoding.name)")
      #expect(group.codes.map { "\($0)" }.joined(separator: " ") == row[3], "\(encoding.name)")
      let coding = RowCoding(encoding: encoding, columnScales: scales, errorWeights: errorWeights)
      for kernels in try Encodings.kernelSets() {
        let streams = try Encodings.encode(weights, type: .bf16, columns: 8, coding: coding, kernels).rows.streams
        #expect(streams.dropLast().map(hex) + (asymmetric ? [] : ["none"]) == Array(row[4...]), "\(encoding.name)")
        #expect(streams.last.map(hex) == scaleBytes)
      }
    }
  }

  @Test func workedExampleWithSteps() throws {
    let row = try #require(try table("rule", "scale", "codes").first)
    let rule = try #require(row[0].wholeMatch(of: /f = ([0-9.]+), p = ([0-4])/))
    let step = RowStep(factor: try #require(Double(rule.1)), quarters: try #require(Int(rule.2)))
    let coding = RowCoding(encoding: .int8ColumnScaled, columnScales: try numbers("column scales"), step: step)
    for kernels in try Encodings.kernelSets() {
      let streams = try Encodings.encode(
        try numbers("weights"), type: .bf16, columns: 8, coding: coding, kernels
      ).rows.streams
      #expect(streams[0].map { "\(Int8(bitPattern: $0))" }.joined(separator: " ") == row[2])
      #expect(streams.prefix(2).map(hex) == Array(row[3...]))
      let pattern = streams[1].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      #expect("\(Float(bitPattern: pattern))" == row[1])
    }
  }
}
