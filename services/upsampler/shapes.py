"""Prompts of the shapes world: captions that stay in the words which the embedded painter was trained on."""

from pocket.exemplars import exemplars
from pocket.filling import fill
from pocket.gbnf import continuation_grammar, open_slots
from pocket.parse import parse
from promptlift.contracts import Mode
from services.upsampler.draft import Draft
from services.upsampler.scribe import NoDraft
from services.upsampler.task import Task


def knows(prompt: str) -> bool:
    """Tell whether every word of a prompt belongs to that world."""
    return parse(prompt).understood


def grammar(prompt: str) -> str | None:
    """Give the GBNF that confines what follows the prompt and a comma, or None where it is of another world."""
    return continuation_grammar(parse(prompt).statement) if knows(prompt) else None


def is_complete(prompt: str) -> bool:
    """Tell whether a prompt of that world leaves nothing open."""
    return knows(prompt) and not open_slots(parse(prompt).statement)


def demos() -> list[dict[str, str]]:
    """Show how a prompt of that world is completed."""
    return [{"prompt": prompt, "caption": caption} for prompt, caption in exemplars()]


class Filler:
    """Completes prompts of that world without a language model: the seed draws what is left open.

    Attributes:
        name: for answers.
        attempts: one, since another seed is no better.
    """

    name = "pocket-filling"
    attempts = 1

    def __init__(self, reason: str) -> None:
        """Take the reason why there is no language model."""
        self._reason = reason

    def version(self, mode: Mode) -> str:
        """Name the way of filling, which is the same for each mode."""
        return "filling-1"

    async def write(self, task: Task, draft: Draft | None, faults: list[str], seed: int) -> Draft:
        """Add a size, a place and a background where they are left open."""
        refuse_complete(task)
        if task.mode == "modify" or not knows(task.prompt):
            raise NoDraft(self._reason, again=False)
        return Draft(task.line, fill(task.prompt, seed))


def refuse_complete(task: Task) -> None:
    """Leave a prompt of that world alone that says everything.

    Raises:
        NoDraft: it does.
    """
    if task.mode != "modify" and is_complete(task.prompt):
        raise NoDraft("the prompt leaves nothing open", again=False)
