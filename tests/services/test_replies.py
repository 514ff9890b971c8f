"""Who answered calls to a model, and what they cost."""

import asyncio

import pytest
from openai.types import CompletionUsage
from openai.types.chat import ChatCompletion

from services.replies import Reply, fingerprints, record, recorded, reply_in, usage


def completion(**told: object) -> ChatCompletion:
    """An answer as the SDK builds it: unchecked."""
    used = CompletionUsage.construct(**told) if told else None
    return ChatCompletion.construct(id="c", model="m", choices=[], usage=used, system_fingerprint="fp_1")


def test_an_answer_tells_its_tokens_and_where_the_endpoint_says_so_its_cost() -> None:
    assert reply_in(completion(prompt_tokens=11, completion_tokens=7, cost=0.002)) == Reply("m", "fp_1", 11, 7, 0.002)
    assert reply_in(completion(prompt_tokens=11, completion_tokens=7)) == Reply("m", "fp_1", 11, 7, None)


@pytest.mark.parametrize("tokens", [None, -1, "11", float("nan"), float("inf")])
@pytest.mark.filterwarnings("ignore:.*serialized value")
def test_what_is_no_amount_is_not_believed(tokens: object) -> None:
    told = reply_in(completion(prompt_tokens=tokens, completion_tokens=7, cost=tokens))

    assert (told.input_tokens, told.output_tokens, told.cost) == (0, 7, None)
    assert reply_in(completion()) == Reply("m", "fp_1", 0, 0, None)


async def test_replies_are_written_down_for_the_block_that_asked_and_its_tasks_alone() -> None:
    async def call(number: int) -> None:
        record(Reply("m", None, number, 0))

    with recorded() as outer:
        with recorded() as inner:
            await asyncio.gather(*(asyncio.create_task(call(number)) for number in (1, 2)))
        record(Reply("m", None, 3, 0))
    record(Reply("m", None, 4, 0))

    assert sorted(reply.input_tokens for reply in inner) == [1, 2]
    assert [reply.input_tokens for reply in outer] == [3]


def test_replies_are_added_up() -> None:
    replies = [Reply("m", "fp_1", 10, 1), Reply("m", None, 20, 2), Reply("m", "fp_1", 30, 3), Reply("m", "fp_2", 0, 0)]

    assert usage(replies).model_dump() == {"calls": 4, "input_tokens": 60, "output_tokens": 6}
    assert fingerprints(replies) == "fp_1, fp_2"
    assert fingerprints([]) is None


async def test_two_requests_at_once_keep_their_own() -> None:
    async def request(number: int) -> list[Reply]:
        with recorded() as replies:
            await asyncio.sleep(0)
            record(Reply("m", None, number, 0))
            return replies

    first, second = await asyncio.gather(request(1), request(2))

    assert ([reply.input_tokens for reply in first], [reply.input_tokens for reply in second]) == ([1], [2])
