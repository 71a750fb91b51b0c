"""Candidates that fusion-convert makes, and the divergence that it measures itself."""

import hashlib
import json
import re
import shlex
import shutil
from pathlib import Path

from candidate import Candidate, Made, run
from checkpoint import LINEAR, fingerprint, read_config, read_state
from judge import Judge, pieces

# The program's own measurement is a check of both, on the same positions, so the first pieces are enough.
RUNTIME_PIECES = 4
# As many pieces of text as the ports of GPTQ and AWQ look at.
CALIBRATION_PIECES = 64


def read_configurations(path):
    """Label, whether calibrated, and arguments of each line."""
    labels = set()
    for number, line in enumerate(Path(path).read_text().splitlines(), 1):
        line = line.split("#")[0].strip()
        if not line:
            continue
        fields = [field.strip() for field in line.split("|")]
        if len(fields) != 3 or fields[1] not in ("calibrated", "data-free"):
            raise SystemExit(f"{path}:{number}: expected: label | calibrated or data-free | arguments")
        if fields[0] in labels:
            raise SystemExit(f"{path}:{number}: a second '{fields[0]}'")
        labels.add(fields[0])
        yield fields[0], fields[1] == "calibrated", fields[2]


def candidates(options):
    """One for each line of the configurations."""
    program = fingerprint(options.program)
    work = Path(options.work)
    is_tied = read_config(options.model).get("tie_word_embeddings", False)
    # A head that is tied is no tensor of its own, and a pattern that fits nothing is an error.
    keep = "--keep language.embedding*" + ("" if is_tied else " --keep language.head*")
    statistics = Statistics(options, program)
    for label, is_calibrated, arguments in read_configurations(options.configurations):
        filled = arguments.replace("{keep}", keep).replace("{calibration}", shlex.quote(str(options.calibration)))
        make = lambda label=label, filled=filled: convert(
            options, work, label, shlex.split(statistics.filled(filled))
        )
        yield Candidate(label, "ours", is_calibrated, f"{arguments} {program}", make)


class Statistics:
    """Statistics of the calibration text, which several conversions share."""

    def __init__(self, options, program):
        self.options = options
        key = f"{fingerprint(options.model)} {fingerprint(options.calibration)} {program} {CALIBRATION_PIECES}"
        digest = hashlib.sha256(key.encode()).hexdigest()[:12]
        self.path = Path(options.work, f"{digest}-statistics.safetensors")

    def filled(self, arguments):
        """Arguments with the file's path; it is made if it is wanted and not there."""
        if "{statistics}" in arguments and not self.path.exists():
            run(
                self.options.program, "calibrate", self.options.model, self.path, "--data", self.options.calibration,
                "--full", "--samples", CALIBRATION_PIECES, "--quiet",
            )
        return arguments.replace("{statistics}", shlex.quote(str(self.path)))


def convert(options, work, label, arguments):
    """Converts, and decodes what was written to float32."""
    container = work / (re.sub(r"[^A-Za-z0-9.]+", "-", label) + ".fusion")
    run(options.program, "convert", options.model, container, *arguments, "--force", "--quiet")
    folder = container.with_suffix(".exported")
    run(options.program, "export", container, folder, "--dtype", "f32", "--force", "--quiet")
    made = Made(read_state(folder), stored_bits(options.program, container), container)
    shutil.rmtree(folder)
    return made


def stored_bits(program, container):
    """Bits on disk for a weight of the linear matrices, with everything that the container says it keeps for them."""
    byte_count = weight_count = 0
    for tensor in json.loads(run(program, "inspect", container, "--json"))["tensors"]:
        if LINEAR.fullmatch(tensor["name"]):
            byte_count += tensor["byteCount"]
            weight_count += tensor["shape"][0] * tensor["shape"][1]
    return byte_count * 8 / weight_count


class Runtime:
    """Compares the divergence that `diff` measures with that of PyTorch, on the first pieces of the text."""

    def __init__(self, options, length):
        self.options, self.length = options, length
        self._judge = None

    def measure(self, made):
        """Both divergences and their ratio, program over PyTorch."""
        options = self.options
        if self._judge is None:
            self._judge = Judge(options.model, pieces(options.model, options.eval, RUNTIME_PIECES, self.length))
        report = run(
            options.program, "diff", options.model, made.container, "--text", options.eval, "--context", self.length,
            "--chunks", RUNTIME_PIECES, "--json", "--quiet",
        )
        outputs = json.loads(report)["outputs"]["all"]
        harness = self._judge.measure(made.state)
        if outputs["positionCount"] != harness["positions"]:
            raise SystemExit(f"diff measured {outputs['positionCount']} positions, PyTorch {harness['positions']}")
        program = outputs["divergence"]["mean"]["value"]
        return {
            "positions": harness["positions"],
            "kldMean": program,
            "harnessKldMean": harness["kldMean"],
            "ratio": program / harness["kldMean"],
        }
