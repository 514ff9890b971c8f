"""The embedded model, with a scripted llama.cpp and with the real one where its weights are installed."""

import asyncio
from typing import Any

import pytest
from dspy import lm15

from services.replies import Reply, recorded
from services.upsampler import embedded
from services.upsampler.continued import beginning
from services.upsampler.embedded import SEEDS, Continuation, Engine, NothingUsable, best, usable

TAIL = " on a wide oak table beside a tall window with soft light"


def continuation(text: str = TAIL, *, complete: bool = True, likelihood: float = -1.0) -> Continuation:
    return Continuation(text, complete, likelihood)


def no_faults(prompt: str, caption: str) -> int:
    return 0


class Llama:
    """A scripted llama.cpp: each step is a text, or a whole answer."""

    def __init__(self, *steps: str | dict[str, Any]) -> None:
        self.steps = list(steps)
        self.asked: list[dict[str, Any]] = []

    def handle_completions(self, request: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(request)
        step = self.steps.pop(0)
        if isinstance(step, dict):
            return step
        choice = {
            "text": step,
            "finish_reason": "stop",
            "logprobs": {"content": [{"logprob": -0.5}, {"logprob": -1.5}]},
        }
        return {"choices": [choice], "usage": {"prompt_tokens": 300, "completion_tokens": 20}}


def request(prompt: str = "a red bowl", seed: int = 0) -> lm15.Request:
    text = f"Examples.\n\nPrompt: {prompt}\nDescription: {beginning(prompt)}"
    return lm15.Request(
        model="embedded/any", messages=(lm15.Message.user(text),), config=lm15.Config(seed=seed, temperature=0.6)
    )


def text_of(response: lm15.Response) -> str:
    return "".join(part.text for part in response.message.parts)


@pytest.mark.parametrize(
    "bad",
    [
        continuation(complete=False),
        continuation(" on a table"),
        continuation(" a b" * 30),
        continuation(f"{TAIL} [1]"),
        continuation(f"{TAIL} in this image"),
    ],
    ids=["cut off", "short", "round in circles", "brackets", "about the task"],
)
def test_only_a_whole_sentence_about_a_picture_is_usable(bad: Continuation) -> None:
    assert usable(continuation())
    assert not usable(bad)


def test_of_usable_continuations_the_one_with_fewest_faults_wins_then_the_most_likely() -> None:
    likely, faulty, other = (
        continuation(likelihood=-0.5),
        continuation(TAIL + " green", likelihood=-0.1),
        continuation(),
    )

    assert best([other, faulty, likely], lambda each: int("green" in each.text)) is likely
    assert best([continuation(complete=False)], lambda each: 0) is None


def test_the_answer_is_the_beginning_with_its_best_continuation() -> None:
    llama = Llama(" short", f"{TAIL} in green ", TAIL)
    judged: list[tuple[str, str]] = []

    def faults(prompt: str, caption: str) -> int:
        judged.append((prompt, caption))
        return int("green" in caption)

    answer = Engine(llama, 3, faults).complete(request())

    assert text_of(answer) == f"A red bowl,{TAIL}."
    assert judged[0] == ("a red bowl", f"A red bowl,{TAIL} in green.")


async def test_every_sample_has_its_own_seed_and_is_noted() -> None:
    llama = Llama(TAIL, TAIL)

    with recorded() as replies:
        await Engine(llama, 2, no_faults).acomplete(request(seed=SEEDS - 1))

    assert [asked["seed"] for asked in llama.asked] == [SEEDS - 1, 0]
    assert replies == [Reply(embedded.NAME, None, 300, 20)] * 2


def test_without_a_usable_continuation_the_reason_says_so() -> None:
    with pytest.raises(NothingUsable, match="none of 2 continuations is a sentence about a picture"):
        Engine(Llama(" no", " no"), 2, no_faults).complete(request())


def test_an_error_of_llama_is_told() -> None:
    with pytest.raises(lm15.ServerError, match="too long"):
        Engine(Llama({"error": "too long"}), 1, no_faults).complete(request())


def test_a_grammar_confines_the_captions_it_knows() -> None:
    llama = Llama(TAIL, TAIL)
    engine = Engine(llama, 1, no_faults, lambda prompt: 'root ::= " x"' if "red" in prompt else None)

    engine.complete(request("a red bowl"))
    engine.complete(request("a blue bowl"))

    assert llama.asked[0]["grammar"] == 'root ::= " x"'
    assert "grammar" not in llama.asked[1]


async def test_prompts_wait_for_their_turn() -> None:
    class Slow(Llama):
        running = 0

        def handle_completions(self, request: dict[str, Any]) -> dict[str, Any]:
            self.running += 1
            assert self.running == 1
            answer = super().handle_completions(request)
            self.running -= 1
            return answer

    engine = Engine(Slow(*[TAIL] * 6), 2, no_faults)

    answers = await asyncio.gather(*(engine.acomplete(request()) for _ in range(3)))

    assert len(answers) == 3


@pytest.fixture(scope="module")
def llama() -> Any:
    weights = embedded.find_weights()
    if weights is None:
        pytest.skip("the embedded weights are not installed")
    return embedded.start(weights, threads=1)


def test_the_real_weights_go_on_with_the_users_words(llama: Any) -> None:
    sample = Engine(llama, 1, no_faults)._continue(request("two cats on a red sofa"), None, 0)

    assert len(sample.text.split()) > 3
    assert sample.likelihood < 0


def test_the_real_weights_obey_a_grammar(llama: Any) -> None:
    grammar = f'root ::= "{TAIL}" (" in the morning" | " at night")'

    answer = Engine(llama, 1, no_faults, lambda prompt: grammar).complete(request("two cats on a red sofa"))

    assert text_of(answer) in {f"Two cats on a red sofa,{TAIL}{end}." for end in (" in the morning", " at night")}
