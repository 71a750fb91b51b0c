"""Reading and writing checkpoints in the published form."""

import json
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file

from fusion_model import FusionModel


def read_tensors(folder):
    """All tensors of the safetensors files of a folder."""
    tensors = {}
    for path in sorted(Path(folder).glob("*.safetensors")):
        with safe_open(path, "pt") as file:
            for name in file.keys():
                tensors[name] = file.get_tensor(name)
    return tensors


def read_model(folder, dtype=torch.float32):
    """A model in evaluation mode with its weights widened to `dtype`."""
    config = json.loads(Path(folder, "config.json").read_text())
    model = FusionModel(config)
    model.load_state_dict(read_tensors(folder))
    return model.to(dtype).eval()


def write_weights(model, path):
    """One bfloat16 safetensors file."""
    tensors = {name: value.detach().to(torch.bfloat16).contiguous() for name, value in model.state_dict().items()}
    save_file(tensors, path, metadata={"format": "pt"})
