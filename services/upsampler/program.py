"""The DSPy program that upsamples: a signature, its demos, and the adapter that each kind of model reads best."""

import json
from importlib.resources import files

import dspy

VERSION = "1"
"""Counts up with every change of the instructions or demos."""


def instructed() -> dspy.Predict:
    """Make the program for a model that follows instructions."""
    predict = dspy.Predict(dspy.Signature("prompt: str -> caption: str", _read("instructions.md")))
    predict.demos = _demos("demos.json")
    return predict


def continued() -> dspy.Predict:
    """Make the program for a small model that can only go on with a text."""
    predict = dspy.Predict(dspy.Signature("prompt: str -> caption: str", "Short image prompts and their descriptions."))
    predict.demos = _demos("continuations.json")
    return predict


class Continuation(dspy.Adapter):
    """Shows a program as plain text that ends in the middle of a caption, which begins with the user's own words."""

    def format(
        self, signature: type[dspy.Signature], demos: list[dict[str, str]], inputs: dict[str, str]
    ) -> list[dict[str, str]]:
        """Write the demos and the beginning of the answer as one message."""
        blocks = [signature.instructions]
        blocks += [f"Prompt: {demo['prompt']}\nDescription: {demo['caption']}" for demo in demos]
        blocks += [f"Prompt: {inputs['prompt']}\nDescription: {beginning(inputs['prompt'])}"]
        return [{"role": "user", "content": "\n\n".join(blocks)}]

    def parse(self, signature: type[dspy.Signature], completion: str) -> dict[str, str]:
        """Take the whole answer as the caption."""
        return {"caption": completion}


def beginning(prompt: str) -> str:
    """Begin a caption with the user's own words, ready to be continued."""
    words = " ".join(prompt.split()).rstrip(".,;:!? ")
    return f"{words[:1].upper()}{words[1:]},"


def _read(name: str) -> str:
    return (files("services.upsampler") / "prompts" / name).read_text(encoding="utf-8").strip()


def _demos(name: str) -> list[dspy.Example]:
    return [dspy.Example(demo).with_inputs("prompt") for demo in json.loads(_read(name))]
