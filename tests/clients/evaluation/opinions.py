"""A scripted multimodal model with opinions: it sees the judge's controls, and decides on painted pictures by chance.

The chance is drawn from the pixels, so that the same picture always gets the same answer.
"""

import hashlib

from promptlift.cli.pictures import SIDE
from tests.openai_server import Brain, Chat, Step
from tests.shapes import PROMPT, seeing
from tests.witness import Answer, draft, numbers, sighting

COMPARING = {"better", "reasoning"}


def opinionated(lenient: float = 0.6) -> Brain:
    """Make a model that says yes to a share of the facts of painted pictures, and sees the drawn ones."""
    sees = seeing()

    def brain(chat: Chat) -> Answer | Step | None:
        if chat.fields == {"facts"}:
            known = PROMPT.fullmatch(chat.asked("prompt"))
            return sees(chat) if known else {"facts": [draft(1), draft(2, question="Is it as asked?")]}
        if chat.fields == COMPARING:
            return {"better": _brighter(chat), "reasoning": "It is brighter."}
        if chat.fields != {"seen", "writing"}:
            return None
        if chat.images[0].width == SIDE:
            return sees(chat)
        return {"seen": [_said(chat, number, lenient) for number in numbers(chat)], "writing": ""}

    return brain


def _said(chat: Chat, number: int, lenient: float) -> Answer:
    digest = hashlib.sha256(chat.images[0].tobytes() + bytes([number])).digest()
    return sighting(number, "yes" if digest[0] < 256 * lenient else "no", count=1 + digest[1] % 3)


def _brighter(chat: Chat) -> str:
    first, second = (sum(image.convert("L").tobytes()) // 5000 for image in chat.images)
    return "tie" if first == second else "A" if first > second else "B"
