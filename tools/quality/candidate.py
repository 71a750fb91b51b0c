"""What is judged: a way of making weights, and how many bits they take."""

import ast
import hashlib
import json
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Callable


@dataclass(frozen=True)
class Candidate:
    """One row of the table."""

    label: str
    # "ours" or "peers".
    side: str
    # Whether the weights were made with a look at what a model computes on a text.
    calibrated: bool
    # Everything that decides the weights, apart from the model and the calibration text.
    recipe: str
    # Gives the weights as float32 tensors, and the bits that a weight of the linear matrices takes on disk.
    make: Callable[[], "Made"]


@dataclass
class Made:
    """Weights of a candidate."""

    state: dict
    stored_bits: float
    # The container, where there is one; deleted after it was judged.
    container: Path | None = None


def code_digest(*modules):
    """Changes when the code of a module changes, but not with its comments and spaces."""
    trees = [ast.dump(ast.parse(Path(sys.modules[name].__file__).read_text())) for name in modules]
    return hashlib.sha256(json.dumps(trees).encode()).hexdigest()[:16]


def mean_bits(shapes, bits):
    """Mean over the weights of matrices; `shapes` and `bits` are dictionaries by name."""
    counts = {name: shape[0] * shape[1] for name, shape in shapes.items()}
    return sum(bits[name] * count for name, count in counts.items()) / sum(counts.values())


def run(*command):
    """Standard output of a command that must succeed."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode:
        sys.stderr.write(done.stderr)
        raise SystemExit(f"failed: {shlex.join(map(str, command))}")
    return done.stdout
