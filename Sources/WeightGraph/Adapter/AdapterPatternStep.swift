/// One step of a pattern's program; the program ends after its last step.
enum AdapterPatternStep: Sendable, Hashable {
  /// Reads one of some bytes.
  case set(AdapterByteSet)
  /// Goes on elsewhere.
  case jump(Int)
  /// Goes on elsewhere as well as behind.
  case split(Int)
  /// Holds at the start of the name.
  case start
  /// Holds at the end of the name.
  case end
}
