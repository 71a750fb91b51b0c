"""Candidates that fusion-convert makes, and the divergence that it measures itself."""

import hashlib
import json
import re
import shlex
import shutil
import string
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer

from candidate import Candidate, Made, run
from checkpoint import LINEAR, fingerprint, read_config, read_state
from judge import Judge, pieces

# The program's own measurement is a check of both, on the same positions, so a few pieces of text are enough.
RUNTIME_PIECES = 4
# As many pieces of text as the ports of GPTQ and AWQ look at.
CALIBRATION_PIECES = 64
MARKER = "0123456789"


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
        make = lambda label=label, arguments=arguments: convert(
            options, work, label, shlex.split(statistics.filled(arguments.replace("{keep}", keep)))
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
    """Compares the divergence that `diff` measures with that of PyTorch, on the very same positions.

    `diff` asks each piece of text as a question, in the wording of the model's family, and measures every position of
    that prompt. So PyTorch reads the same prompts here, which makes these figures differ from those of the table: those
    are of the text alone.
    """

    def __init__(self, options, length):
        self.options, self.length = options, length
        self.questions = Path(options.work, "runtime-questions.jsonl")
        self._judge = None

    def _prepare(self):
        options = self.options
        tokenizer = Tokenizer.from_file(str(Path(options.model, "tokenizer.json")))
        before, after = self._wording(tokenizer)
        texts = [
            tokenizer.decode(ids.tolist(), skip_special_tokens=False)
            # The first and the last token may be parts of a letter, and a question's outer white space is dropped.
            .strip("\N{REPLACEMENT CHARACTER}" + string.whitespace)
            for ids in pieces(options.model, options.eval, RUNTIME_PIECES, self.length)
        ]
        lines = [json.dumps({"question_id": str(number), "text": text}) for number, text in enumerate(texts)]
        self.questions.write_text("\n".join(lines) + "\n")
        prompts = [torch.tensor(tokenizer.encode(before + text + after).ids) for text in texts]
        self._judge = Judge(options.model, prompts)

    def _wording(self, tokenizer):
        """What the program puts before and after a question."""
        trace = Path(self.options.work, "wording.safetensors")
        run(self.options.program, "trace", self.options.model, "--prompt", MARKER, "--output", trace, "--force")
        ids = load_file(trace)["input_ids"].flatten().tolist()
        trace.unlink()
        return tokenizer.decode(ids, skip_special_tokens=False).split(MARKER)

    def measure(self, made):
        """Both divergences and their ratio, program over PyTorch."""
        if self._judge is None:
            self._prepare()
        options = self.options
        report = run(
            options.program, "diff", options.model, made.container, "--data", self.questions, "--text-samples",
            RUNTIME_PIECES, "--samples", 0, "--no-answers", "--json", "--quiet",
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
