import FusionCore

extension FusionError.Code {
  /// The adapter uses something that changes the weights and that this toolkit does not compute.
  public static let adapterUnsupported = Self("adapter.unsupported")
  /// A pattern of the adapter's configuration cannot be read.
  public static let adapterBadPattern = Self("adapter.badPattern")
  /// The adapter holds no weights.
  public static let adapterEmpty = Self("adapter.empty")
  /// One of the two factors of an update is missing.
  public static let adapterHalfMissing = Self("adapter.halfMissing")
  /// A tensor of the adapter belongs to no tensor of the base.
  public static let adapterUnknownTarget = Self("adapter.unknownTarget")
  /// Two tensors of the adapter claim the same place.
  public static let adapterDuplicateTensor = Self("adapter.duplicateTensor")
  /// A factor's shape fits neither the base tensor nor the other factor.
  public static let adapterWrongShape = Self("adapter.wrongShape")
  /// A factor's rank is not the one that the configuration states.
  public static let adapterWrongRank = Self("adapter.wrongRank")
  /// A factor or its base has a type that does not become float32 without loss.
  public static let adapterWrongType = Self("adapter.wrongType")
}
