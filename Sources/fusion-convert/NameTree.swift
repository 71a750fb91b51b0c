import ConversionPipeline
import FusionCore

/// Tensor names as a tree, with sums at every branch; numbered layers that are alike are one branch.
struct NameTree {
  private final class Node {
    var children: [String: Node] = [:]
    var order: [String] = []
    var tensorCount = 0
    var weightCount = 0
    var byteCount = 0
    var schemes: Set<String> = []

    func add(_ tensor: InspectionReport.Tensor) {
      tensorCount += 1
      weightCount += tensor.shape.reduce(1, *)
      byteCount += tensor.byteCount
      schemes.insert(tensor.scheme)
    }
  }

  private let root = Node()

  init(tensors: [InspectionReport.Tensor]) {
    for tensor in tensors {
      root.add(tensor)
      var node = root
      for component in (tensor.canonicalName ?? tensor.name).split(separator: ".") {
        // Layers are numbered; the sums over all of them say more than each one.
        let key = component.allSatisfy(\.isNumber) ? "*" : String(component)
        if node.children[key] == nil {
          node.children[key] = Node()
          node.order.append(key)
        }
        guard let child = node.children[key] else { continue }
        child.add(tensor)
        node = child
      }
    }
  }

  var text: String {
    var table = TextTable(
      header: ["name", "tensors", "weights", "bytes", "schemes"], alignments: [.left, .right, .right, .right, .left])
    func add(_ node: Node, depth: Int) {
      for key in node.order {
        guard let child = node.children[key] else { continue }
        table.add([
          String(repeating: "  ", count: depth) + key, "\(child.tensorCount)", Format.count(child.weightCount),
          Format.bytes(child.byteCount), child.schemes.sorted().joined(separator: " "),
        ])
        add(child, depth: depth + 1)
      }
    }
    add(root, depth: 0)
    return table.text
  }
}
