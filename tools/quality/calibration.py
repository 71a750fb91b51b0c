"""What the float model feeds into its linear layers on the calibration text."""

from pathlib import Path

import torch

from checkpoint import fingerprint, layer_prefix, read_state
from judge import build, pieces

PIECES, LENGTH = 64, 512
# Matrices that read the same input, by the one whose input is recorded.
SITES = {
    "self_attn.q_proj": ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
    "self_attn.o_proj": ("self_attn.o_proj",),
    "mlp.gate_proj": ("mlp.gate_proj", "mlp.up_proj"),
    "mlp.down_proj": ("mlp.down_proj",),
}


class Calibration:
    """Second moments of the inputs: for each matrix the mean over the tokens of x xᵀ."""

    def __init__(self, model, text, work):
        self.model, self.text, self.work = model, text, Path(work)
        self._moments = None

    def moments(self, name):
        """Those of the matrix with this name."""
        if self._moments is None:
            self._moments = self._read()
        return self._moments[name]

    def _read(self):
        digest = fingerprint(self.model, self.text)[:16]
        path = self.work / f"moments-{digest}-{PIECES}.pt"
        if not path.exists():
            partial = path.with_name("partial-" + path.name)
            torch.save(self._measure(), partial)
            partial.rename(path)
        by_site = torch.load(path)
        return {
            layer_prefix(layer) + part + ".weight": moments
            for (layer, site), moments in by_site.items()
            for part in SITES[site]
        }

    def _measure(self):
        sequences = pieces(self.model, self.text, PIECES, LENGTH)
        model = build(self.model, read_state(self.model))
        sums = {}
        for layer, block in enumerate(model.model.layers):
            for site in SITES:

                def record(module, inputs, key=(layer, site)):
                    x = inputs[0].view(-1, inputs[0].shape[-1])
                    sums.setdefault(key, torch.zeros(x.shape[1], x.shape[1])).addmm_(x.T, x)

                block.get_submodule(site).register_forward_pre_hook(record)
        for ids in sequences:
            model.model(ids[None])  # without the head
        return {key: value / (len(sequences) * LENGTH) for key, value in sums.items()}
