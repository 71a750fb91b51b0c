#!/usr/bin/env python3
"""Makes the PyTorch files of Tests/Fixtures/torch/VERSION and the values that are expected of them (development only).

usage: make-torch-files.py FIXTURES_FOLDER/torch

Run it once with each PyTorch; the files go into a folder named after the version, which is emptied first. The committed
files were written by 1.13.1 (Python 3.11) and 2.15.0 (Python 3.11), each with numpy installed. Values are counted, not
drawn, so that every run and every version gives the same tensors; storage keys of legacy files are addresses, so their
bytes differ from run to run.

manifest.json has one row for each file:
  file        name in the folder
  container   zip, legacy (several pickles, then storages), tar, or what else a refused file is
  protocol    of the pickle
  outcome     read or refuse; refused files have a reason
  keyPath     the dictionary that holds the tensors: [] is the top one
  expected    safetensors file with the values, contiguous, under the names in that dictionary
  ignored     names in that dictionary that are no tensors
  tensors     name, dtype, shape, stride and offset (in elements), storage (the same number for tensors that share one),
              storageByteCount
"""
import argparse
import collections
import ctypes
import datetime
import io
import json
import pathlib
import pickle
import shutil
import struct
import sys
import tarfile
import warnings
import zipfile

import numpy
import torch
from torch import nn

warnings.simplefilter("ignore")
VERSION = torch.__version__.split("+")[0]
DTYPES = {
    "float64": "F64", "float32": "F32", "float16": "F16", "bfloat16": "BF16", "float8_e5m2": "F8_E5M2",
    "float8_e4m3fn": "F8_E4M3", "int64": "I64", "int32": "I32", "int16": "I16", "int8": "I8", "uint8": "U8",
    "uint16": "U16", "uint32": "U32", "uint64": "U64", "bool": "BOOL",
}
# Types that have a storage class of their own; the others lie in untyped storages.
CLASSIC = {"F64", "F32", "F16", "BF16", "I64", "I32", "I16", "I8", "U8", "BOOL"}
SAFETENSORS = {getattr(torch, name): code for name, code in DTYPES.items() if hasattr(torch, name)}


def counted(*shape, dtype=torch.float32, start=1):
    """Distinct values that every floating point type holds apart from its neighbours up to about a hundred of them."""
    count = 1
    for extent in shape:
        count *= extent
    numbers = [((start * 31 + i * 7) % 97 - 48) / 8 for i in range(count)]
    if dtype == torch.bool:
        numbers = [number > 0 for number in numbers]
    elif not (dtype.is_floating_point or dtype.is_complex):
        numbers = [int(number * 8) % 128 for number in numbers]
    if dtype.is_floating_point:
        return torch.tensor(numbers, dtype=torch.float32).to(dtype).reshape(shape)
    return torch.tensor(numbers, dtype=torch.int64 if not dtype.is_complex else dtype).to(dtype).reshape(shape)


def from_bytes(data, dtype, *shape):
    return torch.frombuffer(bytearray(data), dtype=torch.uint8).clone().view(dtype).reshape(shape)


def contents(tensor):
    tensor = tensor.detach().contiguous()
    size = tensor.numel() * tensor.element_size()
    return ctypes.string_at(tensor.data_ptr(), size) if size else b""


def storage_of(tensor):
    return tensor.untyped_storage() if hasattr(tensor, "untyped_storage") else tensor.storage()._storage


def write_safetensors(path, tensors):
    """The format's own order: wide elements first, so that all of them are aligned, then by name."""
    header, payload = {}, b""
    for name, tensor in sorted(tensors.items(), key=lambda item: (-item[1].element_size(), item[0])):
        data = contents(tensor)
        header[name] = {
            "dtype": SAFETENSORS[tensor.dtype], "shape": list(tensor.shape),
            "data_offsets": [len(payload), len(payload) + len(data)],
        }
        payload += data
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + payload)


def describe(tensors):
    storages, rows = {}, []
    for name, tensor in tensors.items():
        storage = storage_of(tensor.detach())
        group = storages.setdefault(storage.data_ptr() or object(), len(storages))
        rows.append({
            "name": name, "dtype": SAFETENSORS[tensor.dtype], "shape": list(tensor.shape),
            "stride": list(tensor.stride()), "offset": tensor.storage_offset(), "storage": group,
            "storageByteCount": storage.nbytes(),
        })
    return rows


class Writer:
    def __init__(self, folder):
        self.folder, self.rows, self.values, self.refusals = folder, [], {}, []

    def read(self, name, value, key_path=(), containers=("zip", "legacy"), protocols=(2,), like=None, save=None):
        """Writes a value whose tensors must be read, once for each container and protocol."""
        inner = value
        for key in key_path:
            inner = inner[key]
        tensors = {key: item for key, item in inner.items() if isinstance(item, torch.Tensor)}
        expected = f"{like or name}.safetensors"
        if like is None:
            write_safetensors(self.folder / expected, tensors)
        for container in containers:
            for protocol in protocols:
                file = f"{name}.{container}.p{protocol}.pt" if len(protocols) > 1 else f"{name}.{container}.pt"
                row = {"file": file, "container": container, "protocol": protocol, "outcome": "read"}
                row |= {"keyPath": list(key_path), "expected": expected}
                row["ignored"] = [str(key) for key in inner if key not in tensors]
                row["tensors"] = describe(tensors)
                if self.attempt(row, lambda path: (save or save_plainly)(value, path, container == "zip", protocol)):
                    self.check(row, tensors)

    def refuse(self, name, value, reason, containers=("zip",), save=None):
        """Writes a value that must be refused, or says that this PyTorch does not write it."""
        for container in containers:
            row = {"file": f"{name}.{container}.pt", "container": container, "protocol": 2, "outcome": "refuse"}
            self.attempt(row | {"reason": reason},
                         lambda path: (save or save_plainly)(value, path, container == "zip", 2))

    def file(self, name, container, reason, write):
        self.attempt({"file": name, "container": container, "outcome": "refuse", "reason": reason}, write)

    def attempt(self, row, write):
        path = self.folder / row["file"]
        try:
            write(path)
        except Exception as error:  # whatever a version cannot write is reported, not hidden
            path.unlink(missing_ok=True)
            self.refusals.append((row["file"], f"{type(error).__name__}: {str(error).splitlines()[0][:120]}"))
            return False
        self.rows.append(row)
        return True

    def check(self, row, tensors):
        """PyTorch itself reads the file to the same bytes."""
        loaded = torch.load(str(self.folder / row["file"]), map_location="cpu", **({} if VERSION[0] == "1" else
                            {"weights_only": False}))
        for key in row["keyPath"]:
            loaded = loaded[key]
        for key, tensor in tensors.items():
            assert contents(loaded[key]) == contents(tensor), (row["file"], key)
            assert loaded[key].dtype == tensor.dtype and loaded[key].shape == tensor.shape, (row["file"], key)

    def finish(self):
        names = {row.get("expected") for row in self.rows}
        for path in self.folder.glob("*.safetensors"):
            if path.name not in names:
                path.unlink()
        manifest = {"torch": VERSION, "python": sys.version.split()[0], "files": self.rows}
        text = json.dumps(manifest, separators=(",", ":"), ensure_ascii=False)
        text = text.replace('{"file"', '\n{"file"').replace('{"name"', '\n  {"name"') + "\n"
        (self.folder / "manifest.json").write_text(text)
        for file, reason in self.refusals:
            print(f"not written by {VERSION}: {file}: {reason}")
        size = sum(path.stat().st_size for path in self.folder.iterdir())
        print(f"{len(self.rows)} files, {size} bytes with expectations")


def save_plainly(value, path, is_zip, protocol):
    torch.save(value, str(path), pickle_protocol=protocol, _use_new_zipfile_serialization=is_zip)


def save_to_file_object(value, path, is_zip, protocol):
    with open(path, "wb") as file:
        torch.save(value, file, pickle_protocol=protocol, _use_new_zipfile_serialization=is_zip)


def save_from_gpu(value, path, is_zip, protocol):
    """What a process with a GPU writes: the same file, with other locations of the storages."""
    original = torch.serialization.location_tag
    torch.serialization.location_tag = lambda storage: "cuda:1"
    try:
        save_plainly(value, path, is_zip, protocol)
    finally:
        torch.serialization.location_tag = original


def save_without_sources(value, path, is_zip, protocol):
    """Legacy files of modules hold the source of every class and where it lay: neither belongs into a fixture."""
    original = torch.serialization.get_source_lines_and_file
    torch.serialization.get_source_lines_and_file = lambda *arguments: (["class Model: pass\n"], 1, "model.py")
    try:
        save_plainly(value, path, is_zip, protocol)
    finally:
        torch.serialization.get_source_lines_and_file = original


def with_alignment(alignment):
    def save(value, path, is_zip, protocol):
        from torch.utils.serialization import config
        with config.patch({"save.storage_alignment": alignment}):
            save_plainly(value, path, is_zip, protocol)
    return save


def save_without_byte_order(value, path, is_zip, protocol):
    torch.save(value, str(path), pickle_protocol=protocol, _disable_byteorder_record=True)


def save_without_checksums(value, path, is_zip, protocol):
    torch.serialization.set_crc32_options(False)
    try:
        save_plainly(value, path, is_zip, protocol)
    finally:
        torch.serialization.set_crc32_options(True)


def save_big_endian(value, path, is_zip, protocol):
    """What a big-endian machine writes: swapped elements and another `byteorder` record."""
    if not hasattr(torch.serialization, "set_default_load_endianness"):
        raise NotImplementedError("this PyTorch has no byteorder record")
    sizes = {tensor.element_size() for tensor in value.values()}
    assert len(sizes) == 1, "one element size, so that storages can be swapped without the pickle"
    size = sizes.pop()
    buffer = io.BytesIO()
    torch.save(value, buffer, pickle_protocol=protocol)
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(path, "w") as target:
        for entry in source.infolist():
            data = source.read(entry)
            if "/data/" in entry.filename:
                data = b"".join(data[i:i + size][::-1] for i in range(0, len(data), size))
            elif entry.filename.endswith("/byteorder"):
                data = b"big"
            target.writestr(zipfile.ZipInfo(entry.filename), data)


def rezip(value, path, is_zip, protocol):
    """What people make with another zip program: no padding, no checksums left out."""
    buffer = io.BytesIO()
    torch.save(value, buffer, pickle_protocol=protocol)
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(path, "w") as target:
        for entry in source.infolist():
            target.writestr(zipfile.ZipInfo("weights/" + entry.filename.split("/", 1)[1]), source.read(entry))


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed_tokens = nn.Embedding(7, 4)
        self.layers = nn.ModuleList([nn.Linear(4, 4), nn.LayerNorm(4)])
        self.norm = nn.BatchNorm1d(4)
        self.lm_head = nn.Linear(4, 7, bias=False)
        for index, value in enumerate([*self.parameters(), self.norm.running_mean, self.norm.running_var]):
            value.data.copy_(counted(*value.shape, start=index))

    def forward(self, ids):
        return self.lm_head(self.layers[1](self.layers[0](self.embed_tokens(ids))))


class Marked(torch.Tensor):
    """A tensor class that nobody else has."""


class Scripted(torch.jit.ScriptModule):
    """TorchScript whose code comes from text, so that no place of a source file is saved with it."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(counted(2, 3))
        self.define("def forward(self, x):\n    return x * self.weight\n")


def attributed(value, **attributes):
    for name, attribute in attributes.items():
        setattr(value, name, attribute)
    return value


def views():
    base = counted(6, 5)
    cube = counted(2, 3, 4, start=2)
    line = counted(10, start=3)
    return collections.OrderedDict(
        base=base, transposed=base.t(), rows=base[2:4], columns=base[:, 1:4], every_other=base[::2, ::2],
        last=base[5, 4], expanded=line[:4].unsqueeze(1).expand(4, 3), windows=line.unfold(0, 4, 2),
        diagonal=base.diagonal(), permuted=cube.permute(2, 0, 1), flat=cube.reshape(-1)[5:9], again=cube,
        nothing=base[3:3], part=line[7:], ones=torch.ones(1).expand(3, 2),
        channels_last=counted(2, 3, 2, 2, start=4).to(memory_format=torch.channels_last),
        narrow=counted(9, start=5).narrow(0, 2, 5), squeezed=counted(1, 3, 1, start=6).transpose(0, 2),
    )


def every_dtype(codes):
    result = collections.OrderedDict()
    for index, (dtype, code) in enumerate(SAFETENSORS.items()):
        if code not in codes:
            continue
        result[f"{code}.matrix"] = counted(3, 5, dtype=dtype, start=index)
        result[f"{code}.scalar"] = counted(dtype=dtype, start=index + 20)
        result[f"{code}.columns"] = counted(4, 4, dtype=dtype, start=index + 40).t()[1:, ::2]
    special = {
        "F64": "000000000000f0ff 010000000000f87f 0100000000000000 0000000000000080",
        "F32": "000080ff 0100c07f 01000000 00000080 ffff7f7f", "F16": "00fc 017e 0100 0080 ff7b",
        "BF16": "80ff c17f 0100 0080 7f7f", "F8_E5M2": "fc 7d 01 80 7b", "F8_E4M3": "ff 7f 01 80 7e",
    }
    for dtype, code in SAFETENSORS.items():
        if code not in codes:
            continue
        if code in special:
            data = bytes.fromhex(special[code])
            result[f"{code}.special"] = from_bytes(data, dtype, len(special[code].split()))
        elif not code.startswith(("F", "BOOL")):
            size = torch.empty(0, dtype=dtype).element_size()
            result[f"{code}.extremes"] = from_bytes(bytes(size - 1) + b"\x80" + b"\xff" * size, dtype, 2)
    return result


def edges():
    result = collections.OrderedDict()
    result["scalar"] = torch.tensor(2.5)
    result["one"] = counted(1)
    result["empty"] = torch.empty(0)
    result["empty.middle"] = torch.empty(3, 0, 2, dtype=torch.bfloat16)
    result["empty.integers"] = torch.empty(0, 4, dtype=torch.int64)
    result["seven.dimensions"] = counted(1, 2, 1, 3, 1, 2, 1)
    result["größe/名前 \"q\""] = counted(2, start=8)
    result["n" * 300] = counted(2, start=9)
    result["gradient"] = counted(2, 2, start=10).requires_grad_()
    return result


def training():
    model = Model()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    model(torch.tensor([[1, 2, 3]])).sum().backward()
    optimizer.step()
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 10)
    return {
        "state_dict": model.state_dict(), "epoch": 3, "global_step": 2 ** 40, "loss": 0.125, "name": "tiny",
        "optimizer": optimizer.state_dict(), "lr_schedulers": [scheduler.state_dict()], "best": None, "done": False,
        "rng": counted(16, dtype=torch.uint8), "history": [1, 2.5, ("a", -3)],
    }


def training_with_objects():
    result = {"state_dict": Model().state_dict()}
    result["args"] = argparse.Namespace(lr=0.1, layers=[1, 2], name="run")
    result["hyper_parameters"] = collections.defaultdict(list, {"a": [1], "b": []})
    result["counts"] = collections.Counter("abca")
    result["recent"] = collections.deque([1, 2], maxlen=4)
    result["sets"] = [{1, 2}, frozenset("ab"), complex(1, -2), bytearray(b"abc"), b"\x00\xff", range(3), 1 << 80]
    result["when"] = datetime.datetime(2024, 5, 6, 7, 8, 9)
    result["where"] = pathlib.PurePosixPath("runs/one")
    result["numpy"] = [numpy.float64(0.5), numpy.arange(3, dtype=numpy.int32), numpy.dtype("float32")]
    result["torch"] = [torch.Size([2, 3]), torch.float16, torch.device("cpu"), torch.strided]
    return result


def save_tar(value, path, is_zip, protocol):
    """The format before 0.1.10: a tar of pickles, made by hand because nothing writes it any more."""
    storage_file, tensor_file, pickle_file = io.BytesIO(), io.BytesIO(), io.BytesIO()
    pickle.dump(len(value), storage_file, 2)
    pickle.dump(len(value), tensor_file, 2)
    for index, tensor in enumerate(value.values()):
        pickle.dump((index, "cpu", torch.FloatStorage), storage_file, 2)
        storage_file.write(struct.pack("<q", tensor.numel()) + contents(tensor))
        pickle.dump((100 + index, index, torch.FloatTensor), tensor_file, 2)
        tensor_file.write(struct.pack("<ixxxx", tensor.dim()))
        for number in [*tensor.shape, *tensor.stride(), tensor.storage_offset()]:
            tensor_file.write(struct.pack("<q", number))
    pickle.dump([], storage_file, 2)  # views of storages

    class Pickler(pickle.Pickler):
        def persistent_id(self, item):
            return next((100 + i for i, tensor in enumerate(value.values()) if item is tensor), None)

    Pickler(pickle_file, 2).dump(value)
    with tarfile.open(path, "w") as archive:
        for name, buffer in [("storages", storage_file), ("tensors", tensor_file), ("pickle", pickle_file)]:
            entry = tarfile.TarInfo(name)
            entry.size = buffer.tell()
            buffer.seek(0)
            archive.addfile(entry, buffer)


def write_readable(writer):
    state = Model().state_dict()
    writer.read("state-dict", state, protocols=(2, 3, 4, 5))
    writer.read("file-object", state, like="state-dict", save=save_to_file_object)
    writer.read("from-gpu", state, like="state-dict", save=save_from_gpu)
    writer.read("re-zipped", state, containers=("zip",), like="state-dict", save=rezip)
    writer.read("no-byte-order", state, containers=("zip",), like="state-dict", save=save_without_byte_order)
    writer.read("no-checksums", state, containers=("zip",), like="state-dict", save=save_without_checksums)
    for alignment in (1, 16, 512):
        writer.read(f"alignment-{alignment}", state, containers=("zip",), like="state-dict",
                    save=with_alignment(alignment))
    writer.read("big-endian", collections.OrderedDict(a=counted(3, 4), b=counted(5, start=2)), containers=("zip",),
                save=save_big_endian)
    writer.read("big-endian-16", collections.OrderedDict(a=counted(3, 4, dtype=torch.bfloat16)),
                containers=("zip",), save=save_big_endian)
    writer.read("dtypes", every_dtype(CLASSIC), protocols=(2, 4))
    late = every_dtype(set(DTYPES.values()) - CLASSIC)
    if late:
        # Legacy files of these types can be written, but PyTorch does not read them back.
        writer.read("late-dtypes", late, containers=("zip",), protocols=(2, 4))
    writer.read("views", views())
    writer.read("edges", edges(), protocols=(2, 5))
    writer.read("plain-dictionary", dict(state), like="state-dict")
    writer.read("parallel", collections.OrderedDict(("module." + key, value) for key, value in state.items()))
    for key in ("model", "module", "model_state_dict", "params_ema"):
        writer.read(f"under-{key}", {key: state, "iteration": 5}, key_path=(key,), containers=("zip",),
                    like="state-dict")
    writer.read("under-two", {"model": {"state_dict": state}, "step": 1}, key_path=("model", "state_dict"),
                containers=("zip",), like="state-dict")
    writer.read("training", training(), key_path=("state_dict",), protocols=(2, 4))
    writer.read("training-objects", training_with_objects(), key_path=("state_dict",), protocols=(2, 4))

    weight = nn.Parameter(counted(3, 4))
    writer.read("tied", collections.OrderedDict([
        ("same.a", weight), ("same.b", weight), ("shared.a", nn.Parameter(weight.data)), ("row", weight.data[1]),
        ("other", nn.Parameter(counted(2, start=3))),
    ]))
    writer.read("parameters", collections.OrderedDict(
        trained=nn.Parameter(counted(2, 3)), frozen=nn.Parameter(counted(3, start=2), requires_grad=False),
        whole=nn.Parameter(counted(3, start=3, dtype=torch.int32), requires_grad=False),
        half=nn.Parameter(counted(2, 2, start=4, dtype=torch.float16).t()),
        attributed=attributed(nn.Parameter(counted(4, start=5)), is_shared=True, group="experts"),
    ), protocols=(2, 4))
    writer.read("attributes", collections.OrderedDict(
        plain=counted(2, 3), noted=attributed(counted(3, start=2), note="kept", scale=0.5),
        view=attributed(counted(3, 2, start=4).t(), axis=1),
        list=attributed(counted(3, start=5), peers=[1, None, {"a": (2, "b")}]),
    ), protocols=(2, 4))
    extras = collections.OrderedDict(state)
    extras["attention._extra_state"] = None
    extras["scale._extra_state"] = io.BytesIO(b"abc").getvalue()
    extras["version"] = 3
    writer.read("extra-state", extras, like="state-dict")
    raw = counted(6, dtype=torch.uint8)
    if hasattr(torch, "uint16"):
        writer.read("one-storage-two-types", collections.OrderedDict(
            bytes=raw, words=raw.view(torch.uint16), floats=raw[1:3].view(torch.float8_e5m2)), containers=("zip",))


def write_refused(writer):
    both = ("zip", "legacy")
    matrix = counted(3, 4)
    for name in ("complex32", "complex64", "complex128"):
        tensor = torch.zeros(2, dtype=getattr(torch, name))
        writer.refuse(name, {"a": matrix, "b": tensor}, "complex numbers", both)
    for name in ("float8_e4m3fnuz", "float8_e5m2fnuz", "float8_e8m0fnu", "float4_e2m1fn_x2", "bits8", "bits16",
                 "bits2x4", "uint4", "int2"):
        if hasattr(torch, name):
            dtype = getattr(torch, name)
            size = torch.empty(0, dtype=dtype).element_size()
            value = torch.zeros(4 * size, dtype=torch.uint8).view(dtype)
            writer.refuse(name, {"a": matrix, "b": value}, f"element type {name}")
    torch.backends.quantized.engine = "fbgemm"
    writer.refuse("quantized", {"a": matrix, "b": torch.quantize_per_tensor(matrix, 0.1, 3, torch.qint8)},
                  "quantized by PyTorch", both)
    writer.refuse("quantized-channels", {"b": torch.quantize_per_channel(
        matrix, torch.ones(3) * 0.1, torch.zeros(3), 0, torch.qint8)}, "quantized by PyTorch")
    writer.refuse("sparse", {"a": matrix, "b": matrix.to_sparse()}, "sparse", both)
    writer.refuse("sparse-rows", {"a": matrix, "b": matrix.to_sparse_csr()}, "sparse")
    writer.refuse("meta", {"a": matrix, "b": torch.empty(2, 3, device="meta")}, "no values (meta device)", both)
    if hasattr(torch, "nested"):
        writer.refuse("nested", {"b": torch.nested.nested_tensor([counted(2), counted(3)])}, "nested tensor")
        if hasattr(torch, "jagged"):
            writer.refuse("nested-jagged", {"b": torch.nested.nested_tensor([counted(2), counted(3)],
                          layout=torch.jagged)}, "nested tensor")
    writer.refuse("negative-bit", {"b": torch._neg_view(matrix)},
                  "values are stored with the other sign (`neg` in the last argument of the rebuild function)")
    writer.refuse("subclass", {"a": matrix, "b": matrix.as_subclass(Marked)}, "a tensor class of __main__", both)
    writer.refuse("module", Model(), "a whole pickled module", both, save=save_without_sources)
    writer.refuse("module-inside", {"model": Model(), "epoch": 1}, "a whole pickled module")
    writer.refuse("lone-tensor", matrix, "no dictionary of tensors", both)
    writer.refuse("list", [matrix, matrix], "no dictionary of tensors", both)
    writer.refuse("no-tensors", {"a": 1, "b": "text"}, "no tensors", both)
    writer.refuse("two-candidates", {"generator": {"a": matrix}, "discriminator": {"a": matrix}},
                  "two dictionaries of tensors, none of them named as a model: a key must be chosen", both)
    writer.refuse("tar", {"a": matrix, "b": counted(2)}, "tar checkpoint of the first versions", ("tar",),
                  save=save_tar)
    model = Model().eval()
    example = torch.tensor([[1, 2, 3]])
    writer.file("script.torchscript.pt", "torchscript", "TorchScript archive",
                lambda path: torch.jit.save(Scripted(), str(path)))
    writer.file("script.lite.ptl", "torchscript", "TorchScript archive for phones",
                lambda path: Scripted()._save_for_lite_interpreter(str(path)))

    def export(path):
        exported = torch.export.export(model, (example,))
        for node in exported.graph.nodes:
            node.meta.pop("stack_trace", None)
        torch.export.save(exported, str(path))
    writer.file("exported.pt2", "pt2", "exported program", export)

    def package(path):
        with torch.package.PackageExporter(str(path)) as exporter:
            exporter.save_pickle("weights", "state.pkl", {"a": matrix})
    writer.file("package.pt", "torch.package", "torch.package archive", package)


def prove_clean(folder):
    """No file says where it was made."""
    places = {str(pathlib.Path(place).resolve()).encode() for place in (__file__, torch.__file__)}
    roots = {place.split(b"/")[1] + b"/" + place.split(b"/")[2] for place in places}
    for path in folder.iterdir():
        contents_of_file = [path.read_bytes()]
        if zipfile.is_zipfile(path) and not path.name.startswith("no-checksums"):
            with zipfile.ZipFile(path) as archive:
                contents_of_file += [archive.read(entry) for entry in archive.infolist()]
        for root in roots:
            assert not any(root in data for data in contents_of_file), (path.name, root)


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1]) / VERSION
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    writer = Writer(folder)
    write_readable(writer)
    write_refused(writer)
    writer.finish()
    prove_clean(folder)


main()
