import FusionCore
import TestSupport
import Testing
import TorchReader

/// What a pickle names, said of any pickle.
@Suite struct PickleGlobalScanTests {
  @Test func listsNamesInOrder() {
    let bytes = PickleBuilder(protocol: 4)
      .op(.mark).global("collections", "OrderedDict").global("os", "system").text("id").ops(.tuple1, .reduce)
      .stackGlobal("collections", "OrderedDict").global("torch._utils", "_rebuild_qtensor").op(.tuple).stop()
    let scan = scan(bytes)
    #expect(
      scan.findings.map(\.global.fullName) == [
        "collections.OrderedDict", "os.system", "torch._utils._rebuild_qtensor",
      ])
    #expect(scan.findings.map(\.count) == [2, 1, 1])
    #expect(scan.findings.map(\.firstOffset) == [3, 28, 81])
    #expect(scan.findings[0].verdict == .allowed(.orderedDictionary))
    #expect(scan.findings[1].verdict == .forbidden)
    guard case .refused(let refusal) = scan.findings[2].verdict else {
      Issue.record("a quantized tensor is not refused")
      return
    }
    #expect(refusal.reason == "quantized tensors")
    #expect(scan.defect?.error == nil)
    #expect(scan.byteCount == bytes.count)
  }

  /// Whatever is done with what a forbidden class makes, the scan goes on to what is named after it.
  @Test func goesOnAfterForbiddenCalls() {
    let bytes = PickleBuilder().global("a", "A").ops(.emptyTuple, .reduce, .emptyTuple, .reduce, .none, .build)
      .ops(.none, .append, .none, .none, .setItem, .mark, .none, .addItems).text("x").op(.reduce)
      .ops(.none, .none, .newObjEx).global("b", "B").op(.tuple2).stop()
    let scan = scan(bytes)
    #expect(scan.defect?.error == nil)
    #expect(scan.findings.map(\.global.fullName) == ["a.A", "b.B"])
  }

  @Test func keepsWhatWasNamedBeforeADefect() throws {
    let bytes = PickleBuilder().global("os", "system").text("id").ops(.tuple1, .reduce).raw([0xFF, 0xFF]).bytes
    let scan = scan(bytes)
    #expect(scan.findings.map(\.global.fullName) == ["os.system"])
    let defect = try #require(scan.defect)
    #expect(defect.error.code == .torchPickleUnknownOpcode)
    #expect(defect.offset == bytes.count - 2)
    #expect(scan.byteCount == bytes.count - 2)
  }

  @Test func namesWhatInstWouldMake() {
    let scan = scan(PickleBuilder(protocol: 0).op(.mark).op(.inst, text: "os\nsystem\n").stop())
    #expect(scan.findings.map(\.global.fullName) == ["os.system"])
    #expect(scan.defect?.error.code == .torchPickleForbiddenOpcode)
    #expect(scan.defect?.offset == 3)
  }

  @Test func tellsOfDataAfterTheEnd() {
    let scan = scan(PickleBuilder().op(.none).op(.stop).global("os", "system").stop())
    #expect(scan.findings.isEmpty)
    #expect(scan.defect?.error.code == .torchPickleTrailingData)
    #expect(scan.defect?.offset == 4)
  }

  /// The scan refuses nothing that reading takes, and finds a defect or a bad name in all that reading refuses.
  @Test(arguments: PickleCase.hiddenCalls + PickleCase.structure)
  func agreesWithReading(_ item: PickleCase) throws {
    let scan = scan(item.bytes)
    let error = try #require(throws: FusionError.self) { try document(of: item.bytes) }
    let lenient: Set<FusionError.Code> = [.torchPickleBadCall, .torchPickleBadTarget]
    if error.code == .torchForbiddenGlobal {
      #expect(scan.findings.contains { $0.verdict == .forbidden } || scan.defect?.error == error)
    } else if !lenient.contains(error.code) {
      #expect(scan.defect?.error == error)
    }
  }
}
