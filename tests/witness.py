"""What a scripted multimodal model answers when it is asked as the judge asks."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from tests.openai_server import Brain, Chat, Step

Answer = dict[str, Any]


def draft(id: int = 1, kind: str = "entity", question: str = "Is there a circle?", **said: Any) -> Answer:
    """Make a fact as a model plans it."""
    nothing = {"value": None, "relation": None, "object": None, "expected_count": None, "expected_text": None}
    return {"id": id, "kind": kind, "question": question, "subject": "circle", "parents": [], **nothing, **said}


def sighting(id: int = 1, answer: str = "yes", **said: Any) -> Answer:
    """Make a report of one fact."""
    return {"id": id, "answer": answer, "evidence": "in the middle", "count": None, "text": None, **said}


def numbers(chat: Chat) -> list[int]:
    """Give the numbers of the questions that are asked."""
    return [int(number) for number in re.findall(r"(\d+)\. ", chat.asked("questions"))]


def witness(
    facts: Sequence[Answer] = (),
    seen: Callable[[Chat], Sequence[Answer] | Step] | None = None,
    writing: str = "",
    correct: bool = True,
    better: Callable[[Chat], str] = lambda chat: "tie",
) -> Brain:
    """Make a model that plans the facts, sees what `seen` says (yes to everything without it), and compares.

    What is none of the judge's questions it leaves to the stand-in.
    """

    def brain(chat: Chat) -> Answer | Step | None:
        def looked() -> Answer | Step:
            told = seen(chat) if seen else [sighting(number) for number in numbers(chat)]
            return told if isinstance(told, Step) else {"seen": told, "writing": writing}

        match sorted(chat.fields):
            case ["facts"]:
                return {"facts": list(facts)}
            case ["seen", "writing"]:
                return looked()
            case ["facts", "seen", "writing"]:
                told = looked()
                return told if isinstance(told, Step) else {"facts": list(facts), **told}
            case ["correct", "reasoning"]:
                return {"reasoning": "It is there.", "correct": correct}
            case ["better", "reasoning"]:
                return {"reasoning": "So it is.", "better": better(chat)}
        return None

    return brain
