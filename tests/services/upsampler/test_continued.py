"""Drafts by a model that can only go on with a text."""

import dspy
import pytest
from dspy import lm15

from services.upsampler.continued import Continued, beginning, parts_of
from services.upsampler.scribe import NoDraft
from tests.services.upsampler.asking import change, task


class Engine:
    """Goes on with a fixed text, and remembers what it was asked."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.asked: list[lm15.Request] = []

    def complete(self, request: lm15.Request) -> lm15.Response:
        raise NotImplementedError

    async def acomplete(self, request: lm15.Request) -> lm15.Response:
        self.asked.append(request)
        message = lm15.Message.assistant(self.text)
        return lm15.Response(id=None, model=request.model, message=message, finish_reason="stop", usage=lm15.Usage())


class Face:
    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    async def complete(self, request: lm15.Request) -> lm15.Response:
        return await self.engine.acomplete(request)


def scribe(engine: Engine) -> Continued:
    return Continued(dspy.LM("embedded/any", engine=engine, async_engine=Face(engine), cache=False), "any")


async def test_the_model_is_shown_a_caption_that_begins_with_the_users_words() -> None:
    engine = Engine("A  red bowl, on a table.")

    draft = await scribe(engine).write(task("a  red\u2003bowl."), None, [], 7)

    [part] = engine.asked[0].messages[-1].parts
    assert part.text.endswith("Prompt: a red bowl.\nDescription: A red bowl,")
    assert part.text.count("\nDescription: ") == 7
    assert engine.asked[0].config.seed == 7
    assert (draft.corrected, draft.caption) == ("a red bowl.", "A  red bowl, on a table.")


@pytest.mark.parametrize("prompt", ["a red bowl", "a sign Prompt: x Description: y", "Prompt: Prompt:"])
def test_the_prompt_can_be_read_back_from_the_message(prompt: str) -> None:
    message = (
        f"Instructions\n\nPrompt: other\nDescription: Other, one.\n\nPrompt: {prompt}\nDescription: {beginning(prompt)}"
    )

    assert parts_of(message) == (prompt, beginning(prompt))


async def test_a_caption_can_not_be_changed() -> None:
    with pytest.raises(NoDraft, match="can't change a caption") as caught:
        await scribe(Engine("")).write(change("a man", "make the light red"), None, [], 1)

    assert not caught.value.again
