"""Candidates that llama.cpp makes, as its users make them, and on flattened rows."""

import ctypes
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType, GGUFReader, dequantize

from candidate import Candidate, Made, code_digest, mean_bits
from checkpoint import HEAD, LINEAR, fingerprint, linear_names, read_config, read_state
from gguf_names import gguf_name, hf_name, rows_to_halves

# Names that llama-quantize takes. Those of two bits cannot be made without an importance matrix.
TYPES = (
    "Q4_0 Q4_1 IQ4_NL IQ4_XS Q4_K_S Q4_K_M Q3_K_S Q3_K_M Q3_K_L IQ3_S IQ3_XXS Q2_K Q5_0 Q5_1 Q5_K_S Q5_K_M Q6_K Q8_0"
).split()
NEEDING_IMPORTANCE = ("IQ2_S", "IQ2_XS")
# Which does not look at an importance matrix.
IGNORING_IMPORTANCE = ("Q8_0",)

FLAT_TYPES = "Q4_K IQ4_XS Q3_K IQ3_S IQ3_XXS Q2_K Q5_K Q6_K".split()
FLAT_NEEDING_IMPORTANCE = ("IQ3_XXS", "IQ2_S")
# What llama-quantize calls Q4_K_M and Q5_K_M: some of these matrices in Q6_K.
FLAT_MIXTURES = {"Q4_K_M": "Q4_K", "Q5_K_M": "Q5_K"}
WIDER_IN_MIXTURES = ("self_attn.v_proj", "mlp.down_proj")


class LlamaCpp:
    """Programs of a build of llama.cpp, and the files that they make in a work folder."""

    def __init__(self, source, build, work, model, calibration_text):
        self.source, self.programs = Path(source), Path(build, "bin")
        self.work, self.model, self.text = Path(work), Path(model), calibration_text
        config = read_config(model)
        self.heads, self.value_heads = config["num_attention_heads"], config["num_key_value_heads"]
        self.layers = config["num_hidden_layers"]
        # Files that stay in the work folder belong to one model and one text.
        self.tag = fingerprint(model, calibration_text)[:12]
        self._library = None

    # --- Programs ---

    def _run(self, *command):
        log = self.work / "llama.cpp.log"
        with open(log, "w") as stream:
            if subprocess.run([str(part) for part in command], stdout=stream, stderr=stream).returncode:
                sys.stderr.write(log.read_text(errors="replace")[-4000:])
                raise SystemExit(f"failed: {' '.join(map(str, command))}")

    def _made(self, path, *command):
        """The path, after the command has written what should be there; `{}` in it is a temporary name."""
        if not path.exists():
            partial = path.with_name("partial-" + path.name)
            self._run(*[partial if part == "{}" else part for part in command])
            os.replace(partial, path)
        return path

    def float16(self):
        """The model as a GGUF file in float16."""
        script = self.source / "convert_hf_to_gguf.py"
        path = self.work / f"{self.tag}-f16.gguf"
        return self._made(path, sys.executable, script, self.model, "--outtype", "f16", "--outfile", "{}")

    def importance_file(self):
        """What llama-imatrix makes of the calibration text."""
        path, program = self.work / f"{self.tag}-importance.gguf", self.programs / "llama-imatrix"
        options = ("-c", 512, "-t", os.cpu_count(), "--no-ppl")
        return self._made(path, program, "-m", self.float16(), "-f", self.text, "-o", "{}", *options)

    def quantized(self, kind, has_importance):
        """The weights of a file that llama-quantize makes, embedding and head in float16."""
        importance = ("--imatrix", self.importance_file()) if has_importance else ()
        path = self.work / f"{kind}.gguf"
        self._run(
            self.programs / "llama-quantize", *importance, "--token-embedding-type", "f16", "--output-tensor-type",
            "f16", self.float16(), path, kind, os.cpu_count(),
        )
        made = self.read(path)
        path.unlink()
        return made

    def read(self, path):
        """Decodes a GGUF file into Hugging Face names and order of rows."""
        state, shapes, bits = {}, {}, {}
        for tensor in GGUFReader(path).tensors:
            name = hf_name(tensor.name)
            values = np.array(dequantize(tensor.data, tensor.tensor_type), dtype=np.float32)
            state[name] = torch.from_numpy(
                np.ascontiguousarray(rows_to_halves(name, values, self.heads, self.value_heads))
            )
            if LINEAR.fullmatch(name):
                shapes[name], bits[name] = values.shape, tensor.n_bytes * 8 / values.size
        state.setdefault(HEAD, state["model.embed_tokens.weight"])
        return Made(state, mean_bits(shapes, bits))

    # --- Flattened rows ---

    def importance(self):
        """Mean square of each column's input, by Hugging Face name of the matrix."""
        tensors = {tensor.name: np.array(tensor.data).ravel() for tensor in GGUFReader(self.importance_file()).tensors}
        suffix = ".in_sum2"
        return {
            hf_name(name.removesuffix(suffix)): sums / tensors[name.removesuffix(suffix) + ".counts"]
            for name, sums in tensors.items()
            if name.endswith(suffix) and name.startswith("blk.")
        }

    def flattened(self, kind, has_importance):
        """Every linear matrix in one type of 256-blocks, whatever its width: blocks run on from row to row."""
        importance = self.importance() if has_importance else {}
        state = read_state(self.model)
        shapes, bits = {}, {}
        for name in linear_names(state):
            quantization = self._flat_type(kind, name)
            values = state[name].numpy()
            decoded, byte_count = self._quantize_flat(values, quantization, importance.get(name))
            state[name] = torch.from_numpy(decoded)
            shapes[name], bits[name] = values.shape, byte_count * 8 / values.size
        return Made(state, mean_bits(shapes, bits))

    def _flat_type(self, kind, name):
        if kind not in FLAT_MIXTURES:
            return GGMLQuantizationType[kind]
        layer, part = LINEAR.fullmatch(name).groups()
        layer, eighth = int(layer), self.layers // 8
        # The rule of llama-quantize: the first and the last eighth, and every third layer between.
        is_wider = layer < eighth or layer >= 7 * self.layers // 8 or (layer - eighth) % 3 == 2
        is_wider = is_wider and part in WIDER_IN_MIXTURES
        return GGMLQuantizationType["Q6_K" if is_wider else FLAT_MIXTURES[kind]]

    def _quantize_flat(self, values, quantization, importance):
        if self._library is None:
            self._library = ctypes.CDLL(str(self.programs / "libggml-base.so"))
            self._library.ggml_quantize_chunk.restype = ctypes.c_size_t
            self._library.ggml_quantize_chunk.argtypes = (
                ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64, ctypes.c_int64,
                ctypes.c_void_p,
            )
        block, block_bytes = GGML_QUANT_SIZES[quantization]
        # As many rows as fill whole blocks count as one, so that each weight keeps its column's importance.
        length = math.lcm(values.shape[1], block)
        if values.size % length:
            raise SystemExit(f"a matrix of {values.shape} does not fill blocks of {block}")
        source = np.ascontiguousarray(values, dtype=np.float32)
        packed = np.empty(values.size // block * block_bytes, dtype=np.uint8)
        weights = None
        if importance is not None:
            weights = np.ascontiguousarray(np.tile(importance, length // values.shape[1]), dtype=np.float32)
        written = self._library.ggml_quantize_chunk(
            int(quantization), source.ctypes.data, packed.ctypes.data, 0, values.size // length, length,
            weights.ctypes.data if weights is not None else None,
        )
        if written != packed.size:
            raise SystemExit(f"{quantization.name}: {written} bytes instead of {packed.size}")
        return dequantize(packed, quantization).reshape(values.shape).astype(np.float32), written


def candidates(llama):
    """Each type without and with an importance matrix, where that can be and makes a difference."""
    digest = code_digest(__name__)

    def candidate(kind, has_importance, make, note):
        suffix = ", imatrix" if has_importance else ""
        return Candidate(
            f"llama.cpp {kind}{note}{suffix}", "peers", has_importance, f"{kind}{note}{suffix} {digest}",
            lambda: make(kind, has_importance),
        )

    flat = " on flattened rows"
    for kind in TYPES + list(NEEDING_IMPORTANCE):
        if kind not in NEEDING_IMPORTANCE:
            yield candidate(kind, False, llama.quantized, "")
        if kind not in IGNORING_IMPORTANCE:
            yield candidate(kind, True, llama.quantized, "")
    for kind in FLAT_TYPES + list(FLAT_MIXTURES) + ["IQ2_S"]:
        if kind not in FLAT_NEEDING_IMPORTANCE:
            yield candidate(kind, False, llama.flattened, flat)
        yield candidate(kind, True, llama.flattened, flat)
