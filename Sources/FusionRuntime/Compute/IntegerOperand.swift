import NumericKernels

/// The activations of the integer product that is being computed; its memory is kept from product to product.
final class IntegerOperand: @unchecked Sendable {
  private var activations: QuantizedActivations?

  /// The rows of x as bytes, in the layout that a matrix asks for.
  func quantize(_ x: ActivationMatrix, for matrix: EncodedMatrix, _ kernels: KernelSet) -> QuantizedActivations {
    let layout = QuantizedActivations.Layout(for: matrix)
    let activations = activations ?? QuantizedActivations(layout: layout)
    self.activations = activations
    activations.fill(UnsafeBufferPointer(x.values), layout: layout, kernels: kernels)
    return activations
  }
}
