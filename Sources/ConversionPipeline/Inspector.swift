import CheckpointLayout
import ContainerFormat
import Foundation
import FusionCore
import WeightGraph

/// Reads the layout of whatever a path names, without reading the weights.
public struct Inspector: Sendable {
  /// What was opened.
  enum Subject: Sendable {
    case weights(any WeightSource, CanonicalGraph?)
    case container(ContainerModel)
  }

  /// Path as given.
  public let path: String
  let subject: Subject
  private let notices: [String]

  /// Opens a checkpoint folder, one weight file or a container.
  ///
  /// A checkpoint whose configuration is missing or does not fit is still shown: that is when people look. What is
  /// wrong with it becomes a notice.
  ///
  /// - Parameter options: what the checkpoint is put together with.
  /// - Throws: what is wrong with the weight files themselves; a usage error for options with a container.
  public init(path: String, options: CheckpointOptions = CheckpointOptions()) throws {
    self.path = path
    if try ModelPath.isContainer(path) {
      try options.refuseForContainer(path)
      let model = try ContainerModel(path: path)
      subject = .container(model)
      notices = model.reader.index.provenance.notices
      return
    }
    let assembly = try ModelAssembly(path: path, options: options)
    var notices = assembly.notices
    var graph: CanonicalGraph?
    do {
      graph = try Self.graph(of: assembly, path: path)
      notices += graph?.notices ?? []
    } catch let error as FusionError {
      notices.append(error.description)
    }
    subject = .weights(assembly.source, graph)
    self.notices = notices
  }

  private static func graph(of assembly: ModelAssembly, path: String) throws -> CanonicalGraph? {
    let configPath: String
    do {
      configPath = try assembly.configurationPath()
    } catch let error as FusionError where error.code == .missingConfiguration {
      throw FusionError(
        .missingConfiguration, "no config.json beside the weights: names are shown as the source has them",
        file: "\(Checkpoint.folder(of: path))/config.json")
    }
    let configuration = try ModelConfiguration(json: try assembly.configuration(at: configPath), file: configPath)
    return try CanonicalGraph.build(
      configuration: configuration, tensors: assembly.source.tensors, shared: assembly.source.aliases, file: path)
  }

  /// The layout.
  public func report() -> InspectionReport {
    switch subject {
    case .weights(let source, let graph): report(source, graph)
    case .container(let model): report(model)
    }
  }

  private func report(_ source: any WeightSource, _ graph: CanonicalGraph?) -> InspectionReport {
    let tensors =
      graph.map { graph in graph.tensors.map { tensor($0.description, $0, source) } }
      ?? source.tensors.map { tensor($0, nil, source) }
    let weightCount = source.tensors.reduce(0) { $0 + $1.shape.elementCount }
    let byteCount = source.tensors.reduce(0) { $0 + $1.byteCount }
    let bits = Converter.bits(byteCount, per: weightCount)
    return InspectionReport(
      kind: source.formatName, path: path, family: graph?.configuration.family.rawValue,
      files: source.files.map { InspectionReport.File(name: $0.name, byteCount: $0.byteCount, sha256: nil) },
      tensors: tensors,
      aliases: graph.map {
        $0.aliases.map { InspectionReport.Alias(canonicalName: $0.canonicalName, target: $0.target) }
      }
        ?? source.aliases.sorted { $0.key < $1.key }.map {
          InspectionReport.Alias(canonicalName: $0.key, target: $0.value)
        },
      totals: InspectionReport.Totals(
        tensorCount: tensors.count, weightCount: weightCount,
        fileByteCount: source.files.reduce(0) { $0 + $1.byteCount }, tensorByteCount: byteCount,
        storedBitsPerWeight: bits, residentBitsPerWeight: bits, sqnrDecibels: nil),
      provenance: nil, notices: notices)
  }

  private func tensor(
    _ description: TensorDescription, _ known: GraphTensor?, _ source: any WeightSource
  ) -> InspectionReport.Tensor {
    let bits = Double(description.dtype.byteWidth * 8)
    return InspectionReport.Tensor(
      name: description.name, canonicalName: known?.canonicalName, role: known?.role.rawValue,
      dtype: description.dtype.rawValue, shape: description.shape.dimensions,
      file: source.files[description.fileIndex].name, offset: description.offset, byteCount: description.byteCount,
      scheme: description.dtype.schemeName, storedBits: bits, residentBits: bits,
      parts: known?.parts.map(\.canonicalName) ?? [], statistics: nil)
  }

  private func report(_ model: ContainerModel) -> InspectionReport {
    let index = model.reader.index
    let name = FolderListing.lastComponent(of: path)
    let parts = containerParts(model)
    let schemes = RecordedSchemes(index)
    let tensors = index.tensors.map { tensor -> InspectionReport.Tensor in
      let stored = tensor.storedByteCount
      let resident = tensor.encoding.residentByteCount(shape: tensor.shape, dtype: tensor.dtype) ?? 0
      return InspectionReport.Tensor(
        name: tensor.name, canonicalName: tensor.canonicalName, role: tensor.role, dtype: tensor.dtype.rawValue,
        shape: tensor.shape.dimensions, file: name, offset: tensor.streams.first?.chunks.first?.offset ?? 0,
        byteCount: stored, scheme: schemes.name(of: tensor),
        storedBits: Converter.bits(stored, per: tensor.shape.elementCount),
        residentBits: Converter.bits(resident, per: tensor.shape.elementCount), parts: parts[tensor.name] ?? [],
        statistics: nil)
    }
    let resident = index.tensors.reduce(0) {
      $0 + ($1.encoding.residentByteCount(shape: $1.shape, dtype: $1.dtype) ?? 0)
    }
    let files = index.files.map {
      InspectionReport.File(name: $0.name, byteCount: $0.byteCount, sha256: $0.sha256.hexadecimal)
    }
    return InspectionReport(
      kind: "fusion", path: path, family: index.provenance.modelFamily,
      files: [InspectionReport.File(name: name, byteCount: model.reader.byteCount, sha256: nil)] + files,
      tensors: tensors,
      aliases: index.aliases.map {
        InspectionReport.Alias(canonicalName: $0.canonicalName, target: $0.targetCanonicalName)
      },
      totals: InspectionReport.Totals(
        tensorCount: tensors.count, weightCount: model.weightCount, fileByteCount: model.reader.byteCount,
        tensorByteCount: index.tensors.reduce(0) { $0 + $1.storedByteCount },
        storedBitsPerWeight: Converter.bits(model.reader.byteCount - model.sideFileByteCount, per: model.weightCount),
        residentBitsPerWeight: Converter.bits(resident, per: model.weightCount),
        sqnrDecibels: Converter.sqnr(index.tensors)),
      provenance: origin(index.provenance), notices: notices)
  }

  /// Canonical names of the parts of fused tensors; none if the configuration inside cannot be read.
  private func containerParts(_ model: ContainerModel) -> [String: [String]] {
    guard let configuration = try? model.configuration() else { return [:] }
    let specifications = ExpectedTensors.list(for: configuration).filter { !$0.parts.isEmpty }
    return Dictionary(
      specifications.map { ($0.sourceName, $0.parts.map(\.canonicalName)) }, uniquingKeysWith: { a, _ in a })
  }

  private func origin(_ provenance: Provenance) -> InspectionReport.Origin {
    InspectionReport.Origin(
      producer: provenance.producer, sourceKind: provenance.sourceKind, recipe: provenance.recipe,
      sources: provenance.sources.map {
        InspectionReport.File(name: $0.name, byteCount: $0.byteCount, sha256: $0.sha256.hexadecimal)
      },
      fallbacks: provenance.fallbacks.map {
        ConversionReport.Fallback(tensor: $0.tensor, requested: $0.requested, used: $0.used, reason: $0.reason)
      })
  }
}
