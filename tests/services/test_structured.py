"""DSPy's JSON adapter, prepared once."""

import dspy
from dspy import lm15

from services.structured import Structured

FIELDS = "prompt: str, must_keep: list[str] -> corrected_prompt: str, caption: str"
ANSWER = '{"corrected_prompt": "a cat", "caption": "A cat."}'


class Recorder:
    supports_response_schema = True
    supported_params = frozenset({"response_format", "temperature", "seed", "max_tokens"})

    def __init__(self) -> None:
        self.requests: list[lm15.Request] = []

    def complete(self, request: lm15.Request) -> lm15.Response:
        self.requests.append(request)
        answer = lm15.Message.assistant(ANSWER)
        return lm15.Response(id=None, model=request.model, message=answer, finish_reason="stop", usage=lm15.Usage())


def asked(adapter: dspy.Adapter, programs: list[dspy.Predict]) -> list[lm15.Request]:
    recorder = Recorder()
    lm = dspy.LM("local/any", engine=recorder, cache=False)
    with dspy.context(lm=lm, adapter=adapter, disable_history=True, trace=None):
        for program in programs:
            program(prompt="a dog", must_keep=["colour: red"])
    return recorder.requests


def program(instructions: str, *captions: str) -> dspy.Predict:
    predict = dspy.Predict(dspy.Signature(FIELDS, instructions))
    predict.demos = [
        dspy.Example(prompt="a cat", must_keep=[], corrected_prompt="a cat", caption=caption).with_inputs("prompt")
        for caption in captions
    ]
    return predict


def test_the_model_is_asked_the_same_as_by_dspys_own_adapter_in_every_call() -> None:
    programs = [program("Caption it.", "A cat.", "A grey cat."), program("Paint it."), program("Caption it.", "Other.")]

    prepared = asked(Structured(), programs * 2)

    assert prepared == asked(dspy.JSONAdapter(), programs * 2)


def test_the_demos_are_written_once(monkeypatch) -> None:
    written = []
    original = dspy.JSONAdapter.format_demos
    monkeypatch.setattr(
        dspy.JSONAdapter, "format_demos", lambda self, *args: written.append(args) or original(self, *args)
    )

    asked(Structured(), [program("Caption it.", "A cat.")] * 5)

    assert len(written) == 1
