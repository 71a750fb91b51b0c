"""LLaMA checkpoints in Hugging Face layout, and which of their tensors are judged by bits."""

import hashlib
import json
import re
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

EMBEDDING = "model.embed_tokens.weight"
HEAD = "lm_head.weight"
LINEAR = re.compile(r"model\.layers\.(\d+)\.(self_attn\.[qkvo]_proj|mlp\.(?:gate|up|down)_proj)\.weight")


def read_config(folder):
    """config.json as a dictionary."""
    return json.loads(Path(folder, "config.json").read_text())


def read_state(folder):
    """All tensors of a folder, widened to float32; a tied head appears under its own name too."""
    files = sorted(Path(folder).glob("model*.safetensors"))
    if not files:
        raise SystemExit(f"no model*.safetensors in {folder}")
    state = {}
    for file in files:
        state.update({name: value.float() for name, value in load_file(file).items()})
    state.setdefault(HEAD, state[EMBEDDING])
    return state


def write_state(state, folder):
    """One float32 file, as scripts that judge folders want it; a head that is tied is left out."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    kept = {name: value.float().contiguous() for name, value in state.items()}
    if HEAD in kept and torch.equal(kept[HEAD], kept[EMBEDDING]):
        del kept[HEAD]
    save_file(kept, str(Path(folder, "model.safetensors")), metadata={"format": "pt"})


def linear_names(state):
    """Names of the matrices whose stored bits count: the linear layers, without embedding and head."""
    return sorted((name for name in state if LINEAR.fullmatch(name)), key=lambda name: (layer_of(name), name))


def layer_of(name):
    """Number of the layer that a linear matrix belongs to."""
    return int(LINEAR.fullmatch(name)[1])


def layer_prefix(layer):
    """What the names of a layer's tensors begin with."""
    return f"model.layers.{layer}."


def fingerprint(*paths):
    """SHA-256 over the content of files, and of the files of folders that decide what a model computes."""
    digest = hashlib.sha256()
    for path in map(Path, paths):
        files = sorted(path.glob("*.safetensors")) + sorted(path.glob("*.json")) if path.is_dir() else [path]
        for file in files:
            with open(file, "rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()
