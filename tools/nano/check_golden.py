"""Compares the model in PyTorch with the golden values of the repository's small Phi fixture.

Prints, for each tensor, the largest difference over the peak; exits with 1 if one is above the limit.
"""

import argparse
import sys
from pathlib import Path

import torch
from safetensors import safe_open

from checkpoint import read_model
from fusion_model import MAPPING_WEIGHT, Layout

LIMIT = 1e-4


class Comparison:
    """Collects the ratio of the largest difference to the peak for each tensor."""

    def __init__(self, golden):
        self.golden = golden
        self.worst = 0.0

    def check(self, name, value, rows=None):
        """Compares a tensor; `rows` names the golden tensor that lists the rows which were stored."""
        expected = self.golden[name].double()
        value = value.detach().double()
        if rows is not None and value.shape[-2] != expected.shape[-2]:
            value = value.index_select(-2, self.golden[rows])
        value = value.reshape(expected.shape)
        ratio = ((value - expected).abs().max() / expected.abs().max()).item()
        self.worst = max(self.worst, ratio)
        print(f"{name:34} {ratio:.2e}")


def run_case(model, golden, query_length):
    """One picture with one question, prefill and training form."""
    comparison = Comparison(golden)
    pixels = golden["pixel_values.table"][golden["pixel_values.u8"].long()]
    instruction = golden["instruct_ids"].tolist()
    states = []
    image, instructed, embedded, counted, patches = model.encode_guided(pixels[4:5], instruction, record=states)
    for index in (0, 1, 13, 14, 26):
        comparison.check(f"vision.instruct.hidden.{index}", states[index], "rows.vision")
    grid = model.encode_quarters(pixels[None, :4])
    comparison.check("global_image_features", grid.flatten(2).transpose(1, 2), "rows.global_map")
    latents, windows = model.pool(grid, query_length)
    comparison.check("image_features", image, "rows.patches")
    comparison.check("instruct_features", instructed)
    comparison.check("init_latent_features", latents)
    mapped = model.model.aux_projector(image)
    comparison.check("vision_features", mapped, "rows.patches")

    pictures = torch.zeros(1, dtype=torch.long)
    layout = Layout(golden["input_ids"].tolist(), model.patches, query_length)
    x = model.embed_prompt(layout, image, latents)
    comparison.check("inputs_embeds", x)
    record = []
    logits = model.decode(x, layout, windows, pictures, record=record)
    samplers = [part for part in record if isinstance(part, tuple)]
    layers = [part for part in record if not isinstance(part, tuple)]
    for index, layer in enumerate(layers):
        comparison.check(f"decoder.hidden.{index}", layer, "rows.decoder")
    for index, (_, before, after) in enumerate(samplers):
        comparison.check(f"sampler.{index}.image_tokens", before)
        comparison.check(f"sampler.{index}.output", after)
    comparison.check("logits.last8", logits[:, -8:])

    labels = golden["train.labels"][0]
    answer = golden["train.input_ids"][0][labels >= 0].tolist()
    prompt = golden["train.input_ids"][0].tolist()
    start = prompt.index(answer[0], len(prompt) - len(answer))
    layout = Layout([prompt[:start]], model.patches, query_length, [prompt[start:]])
    logits = model.decode(model.embed_prompt(layout, image, latents), layout, windows, pictures)
    comparison.check("train.logits.last8", logits[:, -8:])
    predicted = logits[0, layout.predicting[0]]
    language = torch.nn.functional.cross_entropy(predicted, layout.targets[0])
    forth, back = model.mapping_loss(image, instructed, embedded, counted, patches)
    comparison.check("loss.language", language)
    comparison.check("loss.instruct_similarity", forth)
    comparison.check("loss.vision_similarity", back)
    comparison.check("loss.total", language + MAPPING_WEIGHT * (forth + back))
    return comparison.worst


def main():
    root = Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fixtures", type=Path, default=root / "Tests/Fixtures")
    fixtures = parser.parse_args().fixtures
    model = read_model(fixtures / "fusion-phi-tiny")
    with safe_open(fixtures / "golden/fusion-phi-tiny/case1.safetensors", "pt") as file:
        golden = {name: file.get_tensor(name) for name in file.keys()}
    with torch.no_grad():
        worst = run_case(model, golden, model.query_lengths[-1])
    print(f"worst {worst:.2e}, limit {LIMIT:.0e}")
    sys.exit(worst > LIMIT)


if __name__ == "__main__":
    main()
