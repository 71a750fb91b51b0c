"""Answers a question set with a model and prints the accuracy of each category against the best blind guess."""

import argparse
import json
import math
from pathlib import Path

import torch

from answering import Answerer
from checkpoint import read_model
from dataset import lines, majority
from prompts import Prompter


def is_right(question, text):
    """Whether an answer is one of those accepted; case and a full stop do not count."""
    accepted = question.get("answers") or [question["answer"]]
    return text.strip().lower().rstrip(".") in {answer.lower() for answer in accepted}


def interval(right, count, z=1.96):
    """Wilson's interval of a share at 95 %."""
    share = right / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return middle - half, middle + half


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("data", type=Path, help="a folder of `fusion-convert synth qa`")
    parser.add_argument("--count", type=int, help="use the first questions only")
    parser.add_argument("--query-len", type=int)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--output", type=Path, help="file for the answers, one JSON object a line")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    answerer = Answerer(read_model(arguments.model), Prompter(arguments.model), arguments.query_len)
    questions = [line for line in lines(arguments.data / "questions.jsonl") if line["type"] != "long"]
    results, wrong = {}, []
    for question in questions[:arguments.count]:
        ids = answerer.greedy(arguments.data / question["image"], question["text"], limit=16)
        text = answerer.prompter.text(ids)
        right = is_right(question, text)
        for name in (question["category"], question["type"], "all"):
            results.setdefault(name, []).append(right)
        wrong.append({"question_id": question["question_id"], "text": text, "ids": ids, "right": right})
    guesses = majority([question | {"expected": question["answer"]} for question in questions])
    for name, values in sorted(results.items()):
        low, high = interval(sum(values), len(values))
        guess = f", best blind guess {guesses[name]:.1%}" if name in guesses else ""
        print(f"{name:16} {sum(values) / len(values):.1%} of {len(values)} ({low:.1%} to {high:.1%}){guess}")
    if arguments.output:
        arguments.output.write_text("".join(json.dumps(line) + "\n" for line in wrong))


if __name__ == "__main__":
    main()
