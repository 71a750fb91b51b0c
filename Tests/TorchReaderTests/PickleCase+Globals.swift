import FusionCore
import TestSupport
import TorchReader

extension PickleCase {
  /// P1 to P3: code that attackers name, each as the first thing of a pickle that would call it.
  static let forbiddenNames: [(row: String, module: String, name: String)] = [
    ("P1", "os", "system"), ("P1", "posix", "system"), ("P1", "nt", "system"), ("P1", "subprocess", "Popen"),
    ("P1", "pip", "main"), ("P1", "pip._internal.cli.main", "main"), ("P1", "builtins", "eval"),
    ("P1", "__builtin__", "eval"), ("P1", "builtins", "exec"), ("P1", "builtins", "getattr"),
    ("P1", "builtins", "__import__"), ("P1", "builtins", "compile"), ("P1", "builtins", "open"),
    ("P1", "builtins", "type"), ("P1", "runpy", "run_path"), ("P1", "idlelib.run", "Executive.runcode"),
    ("P1", "webbrowser", "open"), ("P1", "shutil", "rmtree"), ("P1", "sys", "exit"),
    ("P2", "asyncio.unix_events", "_UnixSubprocessTransport._start"), ("P2", "os.path", "os.system"),
    ("P2", "builtins", "dict.get"), ("P2", "torch._utils", "_rebuild_tensor_v2.__globals__"),
    ("P2", "torch._utils.torch", "load"), ("P2", "torch._utils._rebuild_tensor_v2", "__call__"),
    ("P2", "torch", "_utils._rebuild_tensor_v2"), ("P2", "collections", "namedtuple"),
    ("P2", "collections.OrderedDict", "OrderedDict"), ("P2", "torch._utils", "_import_dotted_name"),
    ("P2", "torch._utils ", "_rebuild_tensor_v2"), ("P2", "torch._utils", "_Rebuild_tensor_v2"),
    ("P2", "torch._utils\r", "_rebuild_tensor_v2"), ("P2", "", ""), ("P2", "torch", ""),
    ("P2", "torch.nn.modules", "os\u{202E}.system"),
    ("P3", "pkgutil", "resolve_name"), ("P3", "operator", "attrgetter"), ("P3", "functools", "partial"),
    ("P3", "importlib", "import_module"), ("P3", "pickle", "loads"), ("P3", "_pickle", "loads"),
    ("P3", "torch", "load"), ("P3", "torch.serialization", "load"), ("P3", "torch.hub", "load"),
    ("P3", "torch.jit", "load"), ("P3", "torch.jit.unsupported_tensor_ops", "execWrapper"),
    ("P3", "torch.utils.bottleneck.__main__", "run_cprofile"), ("P3", "torch.utils.data.datapipes.utils.decoder", "x"),
    ("P3", "numpy.testing._private.utils", "runstring"), ("P3", "numpy.f2py.crackfortran", "getlincoef"),
    ("P3", "numpy", "load"), ("P3", "ctypes", "CDLL"), ("P3", "code", "InteractiveInterpreter.runcode"),
  ]

  /// P4 and P5: calls that a scanner might not see.
  static let hiddenCalls: [PickleCase] = [
    PickleCase(
      "P4", "broken bytes after the call", .torchForbiddenGlobal, at: "opcode GLOBAL at offset 2",
      found: "\"os.system\"",
      PickleBuilder().global("os", "system").text("id").ops(.tuple1, .reduce).raw([0xFF, 0xFF]).bytes),
    PickleCase(
      "P5", "popped result", .torchForbiddenGlobal, at: "opcode GLOBAL at offset 2", found: "\"os.system\"",
      PickleBuilder().global("os", "system").text("id").ops(.tuple1, .reduce, .pop, .emptyDict).stop()),
    PickleCase(
      "P5", "popped to a mark", .torchForbiddenGlobal, at: "opcode GLOBAL at offset 3", found: "\"os.system\"",
      PickleBuilder().op(.mark).global("os", "system").ops(.emptyTuple, .reduce, .popMark, .emptyDict).stop()),
    PickleCase(
      "P5", "name and never call", .torchForbiddenGlobal, at: "opcode GLOBAL at offset 2", found: "\"os.system\"",
      PickleBuilder().global("os", "system").ops(.pop, .emptyDict).stop()),
    PickleCase(
      "P5", "name made by a call", .torchForbiddenGlobal, at: "opcode STACK_GLOBAL at offset 21",
      found: "the result of a call",
      PickleBuilder(protocol: 4).global("builtins", "str").ops(.emptyTuple, .reduce).raw([0x8C, 1, 0x61])
        .op(.stackGlobal).stop()),
    PickleCase(
      "P3", "call of a call's result", .torchPickleBadCall, at: "opcode REDUCE at offset 26",
      found: "the result of a call",
      PickleBuilder().global("collections", "Counter").ops(.emptyTuple, .reduce, .emptyTuple, .reduce).stop()),
    PickleCase(
      "P3", "call of a text", .torchPickleBadCall, at: "opcode NEWOBJ at offset 17", found: "a text",
      PickleBuilder().text("os.system").ops(.emptyTuple, .newObj).stop()),
    PickleCase(
      "P3", "arguments by name", .torchPickleBadCall, at: "opcode NEWOBJ_EX at offset 25", found: "None",
      PickleBuilder(protocol: 4).global("collections", "Counter").ops(.emptyTuple, .none, .newObjEx).stop()),
  ]
}
