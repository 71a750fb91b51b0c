#!/usr/bin/env python3
"""Measures conversions of one FUSION model by category of question, and with only a part of the model quantized.

Questions are those of `synth qa`. For every conversion and category `diff` gives the mean KL divergence at the answers'
tokens and how many questions each side answers rightly. Needs nothing but the standard library.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

KEEP_VISION = ["--keep", "vision.*", "--keep", "*projector.*"]
KEEP_LANGUAGE = ["--keep", "language.*", "--keep", "samplers.*"]
# For a part alone everything else is kept, and the part's matrices get the scheme that the language model's bulk has.
SCHEMES = {
    "int8": "int8-cs",
    "int4": "int4-cs-g32",
    "3.5 bits": "entropy-3.5",
    "3 bits": "entropy-3.0",
}


def main():
    options = parse()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        folder = Path(folder)
        files = questions(options, folder) if options.count else {}
        rows = []
        for label, arguments in conversions(options.calibrated):
            container = folder / "model.fusion"
            converted = run(options, "convert", options.model, container, *arguments, "--force", "--json")
            rows.append(measure(options, label, converted, container, files))
    print(table(options, rows, list(files)))


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    root = Path(__file__).parents[2]
    parser.add_argument(
        "--program", default=root / ".build/release/fusion-convert", help="fusion-convert (this repository's build)"
    )
    parser.add_argument("--model", default=root / "models/fusion-nano", help="FUSION checkpoint (models/fusion-nano)")
    parser.add_argument("--folder", help="where to work; nothing stays (the system's folder for temporary files)")
    parser.add_argument("--count", type=int, default=280, help="questions; 0 for divergences alone (280)")
    parser.add_argument("--seed", type=int, default=20260101, help="of questions and generated samples")
    parser.add_argument("--samples", type=int, default=32, help="samples of the overall divergence of each kind (32)")
    parser.add_argument("--calibrated", action="store_true", help="calibrate on generated samples of another seed")
    return parser.parse_args()


def run(options, *arguments):
    done = subprocess.run(
        [str(options.program), *map(str, arguments), "--quiet"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(map(str, arguments))}\n{done.stderr}")
    return json.loads(done.stdout) if done.stdout.startswith("{") else None


def conversions(is_calibrated):
    """Label and arguments: the whole model, the vision side alone, the language side alone."""
    calibration = ["--calibrate", "synth"] if is_calibrated else []
    for label, scheme in SCHEMES.items():
        if scheme.startswith("entropy"):
            whole = ["--coding", "entropy", "--bits", scheme.split("-")[1]]
        else:
            whole = ["--quant", label]
        yield label, whole + calibration
        # Patterns that come later win, and what is kept wins over all.
        everything = ["--quant", "keep", "--tensor-type", f"*.weight={scheme}"]
        yield f"{label}, vision alone", everything + KEEP_LANGUAGE + calibration
        yield f"{label}, language alone", everything + KEEP_VISION + calibration


def questions(options, folder):
    """One file of questions for each category."""
    run(options, "synth", "qa", "--count", options.count, "--seed", options.seed, "--out", folder / "questions")
    lines = {}
    for line in (folder / "questions" / "questions.jsonl").read_text().splitlines():
        lines.setdefault(json.loads(line)["category"], []).append(line)
    files = {}
    for category, chosen in sorted(lines.items()):
        files[category] = folder / "questions" / f"{category}.jsonl"
        files[category].write_text("\n".join(chosen) + "\n")
    return files


def measure(options, label, converted, container, files):
    row = {"label": label, "bits": converted["storedBitsPerWeight"], "categories": {}}
    report = run(
        options, "diff", options.model, container, "--samples", options.samples, "--text-samples", options.samples,
        "--seed", options.seed, "--no-answers", "--json",
    )
    for kind, outputs in report["outputs"].items():
        row[kind] = outputs["divergence"]["mean"]["value"] if outputs else None
    for category, path in files.items():
        report = run(
            options, "diff", options.model, container, "--data", path, "--samples", options.count, "--json"
        )
        answers = report["answers"]
        count = answers["questionCount"]
        row["categories"][category] = {
            "kld": report["outputs"]["all"]["divergence"]["mean"]["value"],
            "right": round(answers["candidateAccuracy"]["value"] * count),
            "reference": round(answers["referenceAccuracy"]["value"] * count),
            "changed": answers["changedCount"],
            "count": count,
        }
    return row


def table(options, rows, categories):
    head = ["conversion", "stored bits", "KL, pictures", "KL, text", *categories]
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    for row in rows:
        cells = [row["label"], f"{row['bits']:.3f}", number(row.get("image")), number(row.get("text"))]
        for category in categories:
            known = row["categories"][category]
            cells.append(f"{known['right']}/{known['count']} ({known['reference']}), {number(known['kld'])}")
        lines.append("| " + " | ".join(cells) + " |")
    lines += [
        "",
        f"{Path(options.model).name}. KL divergence in nats, mean over the tokens of the answers; for text, of the text."
        " A category has the questions that the conversion answers rightly, of all, the checkpoint's own number in"
        " parentheses, and the divergence.",
    ]
    return "\n".join(lines)


def number(value):
    return "-" if value is None else f"{value:.5f}"


if __name__ == "__main__":
    main()
