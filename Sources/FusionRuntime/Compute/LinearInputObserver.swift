/// Sees the input of every linear layer before it is multiplied.
///
/// Layers that share an input are one observation. Inputs come in the order of the computation, on the thread that
/// drives the pass, whose team is idle meanwhile: an observer may share its work out over ``ComputeContext/team``.
public protocol LinearInputObserver: AnyObject, Sendable {
  /// Takes a look.
  ///
  /// - Parameters:
  ///   - input: the weights and the rows.
  ///   - context: of the computation.
  func observe(_ input: LinearInput, in context: ComputeContext)
}
