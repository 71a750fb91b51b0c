import ConversionPipeline
import Foundation
import FusionCore
import NumericKernels
import TestSupport
import Testing

/// That an interrupted conversion, gone on with, gives the bytes of one that was not interrupted.
@Suite struct ResumeTests {
  /// Statistics with second moments, of few samples.
  private func statistics(_ conversion: ResumedConversion) throws -> String {
    let path = conversion.folder.file("inputs")
    try Calibration.collect(conversion.source, .generated, to: path) {
      $0.sampleLimit = 2
      $0.isFull = true
    }
    return path
  }

  @Test(arguments: ["int4", "keep"], [1, 2])
  func everyMomentGoesOn(scheme: String, threads: Int) throws {
    var conversion = try ResumedConversion(try Pipeline.recipe(scheme))
    conversion.threads = threads
    let expected = try conversion.expected()
    let all = try conversion.remains(count: 12)
    #expect(all.count >= 10)
    var taken: Set<Int> = []
    for remains in all {
      let (report, bytes) = try conversion.finish(remains)
      #expect(bytes == expected, "after \(remains.lines.count) lines")
      #expect(report.resumption?.tensorCount == remains.lines.count - 1)
      #expect(report.verification.tensorCount == report.plan.reduce(0) { $0 + $1.tensorCount })
      #expect(try conversion.folder.names() == ["expected.fusion", "model.fusion"])
      taken.insert(report.resumption?.tensorCount ?? -1)
    }
    #expect(taken.count >= 8, "\(taken.sorted())")
  }

  @Test func errorFeedbackGoesOn() throws {
    var conversion = try ResumedConversion(
      QuantizationRecipe(scheme: try WeightScheme(parsing: "int4"), method: .gptq))
    conversion.statistics = try statistics(conversion)
    let expected = try conversion.expected()
    for (index, remains) in try conversion.remains(count: 6).enumerated() {
      conversion.threads = 1 + index % 2
      let (report, bytes) = try conversion.finish(remains)
      #expect(bytes == expected, "after \(remains.lines.count) lines")
      #expect(report.resumption?.tensorCount == remains.lines.count - 1)
    }
  }

  /// Tensors of several chunks, uncompressed so that there is padding, without reading back.
  @Test(arguments: [true, false])
  func largeTensorsGoOn(verifies: Bool) throws {
    var conversion = try ResumedConversion(try Pipeline.recipe("int8-g64", compresses: false))
    _ = try CheckpointSynthesizer(
      preset: try SynthesisPreset.named("tiny-fusion-x-8b"), dtype: .bf16, seed: 3, shardByteCount: 3_000_000,
      execution: try Pipeline.execution()
    ).write(to: conversion.folder.file("source"), replacing: false)
    conversion.source = conversion.folder.file("source")
    conversion.verifies = verifies
    let expected = try conversion.expected()
    for remains in try conversion.remains(count: 8) {
      let (report, bytes) = try conversion.finish(remains)
      #expect(bytes == expected, "after \(remains.lines.count) lines")
      #expect(report.verification.performed == verifies)
    }
  }

  /// The report says of the tensors what it would have said.
  @Test func theReportIsThatOfOneConversion() throws {
    let conversion = try ResumedConversion(try Pipeline.recipe("int4"))
    let whole = try conversion.run(resumes: false, replacing: true)
    let started = try conversion.run(to: conversion.folder.file("other.fusion"))
    #expect(whole.resumption == nil && started.resumption?.tensorCount == 0 && started.resumption?.byteCount == 0)
    try FileManager.default.removeItem(atPath: conversion.output)
    let last = try #require(try conversion.remains(count: 10).last)
    let report = try conversion.finish(last).report
    #expect(report.sqnrDecibels == whole.sqnrDecibels)
    #expect(report.verification.clippedShare == whole.verification.clippedShare)
    #expect(report.verification.chunkCount == whole.verification.chunkCount)
    #expect(report.outputBytes == whole.outputBytes && report.notices == whole.notices)
    #expect(report.plan.map(\.storedByteCount) == whole.plan.map(\.storedByteCount))
    #expect(report.plan.map(\.sqnrDecibels) == whole.plan.map(\.sqnrDecibels))
    #expect((report.resumption?.byteCount ?? 0) > 0)
  }

  /// The journal ends anywhere: between lines, in the middle of one, in the first.
  @Test func everyCutOfTheJournalGoesOn() throws {
    let conversion = try ResumedConversion(try Pipeline.recipe("int4"))
    let expected = try conversion.expected()
    let last = try #require(try conversion.remains(count: 10).last)
    let lines = last.lines
    #expect(lines.count > 20)
    var generator = SplitMix64(seed: 7)
    for count in stride(from: 1, to: lines.count, by: lines.count / 5) {
      let start = lines[..<count].reduce(0) { $0 + $1.count }
      let middle = start + Int.random(in: 1..<lines[count].count, using: &generator)
      for end in [start, start + 1, middle, start + lines[count].count - 1] {
        let (report, bytes) = try conversion.finish(last.with(journal: last.journal[..<end]))
        #expect(bytes == expected && report.resumption?.tensorCount == count - 1, "cut at \(end)")
      }
    }
  }

  /// What lies behind the last complete tensor does not matter.
  @Test func theRestOfThePartialFileIsWrittenAnew() throws {
    let conversion = try ResumedConversion(try Pipeline.recipe("int4"))
    let expected = try conversion.expected()
    let last = try #require(try conversion.remains(count: 10).last)
    let half = last.with(lines: Array(last.lines[..<(last.lines.count / 2)]))
    let garbage = Data(repeating: 0xA5, count: 3_000_000)
    let noise = ResumedConversion.Remains(partial: half.partial + garbage, journal: half.journal)
    #expect(try conversion.finish(noise).bytes == expected)
    // Longer than the whole output will be.
    #expect(expected.count < half.partial.count + garbage.count)
  }

  /// Ends of lines that were not synced whole: of the last line its end alone, or something else.
  @Test func aTornLastLineIsCutOff() throws {
    let conversion = try ResumedConversion(try Pipeline.recipe("int4"))
    let expected = try conversion.expected()
    let remains = try #require(try conversion.remains(count: 2).first)
    let lines = remains.lines
    var torn = try #require(lines.last)
    torn.replaceSubrange(0..<(torn.count / 2), with: Data(count: torn.count / 2))
    for tail in [torn, Data("hello\n".utf8), Data("{}".utf8), Data(count: 5), Data([0xFF, 0x0A])] {
      let (report, bytes) = try conversion.finish(remains.with(lines: lines.dropLast() + [tail]))
      #expect(bytes == expected && report.resumption?.tensorCount == lines.count - 2)
    }
  }

  @Test func severalInterruptionsGiveTheSameBytes() throws {
    let conversion = try ResumedConversion(try Pipeline.recipe("int4"))
    let expected = try conversion.expected()
    try conversion.place(try #require(try conversion.remains(count: 4).first))
    // Each attempt goes a little further, and is replaced by what was on the disk at its middle.
    for _ in 0..<3 {
      let moment = Protected<ResumedConversion.Remains?>(nil)
      let (partial, journal) = (conversion.partial, conversion.journal)
      let steps = Protected(0)
      let before = try Pipeline.bytes(journal)
      try conversion.run { update in
        guard update.step == "converting",
          steps.withLock({
            $0 += 1; return $0
          }) == 20,
          let bytes = try? Pipeline.bytes(partial), let lines = try? Pipeline.bytes(journal)
        else { return }
        moment.withLock { $0 = ResumedConversion.Remains(partial: bytes, journal: lines) }
      }
      #expect(try Pipeline.bytes(conversion.output) == expected)
      let remains = try #require(moment.withLock { $0 })
      #expect(remains.journal.count > before.count && remains.journal.starts(with: before))
      try conversion.place(remains)
    }
    try conversion.run()
    #expect(try Pipeline.bytes(conversion.output) == expected)
  }

  /// A conversion begun with some kernels is gone on with by others.
  @Test func kernelsDoNotMatter() throws {
    var conversion = try ResumedConversion(
      QuantizationRecipe(scheme: try WeightScheme(parsing: "int4"), method: .gptq))
    conversion.statistics = try statistics(conversion)
    let expected = try conversion.expected()
    conversion.level = .portable
    let remains = try #require(try conversion.remains(count: 2).first)
    conversion.level = nil
    #expect(try conversion.finish(remains).bytes == expected)
  }

  @Test func whatIsWorthlessIsTakenAway() throws {
    let conversion = try ResumedConversion(try Pipeline.recipe("int4"))
    try CheckpointCopies.make(of: "fusion-phi-tiny", as: "F32", at: conversion.folder.file("broken")) { tensors in
      for name in tensors.keys where tensors[name]?.shape.count == 2 {
        tensors[name]?.bytes.replaceSubrange(0..<4, with: [0, 0, 0x80, 0x7F])
      }
    }
    var broken = conversion
    broken.source = conversion.folder.file("broken")
    #expect(Pipeline.refusal { try broken.run() } != nil)
    #expect(try conversion.folder.names() == ["broken"])
  }
}
