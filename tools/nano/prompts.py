"""Questions to token ids, as the runtime builds them: the phi_3 template with slots for a picture and for latents."""

from tokenizers import Tokenizer

from fusion_model import IMAGE, LATENT

BEFORE = "<|system|>\nYou are a helpful AI assistant.<|end|>\n<|user|>\n"
AFTER = "<|end|>\n<|assistant|>\n"
END = "<|end|>"


class Prompter:
    """Encodes questions and answers with the tokenizer of a model's folder."""

    def __init__(self, folder):
        self.tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
        start, end = "<vision_start>", "<vision_end>"
        self.head = [*self.ids(BEFORE + start), LATENT, *self.ids(end + start), IMAGE]
        self.end = self.ids(END)

    def ids(self, text):
        """The tokens of a text."""
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    def prompt(self, question):
        """The whole prompt; texts between slots are encoded one by one."""
        return self.head + self.ids(f"<vision_end>\n{question}{AFTER}")

    def offsets(self, question):
        """Where the question begins in the text behind the picture, and the character range of each token there."""
        opening = "<vision_end>\n"
        encoded = self.tokenizer.encode(f"{opening}{question}{AFTER}", add_special_tokens=False)
        return len(opening), encoded.offsets

    def instruction(self, question):
        """What the vision tower reads."""
        return self.ids(question.strip())

    def answer(self, text):
        """The answer and the token that ends it, as they follow the prompt."""
        whole = self.ids(f"<vision_end>\n?{AFTER}{text}{END}")
        return whole[len(self.ids(f"<vision_end>\n?{AFTER}")):]

    def text(self, ids):
        """The text of an answer, without special tokens."""
        return self.tokenizer.decode(ids, skip_special_tokens=True)
