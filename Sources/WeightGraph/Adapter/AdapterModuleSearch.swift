/// Finds which of some modules tensors belong to, in time that grows with the names' lengths and not with the product
/// of both counts.
///
/// A module is named by one or several components of its path, such as `norm` or `model.embed_tokens`.
struct AdapterModuleSearch {
  /// Components of a module's name; what has more is of no model and not found.
  private static let maximumComponentCount = 16

  private let modules: Set<Substring>
  /// The numbers of components that modules have.
  private let componentCounts: [Int]

  init(_ modules: [String]) {
    self.modules = Set(modules.map { $0[...] })
    let counts = Set(modules.map { $0.utf8.reduce(1) { $0 + ($1 == UInt8(ascii: ".") ? 1 : 0) } })
    componentCounts = counts.filter { $0 <= Self.maximumComponentCount }.sorted()
  }

  /// The modules with a tensor among some.
  func found(in names: some Sequence<String>) -> Set<Substring> {
    var found: Set<Substring> = []
    for name in names where found.count < modules.count {
      let components = name.split(separator: ".", omittingEmptySubsequences: false)
      for first in components.indices {
        for count in componentCounts where first + count <= components.count {
          let run = name[components[first].startIndex..<components[first + count - 1].endIndex]
          if modules.contains(run) { found.insert(run) }
        }
      }
    }
    return found
  }
}
