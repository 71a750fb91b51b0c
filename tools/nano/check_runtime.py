"""Compares `fusion-convert trace` with PyTorch: token ids and greedy answers exactly, logits within a limit.

Exits with 1 if a prompt differs.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from safetensors.torch import load_file

from answering import Answerer
from checkpoint import read_model
from dataset import lines
from prompts import Prompter

LIMIT = 2e-5


def trace(program, model, picture, question, folder):
    """All tensors of one trace."""
    output = Path(folder, "trace.safetensors")
    output.unlink(missing_ok=True)
    subprocess.run(
        [program, "trace", model, "--image", picture, "--prompt", question, "--output", output, "--quiet"],
        check=True, stdout=subprocess.DEVNULL)
    return load_file(output)


def difference(value, expected):
    """Largest difference over the peak."""
    return ((value.double() - expected.double()).abs().max() / expected.double().abs().max()).item()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=Path, help="the fusion-convert program")
    parser.add_argument("model", type=Path)
    parser.add_argument("data", type=Path, help="a folder of `fusion-convert synth qa`")
    parser.add_argument("--count", type=int, default=100)
    arguments = parser.parse_args()
    answerer = Answerer(read_model(arguments.model), Prompter(arguments.model))
    questions = lines(arguments.data / "questions.jsonl")
    questions = questions[::max(len(questions) // arguments.count, 1)][:arguments.count]
    worst, wrong = 0.0, 0
    with tempfile.TemporaryDirectory() as folder:
        for question in questions:
            picture, text = arguments.data / question["image"], question["text"]
            found = trace(arguments.program, arguments.model, picture, text, folder)
            same = found["input_ids"].flatten().tolist() == answerer.prompter.prompt(text)
            same &= found["instruct_ids"].flatten().tolist() == answerer.prompter.instruction(text)
            logits = answerer.logits(picture, text, [])[-1]
            ratio = difference(found["logits.last8"].reshape(-1, logits.numel())[-1], logits)
            answer = found["generated_ids"].flatten().tolist()
            same &= answer == answerer.greedy(picture, text, limit=len(answer))
            worst, wrong = max(worst, ratio), wrong + (not same)
            if not same or ratio > LIMIT:
                print(f"{question['question_id']}: ids {'agree' if same else 'differ'}, logits {ratio:.2e}")
    print(f"{len(questions)} prompts, {wrong} with other ids or answers, logits at most {worst:.2e} of the peak apart")
    sys.exit(wrong > 0 or worst > LIMIT)


if __name__ == "__main__":
    main()
