import AccuracyReports

extension ComparedModel {
  /// The model as a report shows it, without what only runs can tell.
  func side() -> ModelSide {
    var shares: [String: SchemeShare] = [:]
    var order: [String] = []
    for tensor in inspection.tensors {
      let name = tensor.scheme
      if shares[name] == nil { order.append(name) }
      var share = shares[name] ?? SchemeShare(scheme: name, tensorCount: 0, weightCount: 0)
      share.tensorCount += 1
      share.weightCount += tensor.shape.reduce(1, *)
      shares[name] = share
    }
    let totals = inspection.totals
    return ModelSide(
      path: inspection.path, family: inspection.family ?? "", format: inspection.kind,
      schemes: order.compactMap { shares[$0] }.sorted { $0.weightCount > $1.weightCount },
      weightCount: totals.weightCount, storedByteCount: totals.fileByteCount, residentByteCount: residentByteCount,
      storedBitsPerWeight: totals.storedBitsPerWeight, residentBitsPerWeight: totals.residentBitsPerWeight)
  }
}
