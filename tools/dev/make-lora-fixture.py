#!/usr/bin/env python3
"""Writes Tests/Fixtures/lora: LoRA adapters over fusion-phi-tiny, and what merging them must give.

The reference is computed here in float64, from the formula alone: W + s * (B A), with s = alpha / r, or alpha / sqrt(r)
where the rank is stabilized; transposed for embeddings and for weights that are stored as inputs x outputs. Of each
merged tensor some rows are kept: NAME holds them as F64, NAME.rows says which they are. The random numbers are seeded,
so the files come out the same every time.

Needs numpy. Run it at the top of the repository:  tools/dev/make-lora-fixture.py
"""
import json
import pathlib
import struct

import numpy as np

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Fixtures"
BASE = FIXTURES / "fusion-phi-tiny"
OUTPUT = FIXTURES / "lora"
LAYER = "model.layers.{}.{}"
PATCHES = "model.vision_tower.vision_tower.vision_model.embeddings.patch_embedding"
KEPT_ROWS = 12


def from_bf16(words):
    return (words.astype(np.uint32) << 16).view(np.float32)


def to_bf16(values):
    bits = values.astype(np.float32).view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)


def read_folder(folder):
    tensors = {}
    for path in sorted(folder.glob("*.safetensors")):
        data = path.read_bytes()
        (length,) = struct.unpack("<Q", data[:8])
        for name, entry in json.loads(data[8 : 8 + length]).items():
            if name == "__metadata__":
                continue
            assert entry["dtype"] == "BF16", name
            begin, end = (8 + length + offset for offset in entry["data_offsets"])
            words = np.frombuffer(data[begin:end], dtype="<u2")
            tensors[name] = from_bf16(words).reshape(entry["shape"])
    return tensors


def write(path, tensors):
    """tensors: name -> (type, array); BF16 arrays are words already."""
    header, body = {}, b""
    for name, (dtype, array) in sorted(tensors.items()):
        raw = np.ascontiguousarray(array).tobytes()
        header[name] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": [len(body), len(body) + len(raw)]}
        body += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)


class Adapter:
    def __init__(self, name, seed, base, config, dtype="F32", infix=""):
        self.folder = OUTPUT / name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.random = np.random.default_rng(seed)
        self.base, self.config, self.dtype, self.infix = base, config, dtype, infix
        self.tensors, self.reference, self.whole = {}, {}, {}

    def factor(self, name, shape):
        values = (self.random.standard_normal(shape) * 0.1).astype(np.float32)
        if self.dtype == "BF16":
            words = to_bf16(values)
            self.tensors[name] = ("BF16", words)
            return from_bf16(words).reshape(shape).astype(np.float64)
        self.tensors[name] = ("F32", values)
        return values.astype(np.float64)

    def update(self, module, rank, alpha, transposed=False, embedding=False):
        target = module + ".weight"
        weight = self.base[target].astype(np.float64)
        flat = weight.reshape(weight.shape[0], -1)
        rows, columns = flat.shape
        inputs = rows if transposed or embedding else columns
        outputs = columns if transposed or embedding else rows
        prefix = "base_model.model." + module
        a_name, b_name = (
            (f"{prefix}.lora_embedding_A{self.infix}", f"{prefix}.lora_embedding_B{self.infix}")
            if embedding
            else (f"{prefix}.lora_A{self.infix}.weight", f"{prefix}.lora_B{self.infix}.weight")
        )
        a_shape, b_shape = (rank, inputs), (outputs, rank)
        if weight.ndim == 4:
            a_shape, b_shape = (rank, *weight.shape[1:]), (outputs, rank, 1, 1)
        a = self.factor(a_name, a_shape).reshape(rank, inputs)
        b = self.factor(b_name, b_shape).reshape(outputs, rank)
        scaling = alpha / (rank**0.5 if self.config.get("use_rslora") else rank)
        delta = b @ a
        merged = flat + scaling * (delta.T if transposed or embedding else delta)
        kept = np.unique(np.linspace(0, rows - 1, KEPT_ROWS).round().astype(np.int64))
        self.reference[target] = ("F64", merged[kept])
        self.reference[target + ".rows"] = ("I64", kept)

    def save(self):
        write(self.folder / "adapter_model.safetensors", self.tensors)
        write(self.folder / "reference.safetensors", self.reference)
        if self.whole:
            write(self.folder / "non_lora_trainables.safetensors", self.whole)
        config = {"peft_type": "LORA", "base_model_name_or_path": "fusion-phi-tiny", "lora_dropout": 0.05, "bias": "none",
                  "task_type": "CAUSAL_LM", "inference_mode": True, "init_lora_weights": True, **self.config}
        (self.folder / "adapter_config.json").write_text(json.dumps(config, indent=2) + "\n")


def main():
    base = read_folder(BASE)

    patterns = Adapter("patterns", 1, base, {
        "r": 4, "lora_alpha": 8, "target_modules": ["qkv_proj", "o_proj", "down_proj", "patch_embedding"],
        "rank_pattern": {"model.layers.1.self_attn.o_proj": 6, r"layers\.[2-3]\..*o_proj": 2, "o_proj": 4,
                         "patch_embedding": 3},
        "alpha_pattern": {"layers.1.self_attn.o_proj": 3, r"(.*\.)?layers\.\d+\.mlp\.(down|up)_proj": 16.5}})
    patterns.update(LAYER.format(0, "self_attn.qkv_proj"), 4, 8)
    patterns.update(LAYER.format(0, "self_attn.o_proj"), 4, 8)
    patterns.update(LAYER.format(1, "self_attn.o_proj"), 6, 3)
    patterns.update(LAYER.format(2, "self_attn.o_proj"), 2, 8)
    patterns.update(LAYER.format(0, "mlp.down_proj"), 4, 16.5)
    patterns.update(PATCHES, 3, 8)
    patterns.save()

    stabilized = Adapter("stabilized", 2, base, {
        "r": 3, "lora_alpha": 5, "use_rslora": True, "target_modules": ["o_proj", "embed_tokens"],
        "modules_to_save": ["model.norm"]}, dtype="BF16", infix=".default")
    stabilized.update(LAYER.format(4, "self_attn.o_proj"), 3, 5)
    stabilized.update("model.embed_tokens", 3, 5, embedding=True)
    norm = stabilized.random.standard_normal(base["model.norm.weight"].shape)
    stabilized.tensors["base_model.model.model.norm.modules_to_save.default.weight"] = ("BF16", to_bf16(norm))
    for name in ["model.mm_projector.2.bias", "model.aux_projector.0.weight"]:
        values = stabilized.random.standard_normal(base[name].shape) * 0.05
        stabilized.whole["base_model.model." + name] = ("BF16", to_bf16(values))
    stabilized.save()

    inputs_first = Adapter("inputs-first", 3, base, {
        "r": 5, "lora_alpha": 2.5, "fan_in_fan_out": True, "target_modules": ["down_proj", "o_proj"]})
    inputs_first.update(LAYER.format(5, "mlp.down_proj"), 5, 2.5, transposed=True)
    inputs_first.update(LAYER.format(5, "self_attn.o_proj"), 5, 2.5, transposed=True)
    inputs_first.save()


if __name__ == "__main__":
    main()
