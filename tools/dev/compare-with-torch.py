#!/usr/bin/env python3
"""Compares what fusion-convert reads from PyTorch files with what PyTorch reads (development only).

usage: compare-with-torch.py [--trust] [--state-dict-key KEY] PROGRAM FILE...

Needs torch (and numpy, where files hold arrays). For each FILE, `PROGRAM export FILE FOLDER` writes
FOLDER/model.safetensors; every tensor in it must have the type, shape and bytes that torch.load(FILE,
weights_only=True) gives under the same name. The dictionary is the one whose tensors have the exported names, wherever
it lies in the file; a prefix that names share (`module.`) may be missing from the export.

--trust lets a file that weights_only refuses run its code: weights_only=False, which is said in the table. Without it
such a file is not compared. KEY goes to PROGRAM as it is. Exit 1 if a tensor differs or a file was not compared; files
that PROGRAM refuses are shown with its first line and count as not compared.
"""
import argparse
import ctypes
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import warnings

import torch

warnings.simplefilter("ignore")
CODES = {
    "float64": "F64", "float32": "F32", "float16": "F16", "bfloat16": "BF16", "float8_e5m2": "F8_E5M2",
    "float8_e4m3fn": "F8_E4M3", "int64": "I64", "int32": "I32", "int16": "I16", "int8": "I8", "uint8": "U8",
    "uint16": "U16", "uint32": "U32", "uint64": "U64", "bool": "BOOL",
}


def contents(tensor):
    tensor = tensor.detach().contiguous()
    size = tensor.numel() * tensor.element_size()
    return ctypes.string_at(tensor.data_ptr(), size) if size else b""


def read_safetensors(path):
    data = path.read_bytes()
    size = struct.unpack_from("<Q", data)[0]
    header = json.loads(data[8:8 + size])
    header.pop("__metadata__", None)
    result = {}
    for name, entry in header.items():
        first, last = entry["data_offsets"]
        result[name] = (entry["dtype"], entry["shape"], data[8 + size + first:8 + size + last])
    return result


def load(path, trust):
    try:
        return torch.load(path, map_location="cpu", weights_only=True), "weights only"
    except Exception as error:
        reason = next((line.strip() for line in str(error).splitlines() if "Unsupported" in line or "GLOBAL" in line),
                      type(error).__name__)
        if not trust:
            raise RuntimeError(f"PyTorch refuses it without --trust: {reason[:100]}") from error
    latin = {"encoding": "latin1"} if pathlib.Path(path).read_bytes()[:2] == b"\x80\x02" else {}
    return torch.load(path, map_location="cpu", weights_only=False, **latin), f"trusted, because: {reason[:60]}"


def dictionaries(value, place=()):
    """Every dictionary that holds tensors, and where it lies."""
    if isinstance(value, dict):
        tensors = {str(key): item for key, item in value.items() if isinstance(item, torch.Tensor)}
        if tensors:
            yield place, tensors
        for key, item in value.items():
            yield from dictionaries(item, (*place, str(key)))
    elif isinstance(value, torch.nn.Module):
        yield place, value.state_dict()


def matching(value, names):
    for place, tensors in dictionaries(value):
        if tensors.keys() == names:
            return place, tensors
        for prefix in {name.split(".", 1)[0] + "." for name in tensors if "." in name}:
            shorter = {name.removeprefix(prefix): tensor for name, tensor in tensors.items()}
            if shorter.keys() == names:
                return place, shorter
    found = "; ".join(f"{'.'.join(place) or 'top'}: {len(tensors)}" for place, tensors in list(dictionaries(value))[:4])
    raise RuntimeError(f"no dictionary has the {len(names)} exported names (tensors in {found})")


def compare(program, path, options):
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "export", path, f"{folder}/out"]
        if options.state_dict_key:
            command += ["--state-dict-key", options.state_dict_key]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            lines = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
            raise RuntimeError(f"exit {done.returncode}: {lines[0]}")
        exported = read_safetensors(pathlib.Path(folder) / "out" / "model.safetensors")
    value, how = load(path, options.trust)
    place, tensors = matching(value, exported.keys())
    wrong = []
    for name, tensor in tensors.items():
        code = CODES.get(str(tensor.dtype).removeprefix("torch."), str(tensor.dtype))
        if exported[name] != (code, list(tensor.shape), contents(tensor)):
            wrong.append(name)
    size = sum(len(data) for _, _, data in exported.values())
    return len(exported), size, ".".join(place) or "top", how, wrong


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1].splitlines()[0])
    parser.add_argument("--trust", action="store_true")
    parser.add_argument("--state-dict-key")
    parser.add_argument("program")
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    failures = 0
    print("| file | bytes | tensors | bytes of tensors | dictionary | PyTorch | result |")
    print("|---|---|---|---|---|---|---|")
    for path in options.files:
        row = f"| {pathlib.Path(path).name} | {pathlib.Path(path).stat().st_size} |"
        try:
            count, size, place, how, wrong = compare(options.program, path, options)
            failures += bool(wrong)
            result = "equal" if not wrong else f"{len(wrong)} differ: {wrong[0]}"
            print(row, f"{count} | {size} | {place} | {how} | {result} |")
        except Exception as error:
            failures += 1
            print(row, f" | | | | {str(error).splitlines()[0]} |")
    print(f"\n{len(options.files) - failures} of {len(options.files)} files equal")
    sys.exit(1 if failures else 0)


main()
