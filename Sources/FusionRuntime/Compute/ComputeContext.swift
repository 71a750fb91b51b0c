import NumericKernels

/// Threads, kernels and scratch memory of one computation; used by one caller at a time.
public final class ComputeContext: Sendable {
  /// The kernels.
  public let kernels: KernelSet
  /// The threads.
  public let team: WorkerTeam
  /// What quantized weights are multiplied with.
  public let precision: ActivationPrecision
  /// What keys and values of earlier positions are held as.
  public let keyValuePrecision: KeyValuePrecision
  /// Whether NaN and infinity end a pass with an error; a comparison wants to see where they begin instead.
  public let refusesNonfinite: Bool
  /// Sees the inputs of linear layers; `nil` costs nothing.
  public let observer: (any LinearInputObserver)?

  /// The activations of the integer product that is being computed.
  let integerOperand = IntegerOperand()
  private let pool = ActivationPool()
  private let scratch: [WorkerScratch]

  /// Collects the parts.
  public init(
    kernels: KernelSet, threads: Int, precision: ActivationPrecision = .float32,
    keyValuePrecision: KeyValuePrecision = .float32, refusesNonfinite: Bool = true,
    observer: (any LinearInputObserver)? = nil
  ) {
    self.keyValuePrecision = keyValuePrecision
    self.observer = observer
    self.kernels = kernels
    self.refusesNonfinite = refusesNonfinite
    team = WorkerTeam(threads: threads)
    self.precision = precision
    scratch = (0..<threads).map { _ in WorkerScratch() }
  }

  /// A worker's own memory.
  func scratch(_ worker: Int) -> WorkerScratch { scratch[worker] }

  /// A matrix of undefined values, for results that are written in full.
  func makeMatrix(rows: Int, columns: Int) -> ActivationMatrix {
    ActivationMatrix(rows: rows, columns: columns, pool: pool)
  }

  /// Runs a body for every row of a matrix, several rows to an item so that items are worth sharing out.
  func forEachRow(_ count: Int, _ body: @Sendable (_ row: Int) -> Void) { forEachRow(count) { _, row in body(row) } }

  /// The same for a body that needs the worker's memory.
  func forEachRow(_ count: Int, _ body: @Sendable (_ worker: Int, _ row: Int) -> Void) {
    let rowsPerItem = 16
    team.run(count: (count + rowsPerItem - 1) / rowsPerItem) { worker, item in
      for row in (item * rowsPerItem)..<min((item + 1) * rowsPerItem, count) { body(worker, row) }
    }
  }
}
