import FusionCore
import Testing

@Suite struct FusionErrorTests {
  /// What was found is often quoted from a file, where it may be empty.
  @Test func nothingIsAWord() {
    #expect(FusionError(FusionError.Code("a.b"), "it is wrong", found: "").found == "nothing")
    #expect(FusionError(FusionError.Code("a.b"), "it is wrong", found: "x").found == "x")
    #expect(FusionError(FusionError.Code("a.b"), "it is wrong").found == nil)
  }
}
