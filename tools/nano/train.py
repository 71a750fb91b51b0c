"""Trains FUSION-nano on a question set of `fusion-convert synth qa`.

First the vision tower and the projector learn to see, from labels of what is in each cell of a picture. Then everything
is trained on questions and answers, with the mapping loss of FUSION and a falling share of the first task.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path

import torch
from torch import distributed, multiprocessing
from torch.nn import functional

from checkpoint import write_weights
from dataset import QuestionSet, majority
from dense_labels import FIELDS, DenseHead
from fusion_model import MAPPING_WEIGHT, FusionModel, Layout
from grounding import ASKING, CHOOSING, LOOKING, Grounding, ReadingHead
from optimization import MasterWeights, initialize, schedule
from packing import PackedLayout, decode
from pictures import normalized
from prompts import Prompter


class Trainer:
    """A model, its data and the losses of one batch."""

    def __init__(self, arguments, rank=0):
        torch.manual_seed(arguments.seed)
        self.random = torch.Generator().manual_seed(arguments.seed + 1 + rank)
        self.rank = rank
        self.arguments = arguments
        self.config = json.loads((arguments.model / "config.json").read_text())
        prompter = Prompter(arguments.model)
        self.data = QuestionSet(arguments.data, prompter, self.config)
        self.held_out = QuestionSet(arguments.held_out, prompter, self.config, self.data.words)
        self.model = FusionModel(self.config)
        initialize(self.model)
        self.dense = DenseHead(self.config["hidden_size"], len(self.data.words))
        self.reading = torch.nn.ModuleList(ReadingHead(self.config["hidden_size"]) for _ in range(3))
        self.weights = MasterWeights([self.model, self.dense, self.reading], arguments.matrix_rate, arguments.rate)
        self.order = []

    def draw(self, count):
        """Numbers of the next pictures; every picture comes once before one comes again."""
        if len(self.order) < count:
            self.order += torch.randperm(len(self.data), generator=self.random).tolist()
        taken, self.order = self.order[:count], self.order[count:]
        return taken

    def chance(self, share):
        """Whether an event of a probability happens."""
        return torch.rand(1, generator=self.random).item() < share

    def see(self, data, pictures, query_length, learns=True):
        """
        Whole pictures, and what their quarters become: grid, first latents, windows.

        :param learns: whether the quarters' errors go back into the tower, which takes twice their time again.
        """
        pixels = normalized(data.crops[sorted(pictures)], torch.bfloat16)
        with torch.set_grad_enabled(torch.is_grad_enabled() and learns):
            grid = self.model.encode_quarters(pixels[:, :4])
        latents, windows = self.model.pool(grid, query_length)
        return pixels[:, 4], grid, latents, windows

    def dense_loss(self, pictures, grid, image, owners):
        """Cell labels from the quarters and from the whole pictures."""
        count = self.data.cells
        fine = torch.from_numpy(self.data.labels(pictures, 2 * count))
        coarse = torch.from_numpy(self.data.labels(pictures, count))[owners]
        first, shares = self.dense(grid.flatten(2).transpose(1, 2), fine)
        second, whole_shares = self.dense(image, coarse)
        return first + second, torch.stack([shares, whole_shares])

    def vision_step(self, pictures):
        """Loss of seeing alone; the tower reads one question of each picture along."""
        pictures = sorted(pictures)
        whole, grid, _, _ = self.see(self.data, pictures, 16)
        asked = [self.data.questions[index][step % len(self.data.questions[index])]["instruction"]
                 for step, index in enumerate(pictures)]
        image, instructed, embedded, counted, patches = self.model.encode_guided(whole, asked)
        dense, shares = self.dense_loss(pictures, grid, image, torch.arange(len(pictures)))
        forth, back = self.model.mapping_loss(image, instructed, embedded, counted, patches)
        return dense + MAPPING_WEIGHT * (forth + back), {"dense": dense.item(), "shares": shares}

    def language_loss(self, whole, latents, windows, owners, asked, query_length):
        """Summed loss of the answers' tokens, mapping loss and image features of some questions."""
        encoded = self.model.encode_guided(whole, [item["instruction"] for item in asked], owners)
        layout = Layout(
            [item["prompt"] for item in asked], self.model.patches, query_length, [item["answer"] for item in asked])
        x = self.model.embed_prompt(layout, encoded[0], latents[owners])
        logits = self.model.decode(x, layout, windows, owners, layout.predicting)
        loss = functional.cross_entropy(
            logits.flatten(0, 1).float(), layout.targets.flatten(), reduction="sum", ignore_index=-100)
        right = (logits.argmax(-1) == layout.targets) | (layout.targets == -100)
        forth, back = self.model.mapping_loss(*encoded)
        return loss, (layout.targets != -100).sum(), forth + back, encoded[0], right.all(-1)

    def questions_of(self, pictures):
        """All questions of pictures with a word or a letter for an answer, and the place of each one's picture."""
        asked, owners = [], []
        for place, index in enumerate(pictures):
            for item in self.data.questions[index]:
                if item["type"] == "long":
                    continue
                if item["type"] != "choice" and self.chance(self.arguments.bare_share):
                    item = item | {"prompt": item["bare_prompt"], "instruction": item["bare_instruction"]}
                asked.append(item)
                owners.append(place)
        return asked, owners

    def question_step(self, pictures, dense_weight, describes):
        """Loss of answers, or of descriptions, with the other losses."""
        pictures = sorted(pictures)
        query_length = 4 if self.chance(self.arguments.few_latents_share) else 16
        whole, grid, latents, windows = self.see(self.data, pictures, query_length)
        if describes:
            asked = [self.data.description | {"answer": self.data.descriptions[index]} for index in pictures]
            owners = list(range(len(pictures)))
        else:
            asked, owners = self.questions_of(pictures)
        # Questions of like length go together, since a batch is as long as its longest row.
        order = sorted(range(len(asked)), key=lambda index: len(asked[index]["prompt"]))
        parts = [order[:len(order) // 2], order[len(order) // 2:]]
        loss, count, mapping, right, images = 0.0, 0, 0.0, [], []
        for part in parts:
            result = self.language_loss(
                whole, latents, windows, torch.tensor([owners[index] for index in part]),
                [asked[index] for index in part], query_length)
            loss, count, mapping = loss + result[0], count + result[1], mapping + result[2] / len(parts)
            images.append(result[3])
            right.append(result[4])
        language = loss / count
        total = language + MAPPING_WEIGHT * mapping
        if dense_weight > 0:
            places = torch.tensor([owners[index] for part in parts for index in part])
            dense, _ = self.dense_loss(pictures, grid, torch.cat(images), places)
            total = total + dense_weight * dense
        return total, {"loss": language.item(), "right": torch.cat(right).float().mean().item()}

    def packed_step(self, pictures, dense_weight, grounding_weight):
        """Loss of answers with all questions about a picture in one sequence."""
        pictures = sorted(pictures)
        query_length = 4 if self.chance(self.arguments.few_latents_share) else 16
        whole, grid, latents, windows = self.see(
            self.data, pictures, query_length, self.chance(self.arguments.quarters_share))
        asked, owners = self.questions_of(pictures)
        rows = [[item for item, owner in zip(asked, owners) if owner == place] for place in range(len(pictures))]
        guides = [row[torch.randint(len(row), (1,), generator=self.random).item()]["instruction"] for row in rows]
        encoded = self.model.encode_guided(whole, guides)
        pairs = [[(item["prompt"], item["answer"]) for item in row] for row in rows]
        blocks = max(map(len, pairs))
        pairs = [row + [(row[0][0], [])] * (blocks - len(row)) for row in pairs]
        layout = PackedLayout(pairs, self.model.patches, query_length)
        logits, weights, states = decode(
            self.model, layout, encoded[0], latents, windows, (LOOKING, ASKING, CHOOSING), (LOOKING, ASKING))
        language = functional.cross_entropy(logits.flatten(0, 1).float(), layout.targets.flatten(), ignore_index=-100)
        right = ((logits.argmax(-1) == layout.targets) | (layout.targets == -100)).all(-1).float().mean()
        forth, back = self.model.mapping_loss(*encoded)
        dense, _ = self.dense_loss(pictures, grid, encoded[0], torch.arange(len(pictures)))
        grounding, seen = Grounding(self.data, pictures, rows, layout).loss(weights, states, self.reading)
        total = language + MAPPING_WEIGHT * (forth + back) + dense_weight * dense + grounding_weight * grounding
        return total, {"loss": language.item(), "right": right.item()} | seen

    @torch.no_grad()
    def evaluate(self, count):
        """Share of held-out questions whose every answer token comes first, for each category."""
        results = []
        for start in range(0, count, 20):
            pictures = list(range(start, min(start + 20, count)))
            whole, _, latents, windows = self.see(self.held_out, pictures, 16)
            pairs = [(item, place) for place, index in enumerate(pictures) for item in self.held_out.questions[index]
                     if item["type"] != "long"]
            pairs.sort(key=lambda pair: len(pair[0]["prompt"]))
            for part in (pairs[:len(pairs) // 2], pairs[len(pairs) // 2:]):
                right = self.language_loss(
                    whole, latents, windows, torch.tensor([place for _, place in part]),
                    [item for item, _ in part], 16)[4]
                results += [(item, value) for (item, _), value in zip(part, right.tolist())]
        categories = {}
        for item, value in results:
            categories.setdefault(item["category"], []).append(value)
            categories.setdefault(item["type"], []).append(value)
        categories["all"] = [value for _, value in results]
        return {name: sum(values) / len(values) for name, values in sorted(categories.items())}

    def save(self, step):
        """The weights as a checkpoint, and the state of training."""
        self.arguments.output.mkdir(parents=True, exist_ok=True)
        write_weights(self.model, self.arguments.output / "model.safetensors")
        torch.save({"step": step, "weights": self.weights.state(), "random": self.random.get_state(),
                    "order": self.order}, self.arguments.output / "training.pt")


def report(step, start, name, values):
    """One line of progress."""
    text = " ".join(f"{key} {value:.3f}" for key, value in values.items())
    print(f"{time.strftime('%H:%M:%S')} {name} {step} ({time.time() - start:.0f} s) {text}", flush=True)


def run(trainer, arguments):
    """Both phases."""
    start, first = time.time(), 0
    if arguments.resume:
        saved = torch.load(arguments.resume, weights_only=False)
        trainer.weights.restore(saved["weights"])
        first = saved["step"]
        if trainer.rank == 0:
            trainer.random.set_state(saved["random"])
            trainer.order = saved["order"]
        else:
            trainer.random.manual_seed(arguments.seed + 1 + trainer.rank + first)
    steps = arguments.vision_steps + arguments.steps
    last = arguments.until or steps
    for step in range(first, last):
        sees = step < arguments.vision_steps
        done = (step - arguments.vision_steps) / max(arguments.steps, 1)
        if sees:
            loss, values = trainer.vision_step(trainer.draw(arguments.vision_pictures))
        else:
            describes = step % arguments.describe_every == arguments.describe_every - 1
            pictures = trainer.draw(arguments.pictures * (2 if describes else 1))
            weight = arguments.dense_weight * (1 - done)
            if describes or done >= arguments.packed_share:
                loss, values = trainer.question_step(pictures, weight, describes)
            else:
                loss, values = trainer.packed_step(pictures, weight, arguments.grounding_weight * (1 - done))
        loss.backward()
        trainer.weights.step(schedule(step, steps, arguments.full_rate_share))
        if trainer.rank > 0:
            continue
        if step % 50 == 0:
            shares = values.pop("shares", None)
            report(step, start, "vision" if sees else "questions", values)
            if shares is not None:
                for row, name in zip(shares.tolist(), ("quarters", "whole")):
                    report(step, start, name, dict(zip(FIELDS, row)))
        if step + 1 == arguments.vision_steps:
            trainer.save(step + 1)
        if not sees and (step + 1) % arguments.evaluate_every == 0:
            report(step, start, "held out", trainer.evaluate(arguments.evaluate_pictures))
            trainer.save(step + 1)
    if trainer.rank == 0:
        trainer.save(last)
        report(last, start, "held out", trainer.evaluate(arguments.evaluate_pictures))


def work(rank, arguments):
    """One of the processes, each with its own part of every batch; the first reports."""
    torch.set_num_threads(1 if arguments.processes > 1 else arguments.threads)
    if arguments.processes > 1:
        distributed.init_process_group(
            "gloo", init_method=f"file://{arguments.meeting}", rank=rank, world_size=arguments.processes)
    trainer = Trainer(arguments, rank)
    if rank == 0:
        asked = [item for items in trainer.held_out.questions for item in items if item["type"] != "long"]
        guesses = sorted(majority(asked).items())
        print("majority guess " + " ".join(f"{name} {share:.3f}" for name, share in guesses), flush=True)
    run(trainer, arguments)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, help="folder with config.json and tokenizer.json")
    parser.add_argument("data", type=Path, help="question set to train on")
    parser.add_argument("held_out", type=Path, help="question set of another seed")
    parser.add_argument("output", type=Path, help="folder for model.safetensors and the state of training")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--processes", type=int, default=1,
        help="processes of one thread, each with a whole batch, whose gradients are averaged")
    parser.add_argument("--vision-steps", type=int, default=1600)
    parser.add_argument("--vision-pictures", type=int, default=16)
    parser.add_argument("--steps", type=int, default=6200)
    parser.add_argument("--packed-share", type=float, default=0.987, help="share of the steps in the faster form")
    parser.add_argument("--pictures", type=int, default=12)
    parser.add_argument("--matrix-rate", type=float, default=3e-3)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--full-rate-share", type=float, default=0.68, help="share of all steps before the rates fall")
    parser.add_argument("--dense-weight", type=float, default=0.3)
    parser.add_argument("--grounding-weight", type=float, default=0.4)
    parser.add_argument("--bare-share", type=float, default=0.15)
    parser.add_argument("--few-latents-share", type=float, default=0.4)
    parser.add_argument(
        "--quarters-share", type=float, default=0.25,
        help="share of packed batches in which the quarters teach the tower")
    parser.add_argument("--describe-every", type=int, default=40)
    parser.add_argument("--evaluate-every", type=int, default=400)
    parser.add_argument("--evaluate-pictures", type=int, default=200)
    parser.add_argument("--until", type=int, help="stop after this step of the schedule")
    parser.add_argument("--resume", type=Path, help="training.pt of an earlier run")
    arguments = parser.parse_args()
    if arguments.processes == 1:
        work(0, arguments)
        return
    with tempfile.TemporaryDirectory() as folder:
        arguments.meeting = f"{folder}/meeting"
        multiprocessing.spawn(work, (arguments,), arguments.processes)


if __name__ == "__main__":
    main()
