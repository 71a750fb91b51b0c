import FusionCore
import TestSupport
import Testing

/// One wrong archive, and the code and place of the error that it must lead to.
struct ZipCase: Sendable, CustomTestStringConvertible {
  /// Row of the list of malformed inputs.
  let row: String
  let name: String
  let code: FusionError.Code
  let place: String
  let bytes: @Sendable () -> [UInt8]

  init(
    _ row: String, _ name: String, _ code: FusionError.Code, _ place: String, _ bytes: @escaping @Sendable () -> [UInt8]
  ) {
    self.row = row
    self.name = name
    self.code = code
    self.place = place
    self.bytes = bytes
  }

  var testDescription: String { "\(row) \(name)" }

  // Where the parts of the sample lie:
  //
  //     headers 0, 102, 308, 384 | contents 64, 192, 384, 448 | directory 467, 529, 589, 649
  //     Zip64 end record 710 | locator 766 | end record 786 | size 808
  //
  // and in the stored style: headers 0, 68, 212, 256 | directory 304 | end record 547 | size 569

  /// The sample with one entry changed.
  static func entry(
    _ index: Int, style: ZipBuilder.Style = .torch, _ edit: (inout ZipBuilder.Entry) -> Void
  ) -> [UInt8] {
    var builder = ZipBuilder.sample(style)
    edit(&builder.entries[index])
    return builder.bytes
  }

  /// The sample with one local header changed.
  static func local(
    _ index: Int, style: ZipBuilder.Style = .torch, _ edit: @escaping (inout ZipHeader) -> Void
  ) -> [UInt8] {
    entry(index, style: style) { $0.editLocal = edit }
  }

  /// The sample with one record of the central directory changed.
  static func central(
    _ index: Int, style: ZipBuilder.Style = .torch, _ edit: @escaping (inout ZipHeader) -> Void
  ) -> [UInt8] {
    entry(index, style: style) { $0.editCentral = edit }
  }

  /// The sample with one entry changed in both headers.
  static func both(
    _ index: Int, style: ZipBuilder.Style = .torch, _ edit: @escaping (inout ZipHeader) -> Void
  ) -> [UInt8] {
    entry(index, style: style) { ($0.editLocal, $0.editCentral) = (edit, edit) }
  }

  /// The sample with other end records.
  static func end(style: ZipBuilder.Style = .torch, _ edit: @escaping (inout ZipEnd) -> Void) -> [UInt8] {
    var builder = ZipBuilder.sample(style)
    builder.editEnd = edit
    return builder.bytes
  }

  /// The sample with the entry `data/0` under another name.
  static func named(_ name: [UInt8]) -> [UInt8] { entry(1) { $0.name = name } }
}
