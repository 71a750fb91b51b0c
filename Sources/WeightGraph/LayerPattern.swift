/// A tensor name with its numbers taken out, so that the same tensor of many layers is one thing.
package struct LayerPattern: Hashable {
  /// The name with `#` for every component that is a number.
  let text: String
  /// The numbers, in order.
  let numbers: [Int]

  init(_ name: String) {
    var numbers: [Int] = []
    var components: [Substring] = []
    for component in name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
      if let number = SourceNames.number(component) {
        numbers.append(number)
        components.append("#")
      } else {
        components.append(Substring(component))
      }
    }
    text = components.joined(separator: ".")
    self.numbers = numbers
  }

  /// A pattern's text with numbers put in, if there are as many as it has places.
  static func name(_ text: String, numbers: [Int]) -> String? {
    var rest = numbers[...]
    var components: [String] = []
    for component in text.split(separator: ".", omittingEmptySubsequences: false) {
      if component == "#" {
        guard let number = rest.popFirst() else { return nil }
        components.append(String(number))
      } else {
        components.append(String(component))
      }
    }
    return rest.isEmpty ? components.joined(separator: ".") : nil
  }

  /// Sorted numbers as ranges: `0, 4-31`.
  package static func ranges(_ numbers: [Int]) -> String {
    var runs: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = runs.last, number <= last.upperBound + 1 {
        runs[runs.count - 1] = last.lowerBound...max(last.upperBound, number)
      } else {
        runs.append(number...number)
      }
    }
    let shown = runs.prefix(8).map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
    return shown.joined(separator: ",") + (runs.count > 8 ? ",…" : "")
  }
}
