import NumericKernels

/// The activations of the integer product that is being computed; its memory is kept from product to product.
final class IntegerOperand: @unchecked Sendable {
  private var activations: QuantizedActivations?

  /// Room for tokens as bytes, in the layout that a matrix asks for.
  func makeRoom(tokenCount: Int, for matrix: EncodedMatrix, _ kernels: KernelSet) -> QuantizedActivations {
    let layout = QuantizedActivations.Layout(for: matrix)
    let activations = activations ?? QuantizedActivations(layout: layout)
    self.activations = activations
    activations.makeRoom(tokenCount: tokenCount, layout: layout, kernels: kernels)
    return activations
  }
}
