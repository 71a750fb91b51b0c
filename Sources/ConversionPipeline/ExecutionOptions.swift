import NumericKernels

/// Options that change how fast something is done, but not a byte of what comes out.
public struct ExecutionOptions: Sendable {
  /// Threads that work.
  public var threads: Int
  /// Kernels to use.
  public var kernels: KernelSet

  /// Collects the fields.
  ///
  /// - Precondition: at least one thread.
  public init(threads: Int, kernels: KernelSet) {
    precondition(threads > 0, "\(threads) threads")
    self.threads = threads
    self.kernels = kernels
  }
}
