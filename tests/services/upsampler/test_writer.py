"""The attempts at a prompt, and what comes of them."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from promptlift.contracts import MAX_SEED, UpsampleRequest, Upsampling
from services.replies import Reply, record
from services.upsampler.draft import Draft
from services.upsampler.scribe import NoDraft
from services.upsampler.settings import UpsamplerSettings
from services.upsampler.task import Task
from services.upsampler.writer import Writer
from tests.services.upsampler.asking import tokenizer
from tests.services.upsampler.constraints.test_rules import ANYTHING, PHRASES

GOOD = "A red bowl stands on a wide oak table beside a tall window, in soft light from the left."
POOR = "A bowl stands on a wide oak table beside a tall window, in soft light from the left side."
WORSE = "A bowl."

Step = str | Draft | NoDraft | float


class Scripted:
    """A scribe that does what it is told: a caption, a draft, an error, or seconds of silence."""

    name = "scripted"
    attempts = 3

    def __init__(self, *steps: Step) -> None:
        self.steps = list(steps)
        self.asked: list[tuple[str, list[str], int]] = []
        self.at_once = 0
        self.most_at_once = 0

    def version(self, mode: str) -> str:
        return f"{mode}-1"

    async def write(self, task: Task, draft: Draft | None, faults: list[str], seed: int) -> Draft:
        self.asked.append((draft.caption if draft else "", faults, seed))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(0)
            return await self._play(task, self.steps.pop(0))
        finally:
            self.at_once -= 1

    async def _play(self, task: Task, step: Step) -> Draft:
        if isinstance(step, NoDraft):
            raise step
        if isinstance(step, float):
            await asyncio.sleep(step)
            step = GOOD
        record(Reply("scripted", None, 10, 2))
        return step if isinstance(step, Draft) else Draft(task.prompt, step)


def writer(scribe: Scripted, **options: object) -> Writer:
    return Writer(scribe, tokenizer(), UpsamplerSettings.model_validate(options))


async def upsample(scribe: Scripted, prompt: str = "a red bowl", **fields: object) -> Upsampling:
    return await writer(scribe).upsample(UpsampleRequest.model_validate({"prompt": prompt, **fields}))


async def test_a_caption_without_faults_is_taken_at_once() -> None:
    scribe = Scripted(GOOD)

    told = await upsample(scribe, seed=5)

    assert told.prompt == "a red bowl" + GOOD[len("A red bowl") :]
    assert (told.attempts, told.fallback, told.model, told.prompt_version) == (1, False, "scripted", "faithful-1")
    assert scribe.asked == [("", [], 5)]


async def test_another_attempt_is_told_the_faults_and_has_another_seed() -> None:
    scribe = Scripted(POOR, GOOD)

    told = await upsample(scribe, seed=MAX_SEED)

    assert scribe.asked[1] == (POOR, ["missing: colour: red (bowl)"], 0)
    assert told.attempts == 2
    assert told.usage.input_tokens == 20


async def test_after_three_attempts_the_best_draft_is_taken() -> None:
    scribe = Scripted(WORSE, POOR, WORSE)

    told = await upsample(scribe)

    assert told.prompt == f"a red bowl. {POOR}"
    assert (told.attempts, told.fallback) == (3, False)


async def test_an_unreadable_answer_is_asked_for_again_and_a_refusal_is_not() -> None:
    again, never = Scripted(NoDraft("unreadable", again=True), GOOD), Scripted(NoDraft("refused", again=False), GOOD)

    assert not (await upsample(again)).fallback
    refused = await upsample(never)

    assert (refused.prompt, refused.fallback, refused.reason) == ("a red bowl", True, "refused")
    assert len(never.asked) == 1


async def test_a_draft_is_not_lost_when_a_later_attempt_fails() -> None:
    told = await upsample(Scripted(POOR, NoDraft("refused", again=False)))

    assert (told.prompt, told.fallback) == (f"a red bowl. {POOR}", False)


async def test_a_draft_is_not_lost_when_the_time_runs_out() -> None:
    told = await upsample(Scripted(POOR, 30.0), timeout=0.5)

    assert (told.prompt, told.fallback, told.attempts) == (f"a red bowl. {POOR}", False, 2)


async def test_without_a_draft_in_time_the_users_own_words_are_painted() -> None:
    told = await upsample(Scripted(30.0), timeout=0.5)

    assert (told.prompt, told.fallback, told.reason) == ("a red bowl", True, "scripted gave no answer in time")


async def test_a_caption_of_which_nothing_can_be_kept_is_told_with_its_faults() -> None:
    told = await upsample(Scripted(*['A green bowl says "SALE".'] * 3))

    assert (told.prompt, told.fallback) == ("a red bowl", True)
    assert "contradicts the request: colour: green (bowl)" in (told.reason or "")


async def test_a_prompt_that_fills_its_budget_is_left_as_it_is() -> None:
    full = "a red bowl on a small round table in a quiet room at the end of a hall"

    told = await upsample(Scripted(*[GOOD] * 3), full, budget=20)

    assert (told.prompt, told.fallback) == (full, True)


async def test_off_asks_no_model_but_still_checks_and_counts() -> None:
    scribe = Scripted()

    told = await upsample(scribe, "a street without cars", mode="off")

    assert scribe.asked == []
    assert (told.prompt, told.attempts, told.fallback, told.model) == ("a street without cars", 0, False, "none")
    assert (told.negative_prompt, told.tokens.clip_l) == ("cars", 4)


async def test_a_batch_keeps_its_order_and_no_item_harms_another() -> None:
    class Uneven(Scripted):
        async def write(self, task: Task, draft: Draft | None, faults: list[str], seed: int) -> Draft:
            if task.prompt == "b":
                raise ZeroDivisionError  # a defect, not a failure of the model
            await asyncio.sleep(0.05 if task.prompt == "a" else 0)
            return Draft(task.prompt, f"The {task.prompt} {GOOD}")

    requests = [UpsampleRequest(prompt=prompt) for prompt in ("a", "b", "d")]

    results = await writer(Uneven()).upsample_batch(requests)

    told = [result.upsampling.base_prompt if result.upsampling else None for result in results]
    assert told == ["a", None, "d"]
    assert [result.error.code if result.error else None for result in results] == [None, "failed", None]


async def test_no_more_prompts_than_allowed_are_in_work_at_once() -> None:
    scribe = Scripted(*[GOOD] * 12)

    results = await writer(scribe, concurrency=3).upsample_batch([UpsampleRequest(prompt="a red bowl")] * 12)

    assert all(result.upsampling and not result.upsampling.fallback for result in results)
    assert scribe.most_at_once == 3


@settings(deadline=None, max_examples=150)
@given(
    prompt=PHRASES | ANYTHING.filter(str.strip),
    drafts=st.lists(st.tuples(PHRASES | ANYTHING, PHRASES | ANYTHING), min_size=3, max_size=3),
    mode=st.sampled_from(["faithful", "creative", "modify"]),
)
def test_whatever_the_model_answers_there_is_a_prompt_that_keeps_what_binds_or_a_fallback_with_its_reason(
    prompt: str, drafts: list[tuple[str, str]], mode: str
) -> None:
    scribe = Scripted(*(Draft(corrected, caption) for corrected, caption in drafts))
    change = {"previous": "a cat on a mat", "instruction": prompt} if mode == "modify" else {}

    told = asyncio.run(upsample(scribe, prompt, mode=mode, **change))

    if told.fallback:
        assert told.prompt == (change["previous"] if change else prompt)
        assert told.reason
    else:
        assert all(each.kept for each in told.constraints)
        assert max(told.tokens.clip_l, told.tokens.clip_g) <= told.budget
