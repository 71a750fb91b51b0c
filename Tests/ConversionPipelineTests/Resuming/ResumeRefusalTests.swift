import ContainerFormat
import ConversionPipeline
import Foundation
import FusionCore
import MappedFiles
import TestSupport
import Testing

/// What cannot be gone on with is refused by name, and not touched.
@Suite struct ResumeRefusalTests {
  private func interrupted() throws -> (ResumedConversion, ResumedConversion.Remains) {
    let conversion = try ResumedConversion(try Pipeline.recipe("int4"))
    return (conversion, try #require(try conversion.remains(count: 3).last))
  }

  /// Each field of the first line, changed.
  @Test func everyFieldOfTheHeaderCounts() throws {
    let (conversion, remains) = try interrupted()
    let header = String(decoding: remains.lines[0], as: UTF8.self)
    for field in JournalSchema.HeaderField.allCases {
      let mark = "\"\(field.rawValue)\":\""
      #expect(header.contains(mark))
      let changed = Data(header.replacing(mark, with: mark + "x").utf8)
      let error = try conversion.refusal(remains.with(lines: [changed] + remains.lines.dropFirst()))
      let isSchema = field == .schema
      #expect(error?.code == (isSchema ? .resumeJournal : .resumeOtherConversion), "\(field): \(error as Any)")
      #expect(error?.place == (isSchema ? "line 1" : "line 1: \(field.rawValue)"))
      #expect(error?.file == conversion.journal)
      #expect(error?.remedy?.contains("delete \(conversion.partial) and \(conversion.journal)") ?? false)
    }
    // Something else in the line, or not all of it.
    for changed in [
      header.replacing("{\"schema\"", with: "{\"x\":\"\",\"schema\""),
      header.replacing(",\"plan\"", with: " ,\"plan\""),
    ] {
      #expect(try conversion.refusal(remains.with(lines: [Data(changed.utf8)]))?.code == .resumeJournal)
    }
  }

  /// What a person changes, and which fields tell it.
  @Test func otherConversionsAreRefused() throws {
    let (conversion, remains) = try interrupted()
    func expect(_ fields: String, _ change: (inout ResumedConversion) throws -> Void) throws {
      var other = conversion
      try change(&other)
      let error = try other.refusal(remains)
      #expect(error?.code == .resumeOtherConversion && error?.place == "line 1: \(fields)", "\(error as Any)")
    }
    try expect("recipe, plan") { $0.recipe = try Pipeline.recipe("int8") }
    try expect("recipe, plan") { $0.recipe = try Pipeline.recipe("int4", keep: ["vision.*"]) }
    try expect("recipe") { $0.recipe = try Pipeline.recipe("int4", compresses: false) }
    try expect("program") { $0.producer = "test 2" }
    try expect("statistics, statisticsByteCount, statisticsData, statisticsModel") {
      $0.statistics = $0.folder.file("inputs")
      try Calibration.collect($0.source, .generated, to: $0.folder.file("inputs")) { $0.sampleLimit = 1 }
    }
    try expect("source, plan") {
      try CheckpointCopies.make(of: "fusion-phi-tiny", as: "F32", at: $0.folder.file("float32"))
      $0.source = $0.folder.file("float32")
    }
    // In place, as a download that is repeated would.
    var copied = conversion
    try FileManager.default.copyItem(atPath: conversion.source, toPath: conversion.folder.file("copy"))
    copied.source = conversion.folder.file("copy")
    #expect(try copied.finish(remains).report.resumption?.tensorCount == remains.lines.count - 1)
    try FileManager.default.removeItem(atPath: copied.output)
    let settings = try #require(FileHandle(forUpdatingAtPath: copied.source + "/tokenizer_config.json"))
    try settings.seekToEnd()
    try settings.write(contentsOf: Data(" ".utf8))
    try expect("source, sideFiles") { $0.source = copied.source }
    let weights = try #require(FileHandle(forUpdatingAtPath: copied.source + "/model-00004-of-00004.safetensors"))
    try weights.seek(toOffset: 500_000)
    try weights.write(contentsOf: Data([1]))
    try expect("source, sideFiles") { $0.source = copied.source }
  }

  /// Changes between the samples of a large file are seen in the tensors that were converted.
  @Test func aSourceThatChangedBetweenTheSamplesIsSeen() throws {
    var conversion = try ResumedConversion(try Pipeline.recipe("keep"))
    conversion.source = conversion.folder.file("source")
    _ = try CheckpointSynthesizer(
      preset: try SynthesisPreset.named("tiny-fusion-x-8b"), dtype: .f32, seed: 3, shardByteCount: 1 << 30,
      execution: try Pipeline.execution()
    ).write(to: conversion.source, replacing: false)
    let remains = try #require(try conversion.remains(count: 3).last)
    let path = conversion.source + "/model.safetensors"
    var bytes = try Pipeline.bytes(path)
    let (block, last) = (64 << 10, bytes.count - 64 << 10)
    try #require(last / 63 > block + 1024, "the samples are the whole file")
    // Behind the header, which says where its tensors are.
    let header = 8 + bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    for place in (0..<63).map({ last / 63 * $0 + block + 512 }) where place > header { bytes[place] ^= 1 }
    try bytes.write(to: URL(fileURLWithPath: path))
    for (verifies, code) in [(false, FusionError.Code.resumeOtherSource), (true, .sourceDiffers)] {
      conversion.verifies = verifies
      let error = try conversion.refusal(remains)
      #expect(error?.code == code, "\(error as Any)")
      #expect(error?.remedy?.contains("delete \(conversion.partial)") ?? false)
    }
  }

  @Test func damagedLinesAreRefused() throws {
    let (conversion, remains) = try interrupted()
    let lines = remains.lines
    try #require(lines.count > 20)
    for index in stride(from: 1, to: lines.count - 1, by: lines.count / 10) {
      var flipped = lines[index]
      flipped[flipped.count / 2] ^= 1
      for line in [flipped, Data("{}\n".utf8), Data("\n".utf8), lines[index].dropFirst(), lines[index + 1]] {
        var changed = lines
        changed[index] = Data(line)
        let error = try conversion.refusal(remains.with(lines: changed))
        #expect(error?.code == .resumeJournal && error?.place == "line \(index + 1)", "\(error as Any)")
      }
    }
    let repeated = try conversion.refusal(remains.with(lines: lines + [lines[lines.count - 1]]))
    #expect(repeated?.code == .resumeJournal && repeated?.place == "line \(lines.count + 1)")
    for text in ["hello", "hello\n", "[]\n", "{\"schema\":1}\n", "\n"] {
      let error = try conversion.refusal(remains.with(journal: Data(text.utf8)))
      #expect(error?.code == .resumeJournal && error?.place == "line 1", "\(text): \(error as Any)")
    }
  }

  /// Lines with a right checksum that say what cannot be.
  @Test func linesThatContradictTheTensorAreRefused() throws {
    let (conversion, remains) = try interrupted()
    let lines = remains.lines
    let line = String(decoding: lines[2], as: UTF8.self)
    let offset = try #require(line.firstMatch(of: /\[\[\[([0-9]+),([0-9]+),([0-9]+),"([0-9a-f]+)",([0-9])\]/))
    let (start, stored, raw, sum, coding) = (
      String(offset.1), String(offset.2), String(offset.3), String(offset.4), String(offset.5)
    )
    func chunk(_ fields: String) -> String { "[[[\(fields)]" }
    for replacement in [
      chunk("\(UInt64.max),\(stored),\(raw),\"\(sum)\",\(coding)"),
      chunk("\(Int.max),\(stored),\(raw),\"\(sum)\",\(coding)"),
      chunk("\(start),0,\(raw),\"\(sum)\",\(coding)"), chunk("\(start),\(stored),\(raw)1,\"\(sum)\",\(coding)"),
      chunk("\(start),\(stored),\(raw),\"\(sum)\",9"), chunk("\(start),\(stored),\(raw),\"\(sum.uppercased())x\",1"),
      chunk("\(start),\(stored)"), "[[", chunk("\(start)9,\(stored),\(raw),\"\(sum)\",\(coding)"),
      "[[[-1,\(stored),\(raw),\"\(sum)\",\(coding)]",
    ] {
      let text = line.replacing(line[offset.range], with: replacement)
      var changed = lines
      changed[2] = JournalForgery.withChecksum(text)
      let error = try conversion.refusal(remains.with(lines: changed))
      // An offset far behind the file's end is said of the file.
      #expect(error?.code == .resumeJournal || error?.code == .partialFileDiffers, "\(text): \(error as Any)")
    }
  }

  @Test func aDamagedPartialFileIsRefused() throws {
    let (conversion, remains) = try interrupted()
    for index in stride(from: 1, to: remains.lines.count, by: remains.lines.count / 10) {
      let text = String(decoding: remains.lines[index], as: UTF8.self)
      let match = try #require(text.firstMatch(of: /\[\[\[([0-9]+),([0-9]+)/))
      let (offset, count) = (try #require(Int(match.1)), try #require(Int(match.2)))
      var partial = remains.partial
      partial[offset + count / 2] ^= 0x10
      let error = try conversion.refusal(.init(partial: partial, journal: remains.journal))
      #expect(error?.code == .containerChunkDamaged && error?.file == conversion.partial, "\(error as Any)")
      #expect(error?.remedy?.contains("delete \(conversion.partial)") ?? false)
    }
    // Header, small files.
    for offset in [0, 40, 70, 200] {
      var partial = remains.partial
      partial[offset] ^= 0x10
      let error = try conversion.refusal(.init(partial: partial, journal: remains.journal))
      #expect(error?.code == .partialFileDiffers && error?.file == conversion.partial, "\(error as Any)")
    }
    for count in [0, 63, 64, 10_000] {
      let error = try conversion.refusal(.init(partial: remains.partial.prefix(count), journal: remains.journal))
      #expect(error?.code == .partialFileDiffers, "\(error as Any)")
    }
  }

  @Test func foreignFilesAreNotOverwritten() throws {
    let (conversion, remains) = try interrupted()
    let expected = try conversion.expected()
    // Without a journal nobody knows what it is, a finished container included.
    for bytes in [remains.partial, expected, Data("mine".utf8), Data()] {
      try bytes.write(to: URL(fileURLWithPath: conversion.partial))
      try? FileManager.default.removeItem(atPath: conversion.journal)
      #expect(Pipeline.refusal { try conversion.run() }?.code == .resumeForeignFile)
      #expect(try Pipeline.bytes(conversion.partial) == bytes)
      #expect(try conversion.folder.names() == ["expected.fusion", "model.fusion.partial"])
    }
    // With a journal that has no tensor yet.
    let started = ResumedConversion.Remains(partial: Data("mine".utf8), journal: remains.lines[0])
    #expect(try conversion.refusal(started)?.code == .partialFileDiffers)
    let empty = ResumedConversion.Remains(partial: Data(), journal: remains.lines[0])
    #expect(try conversion.finish(empty).bytes == expected)
  }

  @Test func aJournalAloneSpeaksOfNothing() throws {
    let (conversion, remains) = try interrupted()
    let expected = try conversion.expected()
    for journal in [remains.journal, remains.lines[0], remains.lines[0].dropLast(5), Data()] {
      try? FileManager.default.removeItem(atPath: conversion.output)
      try journal.write(to: URL(fileURLWithPath: conversion.journal))
      #expect(try conversion.run().resumption?.tensorCount == 0)
      #expect(try Pipeline.bytes(conversion.output) == expected)
      #expect(try conversion.folder.names() == ["expected.fusion", "model.fusion"])
    }
  }

  @Test func anOutputThatIsThereIsRefused() throws {
    let (conversion, remains) = try interrupted()
    try conversion.place(remains)
    try conversion.folder.write("model.fusion", text: "mine")
    #expect(Pipeline.refusal { try conversion.run() }?.code == .outputExists)
    #expect(try Pipeline.bytes(conversion.partial) == remains.partial)
    #expect(try conversion.run(replacing: true).resumption?.tensorCount == remains.lines.count - 1)
    #expect(try Pipeline.bytes(conversion.output) == conversion.expected())
  }

  /// Ended between giving the output its name and taking the other one away.
  @Test func aFinishedOutputIsNotCut() throws {
    let (conversion, remains) = try interrupted()
    let expected = try conversion.expected()
    try FileManager.default.copyItem(atPath: conversion.folder.file("expected.fusion"), toPath: conversion.output)
    let open = try #require(FileHandle(forReadingAtPath: conversion.output))
    func killAtTheEnd() throws {
      try FileManager.default.linkItem(atPath: conversion.output, toPath: conversion.partial)
      try remains.journal.write(to: URL(fileURLWithPath: conversion.journal))
    }
    try killAtTheEnd()
    let report = try conversion.run()
    #expect(report.notices.contains { $0.contains("an earlier run had finished this container") }, "\(report.notices)")
    #expect(report.verification.performed && report.outputBytes == expected.count)
    #expect(try Pipeline.bytes(conversion.output) == expected)
    #expect(try conversion.folder.names() == ["expected.fusion", "model.fusion"])
    try killAtTheEnd()
    #expect(try conversion.run(replacing: true).resumption?.tensorCount == 0)
    // The file that had both names is whole still.
    #expect(try open.readToEnd() == expected)
    #expect(try Pipeline.bytes(conversion.output) == expected)
    #expect(try conversion.folder.names() == ["expected.fusion", "model.fusion"])
  }

  @Test func oneProcessAtATime() throws {
    let (conversion, remains) = try interrupted()
    try conversion.place(remains)
    let other = try AppendedFile(path: conversion.journal)
    let error = Pipeline.refusal { try conversion.run() }
    #expect(error?.code == .outputInUse && error?.file == conversion.journal)
    #expect(try other.read(limit: 1 << 20) != nil && Pipeline.bytes(conversion.partial) == remains.partial)
  }

  /// Partial files that are inputs at the same time.
  @Test func linksToInputsAreRefused() throws {
    let (conversion, _) = try interrupted()
    try FileManager.default.createSymbolicLink(
      atPath: conversion.partial, withDestinationPath: conversion.source + "/model-00001-of-00004.safetensors")
    #expect(Pipeline.refusal { try conversion.run() }?.code == .outputIsInput)
    try FileManager.default.removeItem(atPath: conversion.partial)
    try FileManager.default.createSymbolicLink(atPath: conversion.partial, withDestinationPath: "nowhere")
    #expect(Pipeline.refusal { try conversion.run() }?.code == .cannotCreate)
    #expect(try conversion.folder.names() == ["model.fusion.partial"])
  }
}
