import FusionCore
import SafetensorsReader

/// Opens weights of any format that is known.
enum WeightFiles {
  /// Opens a folder or a file.
  ///
  /// - Throws: what the format's reader throws.
  static func open(_ path: String, stateDictKey: String? = nil) throws -> any WeightSource {
    try SafetensorsCheckpoint(path: path)
  }
}
