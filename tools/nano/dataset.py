"""Question sets of `fusion-convert synth qa` as arrays and token ids."""

import argparse
import json
import re
from pathlib import Path

import numpy as np

from dense_labels import cells
from grounding import mentions, option_tokens
from pictures import prepare

STANDING = re.compile(r"\nAnswer (yes or no|the question using a single word or phrase)\.$")


def lines(path):
    """The objects of a JSON lines file."""
    return [json.loads(line) for line in path.read_text().splitlines()]


class QuestionSet:
    """Pictures with their questions; crops lie in a memory-mapped file beside the questions."""

    def __init__(self, folder, prompter, config, words=None):
        folder = Path(folder)
        side = config["vision_config"]["image_size"]
        self.cells = side // config["vision_config"]["patch_size"]
        self.scenes = lines(folder / "scenes.jsonl")
        paths = [folder / scene["image"] for scene in self.scenes]
        stored = folder / f"crops-{side}.npy"
        if not stored.exists():
            prepare(paths, side, folder / "crops-unfinished.npy")
            (folder / "crops-unfinished.npy").rename(stored)
        self.crops = np.load(stored, mmap_mode="r")
        written = sorted({scene["text"]["characters"] for scene in self.scenes if scene.get("text")})
        self.words = words or {word: index for index, word in enumerate(written)}
        number = {scene["image"]: index for index, scene in enumerate(self.scenes)}
        self.questions = [[] for _ in self.scenes]
        for question in lines(folder / "questions.jsonl"):
            text = question["text"]
            bare = STANDING.sub("", text)
            start, offsets = prompter.offsets(text)
            self.questions[number[question["image"]]].append({
                "prompt": prompter.prompt(text), "instruction": prompter.instruction(text),
                "bare_prompt": prompter.prompt(bare), "bare_instruction": prompter.instruction(bare),
                "answer": prompter.answer(question["answer"]), "text": text, "expected": question["answer"],
                "category": question["category"], "type": question["type"], "mentions": mentions(text, start, offsets),
                "option": option_tokens(text, question["answer"], start, offsets)})
        text = "Describe the picture in detail."
        self.description = {"prompt": prompter.prompt(text), "instruction": prompter.instruction(text)}
        self.descriptions = [prompter.answer(scene["description"]) for scene in self.scenes]

    def __len__(self):
        return len(self.scenes)

    def labels(self, pictures, count):
        """[pictures, fields, cells] over the whole picture."""
        return np.stack([cells(self.scenes[index], self.words, count) for index in pictures]).astype(np.int64)


def majority(questions):
    """For each category, how often its most frequent answer of a type is right: the best blind guess."""
    counts = {}
    for question in questions:
        kinds = counts.setdefault(question["category"], {}).setdefault(question["type"], {})
        kinds[question["expected"]] = kinds.get(question["expected"], 0) + 1
    return {
        category: sum(max(answers.values()) for answers in kinds.values())
        / sum(sum(answers.values()) for answers in kinds.values())
        for category, kinds in counts.items()}


def main():
    """Prints what a question set holds."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("data", type=Path)
    questions = [
        line | {"expected": line["answer"]} for line in lines(parser.parse_args().data / "questions.jsonl")
        if line["type"] != "long"]
    for category, share in sorted(majority(questions).items()):
        count = sum(question["category"] == category for question in questions)
        print(f"{category:16} {count:7} questions, majority guess {share:.1%}")


if __name__ == "__main__":
    main()
