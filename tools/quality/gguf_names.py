"""How a LLaMA model in a GGUF file and one in Hugging Face layout call the same tensor, and how their rows differ."""

import re

WHOLE = {
    "token_embd.weight": "model.embed_tokens.weight",
    "output_norm.weight": "model.norm.weight",
    "output.weight": "lm_head.weight",
}
IN_LAYER = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
    "attn_norm": "input_layernorm",
    "ffn_norm": "post_attention_layernorm",
}
TO_GGUF = {hf: gguf for gguf, hf in IN_LAYER.items()}


def hf_name(name):
    """The Hugging Face name of a tensor of a GGUF file."""
    if name in WHOLE:
        return WHOLE[name]
    layer, part = re.fullmatch(r"blk\.(\d+)\.(\w+)\.weight", name).groups()
    return f"model.layers.{layer}.{IN_LAYER[part]}.weight"


def gguf_name(name):
    """The GGUF name of a linear matrix or a norm of a layer."""
    layer, part = re.fullmatch(r"model\.layers\.(\d+)\.(.+)\.weight", name).groups()
    return f"blk.{layer}.{TO_GGUF[part]}.weight"


def rows_to_halves(name, values, heads, value_heads):
    """Turns the rows of queries and keys from llama.cpp's order, where the two features that a rotation mixes are
    neighbours, to Hugging Face's, where they are half a head apart; other tensors stay as they are."""
    if name.endswith("q_proj.weight"):
        return _swapped(values, heads)
    if name.endswith("k_proj.weight"):
        return _swapped(values, value_heads)
    return values


def _swapped(values, heads):
    return values.reshape(heads, -1, 2, values.shape[1]).swapaxes(1, 2).reshape(values.shape)
