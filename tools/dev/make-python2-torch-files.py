#!/usr/bin/env python2.7
"""Makes Tests/Fixtures/torch/1.4.0: files as Python 2 wrote them (development only).

usage: make-python2-torch-files.py FIXTURES_FOLDER/torch

Run with Python 2.7, PyTorch 1.4.0 (the last one for Python 2) and numpy. Text is bytes in such pickles, integers may be
long. See make-torch-files.py for manifest.json.
"""
import collections
import ctypes
import json
import os
import struct
import sys

import numpy
import torch

CODES = {torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.int64: "I64", torch.uint8: "U8"}


def counted(*shape, **options):
    count = int(numpy.prod(shape))
    start = options.get("start", 1)
    numbers = [((start * 31 + i * 7) % 97 - 48) / 8.0 for i in range(count)]
    return torch.tensor(numbers).to(options.get("dtype", torch.float32)).reshape(shape)


def contents(tensor):
    tensor = tensor.detach().contiguous()
    return ctypes.string_at(tensor.data_ptr(), tensor.numel() * tensor.element_size())


def write_safetensors(path, tensors):
    header, payload = collections.OrderedDict(), b""
    for name, tensor in sorted(tensors.items(), key=lambda item: (-item[1].element_size(), item[0])):
        data = contents(tensor)
        header[name] = {"dtype": CODES[tensor.dtype], "shape": list(tensor.shape),
                        "data_offsets": [len(payload), len(payload) + len(data)]}
        payload += data
    text = json.dumps(header, separators=(",", ":"))
    text += " " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + payload)


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    folder = os.path.join(sys.argv[1], "1.4.0")
    if not os.path.isdir(folder):
        os.makedirs(folder)
    base = counted(4, 5)
    state = collections.OrderedDict([
        ("conv.weight", torch.nn.Parameter(counted(2, 3, 2, 2))), (u"conv.bias", counted(2, start=2)),
        (u"gr\u00f6\u00dfe", counted(3, start=3)), ("base", base), ("turned", base.t()), ("row", base[1]),
        ("steps", torch.tensor(7)), ("half", counted(3, start=4, dtype=torch.float16)),
        ("double", counted(2, start=5, dtype=torch.float64)), ("bytes", (counted(5) + 50).to(torch.uint8)),
    ])
    write_safetensors(os.path.join(folder, "state-dict.safetensors"), state)
    outer = {"state_dict": state, "epoch": 3, "iterations": 2 ** 40, "seed": 5 ** 40, "arch": "resnet",
             u"note": u"\u00fc", "best": numpy.float64(0.5), "loss": 0.25, "flags": [True, None, (1, 2)]}
    storages, tensors, rows = {}, [], []
    for name, tensor in state.items():
        tensor = tensor.detach()
        group = storages.setdefault(tensor.storage().data_ptr(), len(storages))
        tensors.append({"name": name, "dtype": CODES[tensor.dtype], "shape": list(tensor.shape),
                        "stride": list(tensor.stride()), "offset": tensor.storage_offset(), "storage": group,
                        "storageByteCount": len(tensor.storage()) * tensor.element_size()})
    for name, value, key_path in [("state-dict", state, []), ("training", outer, ["state_dict"])]:
        path = name + ".legacy.pt"
        torch.save(value, os.path.join(folder, path))
        rows.append(collections.OrderedDict([
            ("file", path), ("container", "legacy"), ("protocol", 2), ("outcome", "read"), ("keyPath", key_path),
            ("expected", "state-dict.safetensors"), ("ignored", []), ("tensors", tensors)]))
    torch.save(state, os.path.join(folder, "early.zip.pt"), _use_new_zipfile_serialization=True)
    rows.append(collections.OrderedDict([
        ("file", "early.zip.pt"), ("container", "zip"), ("protocol", 2), ("outcome", "refuse"),
        ("reason", "zip from before the format was settled: storages in tensors/, which no later PyTorch reads")]))
    manifest = collections.OrderedDict([("torch", "1.4.0"), ("python", sys.version.split()[0]), ("files", rows)])
    with open(os.path.join(folder, "manifest.json"), "w") as file:
        file.write(json.dumps(manifest, separators=(",", ":")).replace('{"file"', '\n{"file"') + "\n")


main()
