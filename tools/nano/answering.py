"""Greedy answers and teacher-forced logits of a model, one question at a time, as the runtime computes them."""

import torch

from fusion_model import Layout
from pictures import crops_of, normalized


class Answerer:
    """A model with its tokenizer; keeps the features of the last picture's quarters."""

    def __init__(self, model, prompter, query_length=None):
        self.model = model
        self.prompter = prompter
        self.query_length = query_length or model.query_lengths[-1]
        self.dtype = model.lm_head.weight.dtype
        self.ends = [prompter.tokenizer.token_to_id(text) for text in ("<|end|>", "<|assistant|>", "<|endoftext|>")]
        self.picture = None

    def look(self, path):
        """Encodes the quarters of a picture, unless it is the last one again."""
        if path != self.picture:
            side = self.model.config["vision_config"]["image_size"]
            pixels = normalized(crops_of(path, side)).to(self.dtype)[None]
            grid = self.model.encode_quarters(pixels[:, :4])
            self.whole, self.pooled = pixels[:, 4], self.model.pool(grid, self.query_length)
            self.picture = path

    @torch.no_grad()
    def logits(self, path, question, answer):
        """Logits [tokens + 1, vocabulary] at the last prompt token and at each token of the answer."""
        self.look(path)
        latents, windows = self.pooled
        image = self.model.encode_guided(self.whole, [self.prompter.instruction(question)])[0]
        layout = Layout([self.prompter.prompt(question)], self.model.patches, self.query_length, [answer])
        x = self.model.embed_prompt(layout, image, latents)
        logits = self.model.decode(x, layout, windows, torch.zeros(1, dtype=torch.long))
        start = layout.question[0]
        return logits[0, start:start + len(answer) + 1]

    def greedy(self, path, question, limit=96):
        """Ids of the most likely answer, with the end token if one came."""
        answer = []
        while len(answer) < limit:
            token = self.logits(path, question, answer)[-1].argmax().item()
            answer.append(token)
            if token in self.ends:
                break
        return answer
