import Foundation
import TestSupport

extension HostileInput {
  /// Rows P1, P7, P9, P10, P16 and P17: the PyTorch files that would cost the most, or do the most harm.
  static let torch: [HostileInput] = pickles + archives + payloads

  /// The longest pickle that is read.
  private static let pickleLimit = 16 << 20

  private static let pickles: [HostileInput] = [
    pickle("lists in lists", "torch.pickleTooLarge") { repeated([0x5D], pickleLimit - 64) },
    pickle("open marks", "torch.pickleTooLarge") { repeated([0x28], pickleLimit - 64) },
    pickle("numbers on the stack", "torch.pickleTooLarge") { repeated([0x4B, 1], (pickleLimit - 64) / 2) },
    pickle("values that are dropped again", "torch.pickleTooLarge") { repeated([0x4E, 0x30], (pickleLimit - 64) / 2) },
    pickle("memo entries of one value", "torch.pickleTooLarge") {
      [0x4E] + repeated([0x94], pickleLimit - 64)
    },
    pickle("a memo entry with an enormous number", "torch.pickleTooLarge") {
      [0x4E, 0x72, 0xFF, 0xFF, 0xFF, 0xFF]
    },
    pickle("a list of lists of lists, doubled by memo", "torch.noStateDict") { billionLaughs },
    pickle("one text of 15 MiB", "torch.noStateDict") {
      RawTorchFile.text(filled(15 << 20, "a"))
    },
    pickle("a text longer than the file", "torch.pickleTruncated") { [0x8D] + littleEndian(.max) },
    pickle("an integer of 2 GiB", "torch.pickleTruncated") { [0x8B, 0xFF, 0xFF, 0xFF, 0x7F] },
    pickle("a dictionary of 400 000 keys", "torch.pickleTooLarge") {
      Array("}(".utf8) + (0..<400_000).flatMap { RawTorchFile.text("\($0)") + [0x4E] } + Array("u".utf8)
    },
    pickle("more than is read", "torch.pickleTooLarge") { repeated([0x4E, 0x30], pickleLimit / 2 + 64) },
  ]

  private static let archives: [HostileInput] = [
    torchFile("65 000 entries", "torch.zipTooManyEntries") {
      RawTorchFile.archive((0..<65_000).map { ("a/\($0)", []) })
    },
    torchFile("the most entries that are read, and no pickle", "torch.missingRecord") {
      RawTorchFile.archive((0..<32_768).map { ("a/\($0)", []) })
    },
    torchFile("100 000 tensors of one storage", "torch.pickleTooLarge") {
      let views = (0..<100_000).map { RawTorchFile.View(name: "t\($0)", storage: 0, offset: 0, shape: [], strides: []) }
      return RawTorchFile(storages: [.init(dtype: "U8", bytes: [1])], views: views).archiveBytes
    },
    torchFile("one element seen 2^40 times", "torch.repeatedView") {
      RawTorchFile(
        storages: [.init(dtype: "U8", bytes: [1])],
        views: [.init(name: "a", storage: 0, offset: 0, shape: [1 << 20, 1 << 20], strides: [0, 0])]
      ).archiveBytes
    },
    torchFile("a view past its storage", "torch.viewOutOfBounds") {
      RawTorchFile(
        storages: [.init(dtype: "F32", bytes: [0, 0, 128, 63])],
        views: [.init(name: "a", storage: 0, offset: 0, shape: [1 << 40], strides: [1])]
      ).archiveBytes
    },
    torchFile("a storage that is not in a legacy file", "torch.legacyMalformed") {
      Array(
        RawTorchFile(
          storages: [.init(dtype: "F32", bytes: repeated([0], 1 << 20))],
          views: [.init(name: "a", storage: 0, offset: 0, shape: [1 << 18], strides: [1])]
        ).legacyBytes.dropLast())
    },
    fixture("two entries in the same bytes", "torch.zipOverlap", "file-overlap.pt"),
    fixture("a compressed storage", "torch.zipCompressedEntry", "file-deflated-bomb.pt"),
    fixture("a storage of 2^61 elements", "torch.storageSize", "tensor-storage-huge.pt"),
  ]

  /// `os.system` in the place where each command reads weights.
  private static let payloads: [HostileInput] = [Command.inspect, .convert].map { command in
    HostileInput(
      testDescription: "PyTorch: os.system, \(command.rawValue)", command: command, path: "source",
      code: "torch.forbiddenGlobal"
    ) { folder in
      try CheckpointCopies.make(of: "fusion-phi-tiny", at: folder.file("source"))
      try move(folder, payload: RawTorchFile.archive(pickle: systemCall))
    }
  }

  /// `os.system("touch pickle-was-run")`, called.
  static let systemCall: [UInt8] =
    RawTorchFile.global("posix", "system") + Array("(".utf8) + RawTorchFile.text("touch pickle-was-run")
    + Array("tR".utf8)

  /// Forty levels, each twice the one before.
  private static var billionLaughs: [UInt8] {
    // Each level is dropped from the stack and stays in the memo.
    var bytes: [UInt8] = Array("]q\u{0}".utf8)
    for level in 1..<40 as Range<UInt8> {
      bytes += Array("0](".utf8) + [0x68, level - 1, 0x68, level - 1] + Array("e".utf8) + [0x71, level]
    }
    return bytes
  }

  private static func move(_ folder: TemporaryFolder, payload: [UInt8]) throws {
    try FileManager.default.removeItem(atPath: folder.file("source/model.safetensors"))
    try folder.write("source/pytorch_model.bin", payload)
  }

  private static func repeated(_ unit: [UInt8], _ count: Int) -> [UInt8] {
    Array(repeatElement(unit, count: count).joined())
  }

  /// An archive with a pickle of these opcodes.
  private static func pickle(
    _ description: String, _ code: String, _ opcodes: @escaping @Sendable () -> [UInt8]
  ) -> HostileInput {
    torchFile("pickle: \(description)", code) { RawTorchFile.archive(pickle: opcodes()) }
  }

  private static func torchFile(
    _ description: String, _ code: String, _ bytes: @escaping @Sendable () -> [UInt8]
  ) -> HostileInput {
    file("PyTorch: \(description)", code, name: "pytorch_model.bin", bytes)
  }

  private static func fixture(_ description: String, _ code: String, _ name: String) -> HostileInput {
    file("PyTorch: \(description)", code, name: "pytorch_model.bin") {
      [UInt8](try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("torch/hostile/\(name)"))))
    }
  }
}
