#!/usr/bin/env python3
"""Makes Tests/Fixtures/torch/hostile: files that must be refused, each for one reason (development only).

usage: make-hostile-torch-files.py FIXTURES_FOLDER/torch

Needs Python alone; the bytes are the same in every run. Pickles are put together from opcodes and archives from
headers, so that each file is as an attacker would write it and right in everything else. What a file would run, if
anything ran it, makes an empty file `pickle-was-run` in the current folder. manifest.json names the file, the row of
the list of malformed inputs (P1 ... P23) and says in one sentence what is wrong; `harmless` marks what may also be
read.
"""
import io
import json
import pathlib
import pickle
import shutil
import struct
import sys
import tarfile
import zlib

MARKER = "pickle-was-run"
SHELL = f"touch {MARKER}"
# Files that a reader which builds nothing may read, if it costs nothing and `weight` is right.
HARMLESS = {"pickle-billion-laughs.pt", "pickle-list-in-itself.pt", "pickle-memo-index.pt",
            "pickle-second-protocol.pt", "state-two-types-agreeing.pt", "legacy-keys-extra.pt",
            "legacy-storage-view-inside.pt"}
PYTHON = f"open('{MARKER}', 'w')"


# Opcodes.
def name(module, attribute):
    return b"c" + module.encode() + b"\n" + attribute.encode() + b"\n"


def text(value):
    data = value.encode()
    return b"X" + struct.pack("<I", len(data)) + data


def number(value):
    if -(1 << 31) <= value < 1 << 31:
        return b"J" + struct.pack("<i", value)
    data = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)
    return b"\x8a" + bytes([len(data)]) + data


def sequence(*items):
    return b"(" + b"".join(items) + b"t"


def numbers(values):
    return sequence(*(value if isinstance(value, bytes) else number(value) for value in values))


def dictionary(**entries):
    return b"}(" + b"".join(text(key) + value for key, value in entries.items()) + b"u"


def call(module, attribute, *arguments):
    return name(module, attribute) + sequence(*arguments) + b"R"


def program(body, protocol=2, end=b"."):
    return b"\x80" + bytes([protocol]) + body + end


def storage(kind="FloatStorage", key="0", count=6, place="cpu", module="torch", more=b""):
    key = key if isinstance(key, bytes) else text(key)
    return sequence(text("storage"), name(module, kind), key, text(place), number(count), more) + b"Q"


def tensor(held=None, offset=0, shape=(2, 3), stride=(3, 1), rebuild="_rebuild_tensor_v2"):
    offset = offset if isinstance(offset, bytes) else number(offset)
    return call("torch._utils", rebuild, held or storage(), offset, numbers(shape), numbers(stride), b"\x89",
                call("collections", "OrderedDict"))


FLOATS = struct.pack("<6f", *range(1, 7))
SYSTEM = call("posix", "system", text(SHELL))


# Archives.
class Entry:
    """A stored file; whatever is given in `local` or `central` replaces the true field of that header."""

    def __init__(self, path, data, method=0, local=None, central=None, extra=b"", central_extra=b"", listed=True):
        self.path, self.data, self.method, self.extra, self.central_extra = path, data, method, extra, central_extra
        self.local, self.central, self.listed = local or {}, central or {}, listed

    def fields(self, changes):
        packed = self.data
        if self.method == 8:
            compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
            packed = compressor.compress(self.data) + compressor.flush()
        result = {"path": self.path, "flags": 0, "method": self.method, "crc": zlib.crc32(self.data),
                  "packed": len(packed), "size": len(self.data), "version": 20, "bytes": packed}
        return result | changes

    def header(self):
        f = self.fields(self.local)
        path = f["path"].encode()
        return struct.pack("<IHHHHHIIIHH", 0x04034B50, f["version"], f["flags"], f["method"], 0, 0x21, f["crc"],
                           f["packed"], f["size"], len(path), len(self.extra)) + path + self.extra + f["bytes"]

    def listing(self, offset):
        f = self.fields(self.central)
        path = f["path"].encode()
        return struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, f["version"], f["version"], f["flags"], f["method"], 0,
                           0x21, f["crc"], f["packed"], f["size"], len(path), len(self.central_extra), 0, 0, 0, 0,
                           f.get("offset", offset)) + path + self.central_extra


def archive(entries, comment=b"", start=0):
    body, listing, count = b"", b"", 0
    for entry in entries:
        if entry.listed:
            listing += entry.listing(start + len(body))
            count += 1
        body += entry.header()
    return body + listing + end_record(count, len(listing), start + len(body), comment)


def end_record(count, size, offset, comment=b""):
    return struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, size, offset, len(comment)) + comment


def checkpoint(document=None, data=FLOATS, order=b"little", more=(), start=0, comment=b"", **storage_changes):
    """A whole file as torch.save writes it; `document` is the body of the pickle or all of it."""
    document = dictionary(weight=tensor()) if document is None else document
    document = document if document[:1] == b"\x80" else program(document)
    entries = [Entry("archive/data.pkl", document), Entry("archive/byteorder", order)]
    if data is not None:
        entries.append(Entry("archive/data/0", data, **storage_changes))
    return archive(entries + list(more) + [Entry("archive/version", b"3\n")], comment, start)


def legacy(document=None, keys=("0",), records=None, magic=0x1950A86A20F9469CFC6C, version=1001, end=b""):
    document = dictionary(weight=tensor(storage(more=b"N"))) if document is None else document
    records = struct.pack("<q", 6) + FLOATS if records is None else records
    parts = [pickle.dumps(part, 2) for part in (magic, version, {
        "protocol_version": 1001, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}})]
    return b"".join(parts) + program(document) + pickle.dumps(list(keys), 2) + records + end


def tar(members):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as file:
        for path, data in members:
            entry = tarfile.TarInfo(path)
            entry.size = len(data)
            file.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()[:3584]


def calls():
    """P1 to P3: names that a loader would call."""
    yield "os-system", "P1", "calls posix.system beside a good tensor", SYSTEM
    yield "nt-system", "P1", "calls nt.system, the name of os.system on another system", (
        call("nt", "system", text(SHELL)))
    yield "os-popen", "P1", "calls os.popen", call("os", "popen", text(SHELL))
    yield "builtins-eval", "P1", "calls builtins.eval", call("builtins", "eval", text(PYTHON))
    yield "python2-eval", "P1", "calls eval by its name in Python 2", call("__builtin__", "eval", text(PYTHON))
    yield "builtins-exec", "P1", "calls builtins.exec", call("builtins", "exec", text(PYTHON))
    yield "builtins-getattr", "P3", "reaches system through builtins.getattr", (
        call("builtins", "getattr", call("importlib", "import_module", text("os")), text("system"))
        + sequence(text(SHELL)) + b"R")
    yield "subprocess-new-object", "P1", "makes a subprocess.Popen with NEWOBJ instead of REDUCE", (
        name("subprocess", "Popen") + sequence(sequence(text("touch"), text(MARKER))) + b"\x81")
    yield "pip-main", "P1", "calls pip.main (CVE-2025-1716)", (
        call("pip", "main", b"](" + text("--version") + text("--quiet") + b"e"))
    yield "runpy", "P1", "calls runpy.run_path", call("runpy", "run_path", text("payload.py"))
    yield "torch-hub-load", "P2", "calls torch.hub.load, hidden behind the name of PyTorch", (
        call("torch.hub", "load", text("nobody/nothing"), text("run")))
    yield "torch-load", "P2", "calls torch.load on another file", call("torch", "load", text("other.pt"))
    yield "torch-load-from-bytes", "P2", "calls torch.storage._load_from_bytes, which unpickles without any limit", (
        call("torch.storage", "_load_from_bytes", b"C\x04abcd"))
    yield "torch-submodule", "P2", "walks from torch.serialization to os.system with a dotted name", (
        text("torch.serialization") + text("os.system") + b"\x93" + sequence(text(SHELL)) + b"R")
    yield "torch-utils-submodule", "P2", "names a module under torch._utils that is not there", (
        name("torch._utils.os", "system") + sequence(text(SHELL)) + b"R")
    yield "torch-collect-env", "P2", "calls torch.utils.collect_env.run, which starts programs", (
        call("torch.utils.collect_env", "run", text(SHELL)))
    yield "subclass-runcode", "P2", "calls a method of a class that inherits from a blocked one", (
        text("idlelib.pyshell") + text("ModifiedInterpreter.runcode") + b"\x93" + sequence(text(PYTHON)) + b"R")
    yield "asyncio-subprocess", "P2", "names a private subclass that starts programs", (
        text("asyncio.unix_events") + text("_UnixSubprocessTransport._start") + b"\x93" + sequence(text(SHELL)) + b"R")
    yield "look-alike", "P2", "writes the o of torch in Cyrillic", (
        text("t\u043erch._utils") + text("_rebuild_tensor_v2") + b"\x93" + sequence(number(1)) + b"R")
    yield "resolve-name", "P3", "reaches system through pkgutil.resolve_name", (
        call("pkgutil", "resolve_name", text("os:system")) + sequence(text(SHELL)) + b"R")
    yield "attrgetter", "P3", "reaches system through operator.attrgetter", (
        call("operator", "attrgetter", text("system")) + sequence(call("importlib", "import_module", text("os")))
        + b"R" + sequence(text(SHELL)) + b"R")
    yield "partial", "P3", "hides system in functools.partial", (
        call("functools", "partial", name("posix", "system"), text(SHELL)) + b")R")
    yield "computed-name", "P3", "makes the text of a name by calling str.join", (
        call("builtins", "str.join", text(""), sequence(text("po"), text("six"))) + text("system") + b"\x93"
        + sequence(text(SHELL)) + b"R")
    yield "map-of-system", "P3", "calls nothing itself: next(map(system, ...)) does", (
        call("builtins", "next", call("builtins", "map", name("posix", "system"), sequence(text(SHELL)))))


def pickles():
    """P4, P5, P9 to P11: streams; the second value is the whole pickle."""
    good = tensor()
    yield "payload-then-broken", "P4", "calls posix.system, then has an opcode that is none", program(SYSTEM + b"\xff")
    yield "payload-then-end", "P4", "calls posix.system, then ends without STOP", program(SYSTEM, end=b"")
    yield "payload-popped", "P5", "drops the result of posix.system before the dictionary", (
        program(SYSTEM + b"0" + dictionary(weight=good)))
    yield "payload-popped-mark", "P5", "drops the result of posix.system with POP_MARK", (
        program(b"(" + SYSTEM + b"1" + dictionary(weight=good)))
    yield "named-and-popped", "P5", "names posix.system and drops it without a call", (
        program(name("posix", "system") + b"0" + dictionary(weight=good)))
    yield "payload-in-memo", "P5", "calls posix.system out of the memo", (
        program(name("posix", "system") + b"q\x000h\x00" + sequence(text(SHELL)) + b"R0" + dictionary(weight=good)))
    yield "payload-under-stop", "P5", "leaves the result of posix.system below the dictionary", (
        program(SYSTEM + dictionary(weight=good)))
    laughs = b"]q\x00" + b"".join(
        b"0](" + b"h" + bytes([level]) + b"h" + bytes([level]) + b"h" + bytes([level]) + b"eq" + bytes([level + 1])
        for level in range(200))
    yield "billion-laughs", "P9", "lists of lists out of the memo, 3 to the 200th elements", (
        program(dictionary(weight=good, more=laughs)))
    yield "deep-lists", "P9", "fifteen hundred lists in each other", program(b"]" * 1500 + b"a" * 1499)
    yield "list-in-itself", "P9", "a list that holds itself", program(dictionary(weight=good, loop=b"]q\x00h\x00a"))
    yield "tuple-of-itself", "P9", "a tensor whose shape is a list that holds itself", program(dictionary(
        weight=call("torch._utils", "_rebuild_tensor_v2", storage(), number(0), b"]q\x00h\x00a", b")", b"\x89", b"}")))
    yield "long-length", "P10", "an integer of 2 GiB", program(b"\x8b" + struct.pack("<i", 0x7FFFFFFF))
    yield "negative-length", "P10", "an integer of -1 bytes", program(b"\x8b" + struct.pack("<i", -1))
    yield "bytes-length", "P10", "bytes of 2 to the 62nd", program(b"\x8e" + struct.pack("<Q", 1 << 62))
    yield "text-length", "P10", "text of 2 to the 64th less one", program(b"\x8d" + struct.pack("<Q", (1 << 64) - 1))
    yield "byte-array-length", "P10", "a byte array of 2 to the 40th", program(b"\x96" + struct.pack("<Q", 1 << 40), 5)
    yield "frame-length", "P10", "a frame longer than the file", program(b"\x95" + struct.pack("<Q", 1 << 50) + b"}", 4)
    yield "memo-index", "P10", "a memo entry with number four thousand million", (
        program(dictionary(weight=good) + b"r\xff\xff\xff\xff"))
    yield "missing-memo", "P10", "a memo entry that was never set", program(b"}h\x09")
    yield "inst", "P11", "INST, which names and calls at once", program(b"(" + text(SHELL) + b"iposix\nsystem\n")
    yield "obj", "P11", "OBJ, which calls", program(b"(" + name("posix", "system") + text(SHELL) + b"o")
    yield "extension", "P11", "EXT1, a call by number", program(b"\x82\x01" + sequence() + b"R")
    yield "text-persistent", "P11", "PERSID in text form", program(b"Pstorage\n")
    yield "next-buffer", "P11", "NEXT_BUFFER, data outside of the pickle", program(b"\x97", 5)
    yield "no-stop", "P11", "no STOP at the end", program(dictionary(weight=good), end=b"")
    yield "after-stop", "P11", "a second pickle after STOP", program(dictionary(weight=good)) + program(SYSTEM)
    yield "protocol-6", "P11", "protocol 6", program(dictionary(weight=good), 6)
    yield "second-protocol", "P11", "PROTO once more in the middle", program(dictionary(weight=good) + b"\x80\x04")
    yield "empty-stack", "P11", "STOP with nothing on the stack", program(b"")
    yield "open-mark", "P11", "STOP behind an open mark", program(b"(" + dictionary(weight=good))
    yield "no-mark", "P11", "TUPLE without a mark", program(b"t")
    yield "odd-entries", "P11", "SETITEMS with a key that has no value", program(b"}(" + text("weight") + b"u")


def tensors():
    """P7, P21, P22: what tensors say about storages; the value is the dictionary's entry `weight`."""
    yield "storage-larger", "P7", "the pickle says 1000 elements, the record has 6", tensor(storage(count=1000))
    yield "storage-smaller", "P7", "the pickle says 3 elements, the record has 6", (
        tensor(storage(count=3), shape=(1, 3)))
    yield "storage-huge", "P7", "the pickle says 2 to the 61st elements, whose bytes wrap to 0", (
        tensor(storage(count=1 << 62)))
    yield "storage-negative", "P7", "the pickle says -1 elements", tensor(storage(count=-1))
    yield "storage-type", "P7", "the pickle says 6 doubles, the record has 24 bytes", tensor(storage("DoubleStorage"))
    yield "storage-unknown", "P7", "a storage class that is none", tensor(storage("WordStorage"))
    yield "storage-not-a-class", "P7", "the class of the storage is a function", (
        tensor(storage("_rebuild_tensor_v2", module="torch._utils")))
    yield "storage-not-storage", "P7", "the persistent identifier is no storage", (
        tensor(sequence(text("module"), text("a"), text("b")) + b"Q"))
    yield "storage-replaced", "P7", "a number stands where the storage should", tensor(number(7))
    yield "set-item-on-tensor", "P7", "SETITEM on a tensor (CVE-2026-24747)", tensor() + number(0) + number(9) + b"s"
    yield "append-on-tensor", "P7", "APPEND on a tensor", tensor() + number(0) + b"a"
    yield "state-on-tensor", "P7", "BUILD hands a tensor another storage", (
        tensor() + sequence(storage(), number(0), numbers((100, 100)), numbers((100, 1))) + b"b")
    yield "state-on-storage", "P7", "BUILD on a storage", tensor(storage() + b"}b")
    yield "metadata", "P7", "the last argument asks for the other sign of all values", call(
        "torch._utils", "_rebuild_tensor_v2", storage(), number(0), numbers((2, 3)), numbers((3, 1)), b"\x89",
        call("collections", "OrderedDict"), b"}" + text("neg") + b"\x88s")
    yield "too-few-arguments", "P7", "a rebuild with two arguments", (
        call("torch._utils", "_rebuild_tensor_v2", storage(), number(0)))
    yield "too-many-arguments", "P7", "a rebuild with nine arguments", call(
        "torch._utils", "_rebuild_tensor_v2", storage(), number(0), numbers((6,)), numbers((1,)), b"\x89", b"}", b"}",
        number(1), number(2))
    yield "missing-storage", "P21", "the storage's record is not in the archive", tensor(storage(key="1"))
    yield "storage-path", "P21", "the storage's key leads out of the archive", tensor(storage(key="../../weights"))
    yield "storage-other-record", "P21", "the storage's key names the pickle", tensor(storage(key="../data.pkl"))
    yield "storage-key-number", "P21", "the storage's key is a number", tensor(storage(key=number(0)))
    yield "view-past-end", "P22", "a view of 8 elements in a storage of 6", tensor(shape=(2, 4), stride=(4, 1))
    yield "view-offset", "P22", "an offset behind the storage", tensor(offset=5)
    yield "view-stride", "P22", "a stride that leaves the storage", tensor(stride=(100, 1))
    yield "negative-stride", "P22", "a negative stride", tensor(offset=5, stride=(-3, -1))
    yield "negative-offset", "P22", "a negative offset", tensor(offset=-1)
    yield "negative-shape", "P22", "a negative extent", tensor(shape=(-2, -3))
    yield "count-overflow", "P22", "extents whose product wraps to 0", tensor(shape=(1 << 32, 1 << 32), stride=(0, 0))
    yield "count-huge", "P22", "one element seen 2 to the 62nd times with stride 0", (
        tensor(shape=(1 << 62,), stride=(0,)))
    yield "count-large", "P22", "24 bytes that are 1 TiB when written out with stride 0", (
        tensor(shape=(1 << 38,), stride=(0,)))
    yield "stride-overflow", "P22", "a stride whose reach wraps into the storage", (
        tensor(shape=(5, 1), stride=(1 << 62, 1)))
    yield "offset-overflow", "P22", "an offset of 2 to the 63rd less one", tensor(offset=(1 << 63) - 1)
    yield "offset-long", "P22", "an offset beyond 64 bits", tensor(offset=1 << 70)
    yield "rank-mismatch", "P22", "two extents and three strides", tensor(stride=(3, 1, 1))
    yield "rank-huge", "P22", "three hundred dimensions", tensor(shape=(1,) * 300, stride=(1,) * 300)
    yield "shape-real", "P22", "an extent with a fraction", tensor(shape=(b"G" + struct.pack(">d", 2.5), 3))
    yield "shape-boolean", "P22", "an extent that is True", tensor(shape=(b"\x88", 3))
    yield "shape-text", "P22", "an extent that is text", tensor(shape=(text("2"), 3))
    yield "offset-none", "P22", "an offset that is None", tensor(offset=b"N")


def documents():
    """More of P7 and P22: whole dictionaries."""
    yield "two-types", "P7", "one storage as 6 floats and as 6 long integers", dictionary(
        weight=tensor(), b=tensor(storage("LongStorage"), shape=(3,), stride=(1,)))
    yield "two-types-agreeing", "P7", "one storage as 6 floats and as 3 long integers, which PyTorch does not write", (
        dictionary(weight=tensor(), b=tensor(storage("LongStorage", count=3), shape=(3,), stride=(1,))))
    yield "two-counts", "P7", "one storage with 6 and with 5 elements", dictionary(
        weight=tensor(), b=tensor(storage(count=5), shape=(5,), stride=(1,)))
    yield "name-twice", "P7", "one name for two tensors, the second silently wins in Python", (
        b"}(" + text("weight") + tensor() + text("weight") + tensor(shape=(3, 2), stride=(2, 1)) + b"u")
    yield "name-control", "P21", "a name with a line break and an escape sequence", (
        b"}" + text("a\n\x1b[2Jb") + tensor() + b"s")
    yield "name-direction", "P21", "a name that is shown backwards", b"}" + text("a\u202eb") + tensor() + b"s"
    yield "name-number", "P7", "a tensor under a number", b"}" + number(1) + tensor() + b"s"
    yield "name-tensor", "P7", "a tensor under a tensor", b"}" + tensor() + tensor() + b"s"
    yield "root-storage", "P7", "a storage in place of the dictionary", storage()
    yield "root-global", "P7", "a function in place of the dictionary", name("torch._utils", "_rebuild_tensor_v2")


def archives():
    """P12 to P23: whole files."""
    other = Entry("archive/data/1", FLOATS)
    good = checkpoint()
    evil = checkpoint(SYSTEM)
    yield "other-local-name", "P12", "the local header names another file", (
        checkpoint(local={"path": "archive/data/9"}))
    yield "other-local-pickle", "P12", "the pickle's local header says data.txt (CVE-2025-1944)", archive([
        Entry("archive/data.pkl", program(SYSTEM), local={"path": "archive/data.txt"}),
        Entry("archive/version", b"3\n")])
    yield "encrypted-flag", "P13", "the encryption flag in both headers", (
        checkpoint(local={"flags": 1}, central={"flags": 1}))
    yield "encrypted-local", "P13", "the encryption flag in the local header only (CVE-2025-1945)", (
        checkpoint(local={"flags": 1}))
    yield "encrypted-central", "P13", "the encryption flag in the central directory only", (
        checkpoint(central={"flags": 1}))
    yield "descriptor-flag", "P13", "a data descriptor is announced and missing", (
        checkpoint(local={"flags": 8}, central={"flags": 8}))
    yield "wrong-checksum", "P14", "a storage with another checksum in both headers", (
        checkpoint(local={"crc": 1}, central={"crc": 1}))
    yield "wrong-pickle-checksum", "P14", "a pickle with another checksum (CVE-2025-10156)", archive([
        Entry("archive/data.pkl", program(SYSTEM), local={"crc": 1}, central={"crc": 1}),
        Entry("archive/version", b"3\n")])
    yield "checksums-disagree", "P14", "two checksums for one storage", checkpoint(local={"crc": 1})
    yield "plain-pickle", "P15", "a pickle without archive or magic number", program(SYSTEM)
    yield "seven-zip", "P15", "begins as 7z, a zip archive follows", b"7z\xbc\xaf\x27\x1c\x00\x04" + good
    yield "gzip", "P15", "gzip", b"\x1f\x8b\x08\x00" + bytes(20)
    yield "overlap", "P16", "two files in the same bytes", (
        checkpoint(more=[Entry("archive/data/1", FLOATS, central={"offset": 0})]))
    yield "overlap-inside", "P16", "a file that begins inside of another", checkpoint(
        data=Entry("archive/data/1", FLOATS).header(), more=[Entry("archive/data/1", FLOATS, central={"offset": 400})])
    yield "deflated", "P17", "a compressed storage", checkpoint(data=bytes(24), method=8)
    yield "deflated-bomb", "P17", "a megabyte of zeros in a kilobyte", (
        checkpoint(dictionary(weight=tensor(storage(count=1 << 18))), data=bytes(1 << 20), method=8))
    yield "no-directory", "P18", "cut off before the central directory", good[:good.index(b"PK\x01\x02")]
    yield "no-end-record", "P18", "cut off before the end record", good[:-22]
    yield "comment", "P18", "a comment", checkpoint(comment=b"hello")
    yield "comment-archive", "P18", "a comment that is another archive", checkpoint(comment=evil)
    yield "prepended", "P18", "bytes before the archive", b"#!/bin/sh\n" + good
    yield "prepended-counted", "P18", "bytes before the archive, counted in its offsets", (
        b"#!/bin/sh\n" + checkpoint(start=10))
    yield "appended", "P18", "bytes after the archive", good + b"more"
    yield "two-archives", "P18", "two archives after each other, readers disagree which counts", evil + good
    yield "two-archives-counted", "P18", "the second archive's offsets count the first", (
        evil + checkpoint(start=len(evil)))
    yield "two-end-records", "P18", "two end records", good + good[-22:]
    yield "unlisted", "P19", "a local file that the central directory does not list", (
        checkpoint(more=[Entry("archive/data/1", FLOATS, listed=False)]))
    yield "listed-count", "P18", "the end record counts more files than are listed", (
        good[:-14] + struct.pack("<HH", 9, 9) + good[-10:])
    yield "directory-offset", "P18", "the central directory begins behind the file", (
        good[:-6] + struct.pack("<I", len(good) + 1) + good[-2:])
    wide = struct.pack("<HHQ", 1, 8, (1 << 64) - 16)
    yield "wide-offset-wraps", "P20", "a Zip64 offset close to 2 to the 64th", (
        checkpoint(central={"offset": 0xFFFFFFFF}, central_extra=wide))
    yield "wide-size-wraps", "P20", "a Zip64 size close to 2 to the 64th", checkpoint(
        central={"packed": 0xFFFFFFFF, "size": 0xFFFFFFFF},
        central_extra=struct.pack("<HHQQ", 1, 16, (1 << 64) - 8, (1 << 64) - 8))
    yield "wide-extra-short", "P20", "a Zip64 field shorter than its own length", (
        checkpoint(central={"offset": 0xFFFFFFFF}, central_extra=struct.pack("<HHI", 1, 8, 0)))
    yield "wide-extra-missing", "P20", "an offset in a Zip64 field that is not there", (
        checkpoint(central={"offset": 0xFFFFFFFF}))
    yield "path-up", "P21", "a name with ..", checkpoint(more=[Entry("archive/../../evil", b"x")])
    yield "path-absolute", "P21", "an absolute name", checkpoint(more=[Entry("/etc/evil", b"x")])
    yield "path-backslash", "P21", "a name with backslashes", checkpoint(more=[Entry("archive\\..\\evil", b"x")])
    yield "path-zero", "P21", "a name with a zero byte", checkpoint(more=[Entry("archive/data/1\0", b"x")])
    yield "two-names", "P21", "two files of one name", checkpoint(more=[Entry("archive/data/0", FLOATS[::-1])])
    yield "two-pickles", "P21", "two pickles of one name", (
        checkpoint(more=[Entry("archive/data.pkl", program(SYSTEM))]))
    yield "two-roots", "P21", "two top folders", checkpoint(more=[Entry("other/data.pkl", program(SYSTEM))])
    yield "no-pickle", "P21", "no data.pkl", archive([Entry("archive/version", b"3\n"), other])
    yield "empty-pickle", "P11", "data.pkl has no bytes", archive([
        Entry("archive/data.pkl", b""), Entry("archive/version", b"3\n")])
    yield "byte-order-unknown", "P22", "a byte order that is none", checkpoint(order=b"middle")
    yield "byte-order-empty", "P22", "an empty byte order", checkpoint(order=b"")
    yield "byte-order-long", "P22", "a byte order with a line break", checkpoint(order=b"little\n")
    yield "odd-storage", "P7", "a record that ends within an element", checkpoint(data=FLOATS[:-1])
    yield "script", "P23", "TorchScript: code in the archive", checkpoint(more=[
        Entry("archive/code/__torch__.py", b"class Net(Module):\n  pass\n"),
        Entry("archive/constants.pkl", program(b")"))])
    yield "exported", "P23", "an exported program (.pt2)", archive([
        Entry("archive/archive_format", b"pt2"), Entry("archive/models/model.json", b"{}"),
        Entry("archive/data/weights/weight_0", FLOATS)])
    yield "tar", "P6", "a tar checkpoint whose pickle calls posix.system (CVE-2025-32434)", tar([
        ("storages", pickle.dumps(0, 2) + pickle.dumps([], 2)), ("tensors", pickle.dumps(0, 2)),
        ("pickle", program(SYSTEM))])


def legacies():
    """P1, P7, P11, P23 in files of several pickles."""
    yield "system", "P1", "the object's pickle calls posix.system", legacy(SYSTEM)
    yield "magic", "P23", "another magic number", legacy(magic=0x1950A86A20F9469CFC6D)
    yield "magic-call", "P1", "the magic number's pickle calls posix.system", (
        program(SYSTEM) + legacy()[len(pickle.dumps(0x1950A86A20F9469CFC6C, 2)):])
    yield "version", "P23", "another version of the format", legacy(version=1002)
    yield "keys-call", "P1", "the list of keys calls posix.system", (
        legacy(records=b"").removesuffix(pickle.dumps(["0"], 2)) + program(b"](" + SYSTEM + b"e"))
    yield "keys-missing", "P21", "the list of keys lacks a storage", legacy(keys=(), records=b"")
    yield "keys-extra", "P21", "the list of keys has a storage that nothing uses", (
        legacy(keys=("0", "1"), records=2 * (struct.pack("<q", 6) + FLOATS)))
    yield "keys-twice", "P21", "the list of keys has a storage twice", (
        legacy(keys=("0", "0"), records=2 * (struct.pack("<q", 6) + FLOATS)))
    yield "keys-not-text", "P21", "the list of keys has a number", legacy(keys=(0,))
    yield "count-larger", "P7", "the record says 1000 elements, the pickle 6", (
        legacy(records=struct.pack("<q", 1000) + FLOATS))
    yield "count-smaller", "P7", "the record says 5 elements, the pickle 6", (
        legacy(records=struct.pack("<q", 5) + FLOATS))
    yield "count-negative", "P7", "the record says -6 elements", legacy(records=struct.pack("<q", -6) + FLOATS)
    yield "count-huge", "P7", "record and pickle say 2 to the 60th elements", legacy(
        dictionary(weight=tensor(storage(count=1 << 60, more=b"N"))), records=struct.pack("<q", 1 << 60) + FLOATS)
    yield "cut", "P18", "cut off inside of the last storage", legacy(records=struct.pack("<q", 6) + FLOATS[:-4])
    yield "appended", "P18", "bytes after the last storage", legacy(end=b"more")
    yield "appended-zip", "P18", "a zip archive after the last storage", legacy(end=checkpoint(SYSTEM))
    view = sequence(text("1"), number(4), number(6))
    yield "storage-view", "P22", "a view of a storage that leaves the storage it is part of", (
        legacy(dictionary(weight=tensor(storage(more=view)))))
    whole = sequence(text("1"), number(0), number(6))
    yield "storage-view-inside", "P22", "a view of a whole storage, as versions before 0.4 wrote", (
        legacy(dictionary(weight=tensor(storage(more=whole)))))
    yield "module", "P1", "a persistent identifier with the source of a class", legacy(
        sequence(text("module"), name("__main__", "Net"), text("net.py"), text(PYTHON)) + b"Q")
    yield "storage-path", "P21", "a storage's key with path characters", legacy(
        dictionary(weight=tensor(storage(key="../0", more=b"N"))), keys=("../0",))


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1]) / "hostile"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    rows = []

    def write(prefix, label, row, about, data):
        file = f"{prefix}-{label}.pt"
        assert not (folder / file).exists(), file
        assert len(data) <= 4096, (file, len(data))
        (folder / file).write_bytes(data)
        rows.append({"file": file, "row": row, "about": about})
        if file in HARMLESS:
            rows[-1]["harmless"] = True

    for label, row, about, body in calls():
        write("call", label, row, about, checkpoint(dictionary(weight=tensor(), payload=body)))
    for label, row, about, document in pickles():
        write("pickle", label, row, about, checkpoint(document))
    for label, row, about, value in tensors():
        write("tensor", label, row, about, checkpoint(dictionary(weight=value)))
    for label, row, about, document in documents():
        write("state", label, row, about, checkpoint(document))
    for label, row, about, data in archives():
        write("file", label, row, about, data)
    for label, row, about, data in legacies():
        write("legacy", label, row, about, data)
    (folder / "good.pt").write_bytes(checkpoint())
    (folder / "good-legacy.pt").write_bytes(legacy())
    manifest = {"marker": MARKER, "readable": ["good.pt", "good-legacy.pt"], "files": rows}
    text_of_rows = json.dumps(manifest, separators=(",", ":")).replace('{"file"', '\n{"file"')
    (folder / "manifest.json").write_text(text_of_rows + "\n")
    size = sum(path.stat().st_size for path in folder.iterdir())
    print(f"{len(rows)} hostile files and 2 good ones, {size} bytes")


main()
