"""Requests and tasks for the tests of the upsampler's core."""

from functools import cache

from promptlift.contracts import UpsampleRequest
from services.upsampler.clip import WINDOW, Count, Tokenizer
from services.upsampler.task import Task, plan

PREVIOUS = (
    "a man holding a lantern. A bearded man in a wool coat stands on a wooden jetty at night, holding a lantern at "
    "chest height. Its yellow light falls on his face and on the wet planks."
)


@cache
def tokenizer() -> Tokenizer:
    return Tokenizer()


def count(text: str) -> Count:
    return tokenizer().count(text)


def task(prompt: str, **fields: object) -> Task:
    return plan(UpsampleRequest.model_validate({"prompt": prompt, **fields}), WINDOW, count)


def change(prompt: str, instruction: str, previous: str = PREVIOUS) -> Task:
    return task(prompt, mode="modify", previous=previous, instruction=instruction)
