#!/usr/bin/env python3
"""Measures stored bits against divergence, for conversions of ours and for those of other programs, in one table.

Every candidate is made from the same checkpoint, decoded to float32 and judged on the same pieces of the same text.
What was measured is kept in the work folder and measured again only when the candidate has changed: its recipe, the
code that makes it, the model, the texts, or the program.
"""

import argparse
import hashlib
import json
import re
import sys
import tempfile
import time
from pathlib import Path

import document
import hqq_peers
import llama_cpp
import nearest_peers
import ours
import second_order_peers
from calibration import Calibration
from candidate import code_digest, run
from checkpoint import fingerprint, write_state
from judge import Judge, pieces
from plot import plot
from table import add_ratios, table

HERE = Path(__file__).parent
CONTEXT = 512


def parse():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example: measure.py --model smollm2 --work work --llama-source llama.cpp --llama-build build "
        "--program fusion-convert",
    )
    parser.add_argument("--model", required=True, help="checkpoint folder of a LLaMA")
    parser.add_argument("--work", required=True, help="folder for what was measured, and for results")
    parser.add_argument("--program", help="fusion-convert; without it there are peers only")
    parser.add_argument("--llama-source", help="source of llama.cpp; without it those peers are left out")
    parser.add_argument("--llama-build", help="its build, with llama-quantize and llama-imatrix in bin")
    parser.add_argument("--configurations", default=HERE / "ours.txt", help="conversions of ours (ours.txt)")
    parser.add_argument("--eval", default=HERE / "eval.txt", help="text that is judged on (eval.txt)")
    parser.add_argument("--calibration", default=HERE / "calib.txt", help="text that is calibrated on (calib.txt)")
    parser.add_argument("--chunks", type=int, default=16, help=f"pieces of {CONTEXT} tokens that are judged on (16)")
    parser.add_argument("--only", default="", help="measure only labels in which this is found")
    parser.add_argument("--judge", help="another script that takes REFERENCE CANDIDATE TEXT --chunks N")
    parser.add_argument("--no-runtime", action="store_true", help="do not compare the program's own divergences")
    parser.add_argument("--document", help="a file whose marked part gets the results, with the picture beside it")
    parser.add_argument("--fresh", action="store_true", help="forget what was measured")
    return parser.parse_args()


class ScriptJudge:
    """Lets another script judge, one process for each candidate."""

    def __init__(self, script, reference, text, chunks):
        self.command = [sys.executable, script, reference]
        self.rest = [text, "--chunks", str(chunks)]

    def measure(self, state):
        with tempfile.TemporaryDirectory() as folder:
            write_state(state, folder)
            return json.loads(run(*self.command, folder, *self.rest))


class Bench:
    """Judges candidates that are not in the work folder yet."""

    def __init__(self, options):
        self.options = options
        self.folder = Path(options.work, "measured")
        self.folder.mkdir(parents=True, exist_ok=True)
        if options.fresh:
            for path in self.folder.glob("*.json"):
                path.unlink()
        judge = fingerprint(options.judge) if options.judge else code_digest("judge")
        self.conditions = [fingerprint(options.model), fingerprint(options.eval), options.chunks, judge]
        self.calibration = fingerprint(options.calibration)
        self._judge = None

    @property
    def judge(self):
        """Made when the first candidate needs it: the reference's predictions take a while."""
        if self._judge is None:
            say("reading the text with the reference")
            options = self.options
            if options.judge:
                self._judge = ScriptJudge(options.judge, options.model, options.eval, options.chunks)
            else:
                sequences = pieces(options.model, options.eval, options.chunks, CONTEXT)
                memory = hashlib.sha256(json.dumps(self.conditions).encode()).hexdigest()[:12] + "-reference.pt"
                self._judge = Judge(options.model, sequences, Path(options.work, memory))
        return self._judge

    def result(self, candidate, runtime, is_chosen):
        """What was measured of a candidate, now or before; None if it was not and is not chosen."""
        conditions = [*self.conditions, candidate.recipe, self.calibration if candidate.calibrated else None]
        key = hashlib.sha256(json.dumps(conditions).encode()).hexdigest()
        path = self.folder / (re.sub(r"[^A-Za-z0-9.]+", "-", f"{candidate.side} {candidate.label}") + ".json")
        known = json.loads(path.read_text()) if path.exists() else {}
        is_known = known.get("key") == key and ("runtime" in known or candidate.side == "peers" or not runtime)
        if not is_known and not is_chosen:
            return None
        if not is_known:
            say(candidate.label)
            start = time.time()
            made = candidate.make()
            making_seconds = time.time() - start
            known = {
                "key": key,
                "label": candidate.label,
                "side": candidate.side,
                "calibrated": candidate.calibrated,
                "storedBits": made.stored_bits,
                **self.judge.measure(made.state),
                "makingSeconds": making_seconds,
            }
            if made.container and runtime:
                known["runtime"] = runtime.measure(made)
            if made.container:
                made.container.unlink()
            partial = path.with_suffix(".partial")
            partial.write_text(json.dumps(known, indent=1))
            partial.rename(path)
            say(f"  {known['storedBits']:.3f} bits, {known['kldMean']:.5f} nats, {time.time() - start:.0f} s")
        return known


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def candidates(options):
    """All candidates, those of ours first because they change most often."""
    if options.program:
        yield from ours.candidates(options)
    yield from nearest_peers.candidates(options.model)
    yield from hqq_peers.candidates(options.model)
    if options.llama_source:
        yield from llama_cpp.candidates(
            llama_cpp.LlamaCpp(
                options.llama_source, options.llama_build, options.work, options.model, options.calibration
            )
        )
    yield from second_order_peers.candidates(Calibration(options.model, options.calibration, options.work))


def main():
    options = parse()
    bench = Bench(options)
    runtime = None
    if options.program and not options.no_runtime and not options.judge:
        runtime = ours.Runtime(options, CONTEXT)
    results = [
        bench.result(candidate, runtime, re.search(options.only, candidate.label)) for candidate in candidates(options)
    ]
    results = sorted(filter(None, results), key=lambda result: (result["storedBits"], result["kldMean"]))
    add_ratios(results)
    write(results, options)


def write(results, options):
    """Prints the table and leaves all forms of it in the work folder."""
    everything = {
        "schema": "fusion-convert.bench-quality/1",
        "program": run(options.program, "--version").strip() if options.program else None,
        "model": fingerprint(options.model),
        "chunks": options.chunks,
        "context": CONTEXT,
        "results": results,
    }
    work = Path(options.work)
    (work / "results.json").write_text(json.dumps(everything, indent=1) + "\n")
    picture, markdown = plot(results), table(results)
    (work / "results.svg").write_text(picture)
    (work / "results.md").write_text(markdown)
    if options.document:
        document.update(options.document, markdown, picture)
    print(markdown)


if __name__ == "__main__":
    main()
