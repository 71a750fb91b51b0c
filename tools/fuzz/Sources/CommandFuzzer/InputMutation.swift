import Glibc

/// Changes of one of the files that a command is about to read.
struct InputMutation {
  /// What was done, for people.
  let description: String

  /// Applies a change that the random numbers decide.
  ///
  /// - Parameters:
  ///   - inputs: paths of files and folders in the folder of the run.
  ///   - base: where files to put in their place are taken from.
  init(_ inputs: [String], in folder: String, base: String, _ random: inout RandomSource) throws {
    let input = random.pick(inputs)
    // Of many shards, one.
    var kinds: [String: [String]] = [:]
    for file in File.files(in: "\(folder)/\(input)") {
      let name = file.isEmpty ? input : "\(input)/\(file)"
      let last = String(name.split(separator: "/").last ?? "")
      let isNumbered = last.contains("-0") || last.first?.isNumber == true
      kinds[isNumbered ? String(last.split(separator: ".").last ?? "") : last, default: []].append(name)
    }
    guard let kind = kinds.keys.sorted().randomElement(using: &random), let files = kinds[kind] else {
      description = "nothing in \(input)"
      return
    }
    let name = random.pick(files)
    let path = "\(folder)/\(name)"
    guard random.oneIn(12) else {
      let bytes = try File.read(path)
      let changed = ContentMutation.change(bytes, name: name, &random)
      try File.write(changed, to: path)
      description = "\(name): \(Self.difference(bytes, changed))"
      return
    }
    unlink(path)
    switch random.below(7) {
    case 0: description = "\(name) removed"
    case 1:
      try File.makeFolder(path)
      description = "\(name) is a folder"
    case 2:
      mkfifo(path, 0o644)
      description = "\(name) is a named pipe"
    case 3:
      symlink("nowhere", path)
      description = "\(name) is a dangling link"
    case 4:
      symlink(String(name.split(separator: "/").last ?? ""), path)
      description = "\(name) is a link to itself"
    case 5:
      try File.write([], to: path)
      description = "\(name) is empty"
    default:
      let source = random.pick(File.names(in: base))
      let other = File.files(in: "\(base)/\(source)").randomElement(using: &random) ?? ""
      try File.link(other.isEmpty ? "\(base)/\(source)" : "\(base)/\(source)/\(other)", to: path)
      description = "\(name) is \(source)/\(other)"
    }
  }

  /// Where two contents begin to differ, with some bytes of both.
  private static func difference(_ old: [UInt8], _ new: [UInt8]) -> String {
    let start = zip(old, new).prefix { $0 == $1 }.count
    let end = zip(old[start...].reversed(), new[start...].reversed()).prefix { $0 == $1 }.count
    func shown(_ bytes: [UInt8]) -> String {
      let part = bytes[start..<max(start, bytes.count - end)]
      let text = String(decoding: part.prefix(48), as: UTF8.self).unicodeScalars.map { $0.escaped(asASCII: true) }
      return "\"\(text.joined())\"\(part.count > 48 ? "... (\(part.count) bytes)" : "")"
    }
    return "at byte \(start) \(shown(old)) became \(shown(new)); \(old.count) -> \(new.count) bytes"
  }
}
