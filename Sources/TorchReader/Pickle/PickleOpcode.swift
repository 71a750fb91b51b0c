/// The opcodes of all protocols, by the names that Python's `pickletools` prints.
enum PickleOpcode: UInt8 {
  case mark = 0x28
  case emptyTuple = 0x29
  case stop = 0x2E
  case pop = 0x30
  case popMark = 0x31
  case dup = 0x32
  case binBytes = 0x42
  case shortBinBytes = 0x43
  case float = 0x46
  case binFloat = 0x47
  case int = 0x49
  case binInt = 0x4A
  case binInt1 = 0x4B
  case long = 0x4C
  case binInt2 = 0x4D
  case none = 0x4E
  case persID = 0x50
  case binPersID = 0x51
  case reduce = 0x52
  case string = 0x53
  case binString = 0x54
  case shortBinString = 0x55
  case unicode = 0x56
  case binUnicode = 0x58
  case emptyList = 0x5D
  case append = 0x61
  case build = 0x62
  case global = 0x63
  case dict = 0x64
  case appends = 0x65
  case get = 0x67
  case binGet = 0x68
  case inst = 0x69
  case longBinGet = 0x6A
  case list = 0x6C
  case obj = 0x6F
  case put = 0x70
  case binPut = 0x71
  case longBinPut = 0x72
  case setItem = 0x73
  case tuple = 0x74
  case setItems = 0x75
  case emptyDict = 0x7D
  case proto = 0x80
  case newObj = 0x81
  case ext1 = 0x82
  case ext2 = 0x83
  case ext4 = 0x84
  case tuple1 = 0x85
  case tuple2 = 0x86
  case tuple3 = 0x87
  case newTrue = 0x88
  case newFalse = 0x89
  case long1 = 0x8A
  case long4 = 0x8B
  case shortBinUnicode = 0x8C
  case binUnicode8 = 0x8D
  case binBytes8 = 0x8E
  case emptySet = 0x8F
  case addItems = 0x90
  case frozenSet = 0x91
  case newObjEx = 0x92
  case stackGlobal = 0x93
  case memoize = 0x94
  case frame = 0x95
  case byteArray8 = 0x96
  case nextBuffer = 0x97
  case readOnlyBuffer = 0x98

  /// The name in `pickletools`: the case in capitals, with underscores where Python has them.
  var label: String {
    switch self {
    case .emptyTuple: "EMPTY_TUPLE"
    case .popMark: "POP_MARK"
    case .shortBinBytes: "SHORT_BINBYTES"
    case .shortBinString: "SHORT_BINSTRING"
    case .emptyList: "EMPTY_LIST"
    case .longBinGet: "LONG_BINGET"
    case .longBinPut: "LONG_BINPUT"
    case .emptyDict: "EMPTY_DICT"
    case .shortBinUnicode: "SHORT_BINUNICODE"
    case .emptySet: "EMPTY_SET"
    case .newObjEx: "NEWOBJ_EX"
    case .stackGlobal: "STACK_GLOBAL"
    case .nextBuffer: "NEXT_BUFFER"
    case .readOnlyBuffer: "READONLY_BUFFER"
    default: "\(self)".uppercased()
    }
  }

  /// Why an opcode is not taken at all; `nil` for the others.
  var refusal: String? {
    switch self {
    case .inst, .obj: "it makes an object by a form that no program of the last twenty years writes"
    case .ext1, .ext2, .ext4: "it names a class by a number that only the writer's own program can resolve"
    case .persID, .float, .string, .unicode: "it is a text form of protocol 0, which no checkpoint is written in"
    case .nextBuffer, .readOnlyBuffer: "it asks for data that lies outside of the file"
    default: nil
    }
  }
}
