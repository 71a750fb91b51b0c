#!/usr/bin/env python3
"""Says how far a LLaMA checkpoint is from another one, in float32 PyTorch, on consecutive pieces of a text.

At each position but a piece's last, P is the reference's distribution over the next token and Q the candidate's:
divergence is KL(P, Q) in nats; agreement is about the likeliest token; perplexities are those of the token that came.
Prints one JSON object.
"""

import argparse
import json
import math
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import LlamaConfig, LlamaForCausalLM

from checkpoint import EMBEDDING, HEAD, linear_names, read_config, read_state

torch.set_grad_enabled(False)


def build(folder, state):
    """The model of a folder's config.json with these weights; it shares their memory."""
    config = read_config(folder)
    for name in ("architectures", "torch_dtype", "dtype"):
        config.pop(name, None)
    with torch.device("meta"):
        model = LlamaForCausalLM(LlamaConfig(**config))
    model.load_state_dict({**state, HEAD: state.get(HEAD, state[EMBEDDING])}, strict=True, assign=True)
    # Made on the meta device like everything else, but not in the state.
    model.model.rotary_emb = type(model.model.rotary_emb)(model.config)
    return model.float().eval()


def pieces(folder, text, count, length):
    """Token ids of the first `count` pieces of `length` tokens."""
    ids = Tokenizer.from_file(str(Path(folder, "tokenizer.json"))).encode(Path(text).read_text("utf8")).ids
    count = min(count, len(ids) // length)
    if count < 1:
        raise SystemExit(f"{text}: shorter than one piece of {length} tokens")
    return list(torch.tensor(ids[: count * length]).view(count, length))


class Judge:
    """Keeps the reference and what it predicts, so that each candidate costs one pass only."""

    def __init__(self, folder, sequences, memory=None):
        """`memory` names a file in which the reference's predictions stay for the next time."""
        self.folder = folder
        self.sequences = sequences
        self.reference = read_state(folder)
        if memory is None or not Path(memory).exists():
            self.predictions = list(self._predict(self.reference))
            if memory is not None:
                partial = Path(memory).with_name("partial-" + Path(memory).name)
                torch.save(self.predictions, partial)
                partial.rename(memory)
        else:
            self.predictions = torch.load(memory, mmap=True)

    def _predict(self, state):
        model = build(self.folder, state)
        for ids in self.sequences:
            yield model(ids[None]).logits[0, :-1].log_softmax(-1)

    def measure(self, state):
        """The measures of a candidate, as a dictionary."""
        divergences, agreements, reference_losses, losses = [], [], [], []
        for ids, p, q in zip(self.sequences, self.predictions, self._predict(state)):
            agreements.append((p.argmax(-1) == q.argmax(-1)).double())
            came = ids[1:, None]
            reference_losses.append(-p.gather(1, came)[:, 0].double())
            losses.append(-q.gather(1, came)[:, 0].double())
            divergences.append((p.exp() * q.sub_(p).neg_()).sum(-1).double())
        divergence, agreement, reference_loss, loss = map(
            torch.cat, (divergences, agreements, reference_losses, losses)
        )
        return {
            "positions": divergence.numel(),
            "kldMean": divergence.mean().item(),
            "kldStandardError": divergence.std().item() / math.sqrt(divergence.numel()),
            "kldMedian": divergence.median().item(),
            "kldP99": divergence.quantile(0.99).item(),
            "kldMax": divergence.max().item(),
            "top1AgreementPercent": 100 * agreement.mean().item(),
            "perplexityReference": math.exp(reference_loss.mean()),
            "perplexityCandidate": math.exp(loss.mean()),
            "perplexityRatio": math.exp(loss.mean() - reference_loss.mean()),
            "sqnrDecibels": self._signal_to_noise(state),
        }

    def _signal_to_noise(self, state):
        """Energy of the linear matrices over that of their error, in dB; None without an error."""
        signal = error = 0.0
        for name in linear_names(self.reference):
            signal += self.reference[name].double().square().sum().item()
            error += (self.reference[name] - state[name]).double().square().sum().item()
        return 10 * math.log10(signal / error) if error else None


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example: judge.py smollm2 candidate eval.txt --chunks 16",
    )
    parser.add_argument("reference", help="checkpoint folder that is right by definition")
    parser.add_argument("candidate", help="checkpoint folder that is judged, of the same configuration")
    parser.add_argument("text", help="UTF-8 text that both read")
    parser.add_argument("--chunks", type=int, default=40, help="pieces of the text that are read at most (40)")
    parser.add_argument("--context", type=int, default=512, help="tokens of a piece (512)")
    options = parser.parse_args()
    judge = Judge(options.reference, pieces(options.reference, options.text, options.chunks, options.context))
    print(json.dumps(judge.measure(read_state(options.candidate)), indent=1))


if __name__ == "__main__":
    main()
