"""Makes Tests/Fixtures/nano: questions with pictures, and what PyTorch computes for the demo model and a candidate.

The candidate is the model after `fusion-convert convert --quant int4 --method search` and `fusion-convert export`.
"""

import argparse
import json
import math
import shutil
import subprocess
import tempfile
from pathlib import Path

import torch

from answering import Answerer
from checkpoint import read_model
from dataset import lines
from prompts import Prompter

SEED = 20260731
QUESTIONS = 25


def call(*arguments):
    """Runs a program and stops if it fails."""
    subprocess.run([str(argument) for argument in arguments], check=True, stdout=subprocess.DEVNULL)


def measures(reference, candidate, targets):
    """Divergences of one question; logits are float32 or float64, all sums float64."""
    first = torch.log_softmax(reference.double(), dim=-1)
    second = torch.log_softmax(candidate.double(), dim=-1)
    ids = torch.tensor(targets)
    best = [logits.topk(5, dim=-1).indices.tolist() for logits in (reference, candidate)]
    right = [values[torch.arange(len(targets)), ids] for values in (first, second)]
    return {
        "kld": (first.exp() * (first - second)).sum(-1).tolist(),
        "top1_agrees": [a[0] == b[0] for a, b in zip(*best)],
        "top5_overlap": [len(set(a) & set(b)) for a, b in zip(*best)],
        "right_token_log_probability": {"reference": right[0].tolist(), "candidate": right[1].tolist()},
        "right_token_probability_change": (right[1].exp() - right[0].exp()).tolist(),
    }


def summary(questions, precision):
    """The measures over all positions of all questions."""
    parts = [question[precision] for question in questions]
    joined = {
        name: [value for part in parts for value in part[name]] for name in ("kld", "top1_agrees", "top5_overlap")}
    right = {
        side: [value for part in parts for value in part["right_token_log_probability"][side]]
        for side in ("reference", "candidate")}
    count = len(joined["kld"])
    perplexity = {side: math.exp(-sum(values) / count) for side, values in right.items()}
    changes = [value for part in parts for value in part["right_token_probability_change"]]
    return {
        "positions": count,
        "kld_mean": sum(joined["kld"]) / count,
        "kld_max": max(joined["kld"]),
        "top1_agreement": sum(joined["top1_agrees"]) / count,
        "top5_overlap": sum(joined["top5_overlap"]) / (5 * count),
        "right_token_probability_change_mean": sum(changes) / count,
        "perplexity": perplexity,
        "perplexity_ratio": perplexity["candidate"] / perplexity["reference"],
    }


def answers(folder, questions, data):
    """Greedy answers of the model."""
    answerer = Answerer(read_model(folder), Prompter(folder))
    stated = []
    for question in questions:
        ids = answerer.greedy(data / question["image"], question["text"])
        stated.append({
            "question_id": question["question_id"], "input_ids": answerer.prompter.prompt(question["text"]),
            "generated_ids": ids, "text": answerer.prompter.text(ids)})
    return stated


def comparison(reference, candidate, questions, data):
    """Reference against candidate, forced to the right answers, in float32 and in float64."""
    stated = []
    models = {
        name: [Answerer(read_model(folder, dtype), Prompter(reference)) for folder in (reference, candidate)]
        for name, dtype in (("float32", torch.float32), ("float64", torch.float64))}
    for question in questions:
        ids = models["float32"][0].prompter.answer(question["answer"])
        entry = {"question_id": question["question_id"], "answer_ids": ids}
        for name, pair in models.items():
            logits = [
                answerer.logits(data / question["image"], question["text"], ids[:-1]) for answerer in pair]
            entry[name] = measures(*logits, ids)
        stated.append(entry)
    return stated, {name: summary(stated, name) for name in models}


def write(path, entries, **fields):
    """JSON, one line for each field and for each entry of `questions`."""
    parts = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in fields.items()]
    parts.append('"questions": [\n  ' + ",\n  ".join(json.dumps(entry) for entry in entries) + "\n ]")
    path.write_text("{\n " + ",\n ".join(parts) + "\n}\n")


def main():
    root = Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=Path, help="the fusion-convert program")
    parser.add_argument("--model", type=Path, default=root / "models/fusion-nano")
    parser.add_argument("--output", type=Path, default=root / "Tests/Fixtures/nano")
    arguments = parser.parse_args()
    output = arguments.output
    shutil.rmtree(output, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        made, container, exported = (Path(folder, name) for name in ("questions", "nano.fusion", "exported"))
        call(arguments.program, "synth", "qa", "--count", QUESTIONS, "--seed", SEED, "--out", made)
        call(arguments.program, "convert", arguments.model, container, "--quant", "int4", "--method", "search")
        # Not rounded to bfloat16: the candidate is what the codes stand for.
        call(arguments.program, "export", container, exported, "--dtype", "f32")
        output.mkdir(parents=True)
        shutil.copy(made / "questions.jsonl", output)
        shutil.copytree(made / "images", output / "images")
        questions = lines(output / "questions.jsonl")
        write(output / "answers.json", answers(arguments.model, questions, output))
        compared, summaries = comparison(arguments.model, exported, questions, output)
        write(output / "candidate-int4.json", compared, summary=summaries)
    print(json.dumps(summaries, indent=1))


if __name__ == "__main__":
    main()
