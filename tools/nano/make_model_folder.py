"""Makes the model's folder without weights: config.json, generation_config.json and a tokenizer of its own.

The tokenizer is byte-level BPE, trained on a synthetic question set. The sentences that end its questions are one token
each, which makes prompts short.
"""

import argparse
import json
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors, trainers

# Token 0 counts as padding in the vision tower, so it must be one that no question has.
SPECIAL = ["<|endoftext|>", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>", "<vision_start>", "<vision_end>"]
STANDING = [
    "You are a helpful AI assistant.",
    "Answer yes or no.",
    "Answer with the option's letter from the given choices directly.",
    "Answer the question using a single word or phrase.",
]
GREATEST_VOCABULARY = 768

CONFIG = {
    "architectures": ["FusionPhiForCausalLM"],
    "model_type": "fusion_phi",
    "attention_bias": False,
    "attention_dropout": 0.0,
    "bos_token_id": None,
    "eos_token_id": 0,
    "pad_token_id": 0,
    "hidden_act": "silu",
    "hidden_size": 192,
    "intermediate_size": 384,
    "num_hidden_layers": 5,
    "num_attention_heads": 6,
    "num_key_value_heads": 6,
    "rms_norm_eps": 1e-05,
    "initializer_range": 0.02,
    "max_position_embeddings": 4096,
    "original_max_position_embeddings": 2048,
    "rope_theta": 10000.0,
    "rope_scaling": {"type": "longrope", "short_factor": [1.0] * 16, "long_factor": [2.0] * 16},
    "sliding_window": None,
    "tie_word_embeddings": False,
    "use_cache": True,
    "image_aspect_ratio": "static_hd",
    "mm_hidden_size": 128,
    "mm_patch_merge_type": "flat",
    "mm_projector_type": "mlp2x_gelu",
    "mm_use_im_patch_token": False,
    "mm_use_im_start_end": True,
    "mm_vision_select_feature": "patch",
    "mm_vision_select_layer": -2,
    "mm_vision_tower": "fusion-nano-patch8-64",
    "use_mm_proj": True,
    "query_len": "4,16",
    "window_size": 4,
    "num_of_vision_sampler_layers": 2,
    "start_of_vision_sampler_layers": 0,
    "stride_of_vision_sampler_layers": 2,
    "tokenizer_model_max_length": 4096,
    "tokenizer_padding_side": "right",
    "torch_dtype": "bfloat16",
    "transformers_version": "4.48.1",
    "vision_config": {
        "hidden_act": "gelu_pytorch_tanh",
        "hidden_size": 128,
        "image_size": 64,
        "intermediate_size": 384,
        "layer_norm_eps": 1e-06,
        "num_attention_heads": 4,
        "num_hidden_layers": 7,
        "patch_size": 8,
    },
}


def texts(data):
    """Questions, answers and descriptions of a question set."""
    for line in (data / "questions.jsonl").read_text().splitlines():
        question = json.loads(line)
        yield question["text"]
        yield from question.get("answers", [question["answer"]])
    for line in (data / "scenes.jsonl").read_text().splitlines():
        scene = json.loads(line)
        yield scene["caption"]
        yield scene["description"]


def added(text, special):
    """An added token; as in Phi-3, white space after the turn tokens disappears."""
    strips = text in ("<|system|>", "<|user|>", "<|assistant|>", "<|end|>")
    return AddedToken(text, rstrip=strips, normalized=False, special=special)


def train_tokenizer(data):
    """Byte-level BPE; merges stop when no pair of pieces comes twice."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    trainer = trainers.BpeTrainer(
        vocab_size=GREATEST_VOCABULARY - len(STANDING), min_frequency=20, show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), special_tokens=[added(text, True) for text in SPECIAL])
    tokenizer.train_from_iterator(texts(data), trainer)
    tokenizer.add_tokens([added(text, False) for text in STANDING])
    return tokenizer


def write(folder, name, value):
    """A JSON file with an end of line."""
    (folder / name).write_text(json.dumps(value, indent=2) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="a folder of `fusion-convert synth qa`")
    parser.add_argument("model", type=Path, help="the folder to make")
    arguments = parser.parse_args()
    arguments.model.mkdir(parents=True, exist_ok=True)
    tokenizer = train_tokenizer(arguments.data)
    tokenizer.save(str(arguments.model / "tokenizer.json"))
    count = tokenizer.get_vocab_size(with_added_tokens=True)
    ends = [tokenizer.token_to_id(text) for text in ("<|end|>", "<|assistant|>", "<|endoftext|>")]
    write(arguments.model, "config.json", CONFIG | {"vocab_size": count})
    write(arguments.model, "generation_config.json", {"eos_token_id": ends, "pad_token_id": ends[-1]})
    write(arguments.model, "tokenizer_config.json", {
        "add_prefix_space": False,
        "additional_special_tokens": ["<vision_start>", "<vision_end>"],
        "clean_up_tokenization_spaces": False,
        "eos_token": "<|endoftext|>",
        "model_max_length": 4096,
        "pad_token": "<|endoftext|>",
        "tokenizer_class": "PreTrainedTokenizerFast",
        "unk_token": "<|endoftext|>",
    })
    print(f"{count} tokens")


if __name__ == "__main__":
    main()
