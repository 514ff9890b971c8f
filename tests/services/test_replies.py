"""Who answered and what it cost."""

import asyncio

from services.replies import Reply, fingerprints, record, recorded, usage

ONE = Reply("m", "fp_1", 10, 3)
OTHER = Reply("m", "fp_2", 5, 2)


async def test_replies_to_tasks_that_the_block_starts_are_written_down() -> None:
    async def call(reply: Reply) -> None:
        await asyncio.sleep(0)
        record(reply)

    with recorded() as replies:
        await asyncio.gather(call(ONE), call(OTHER))
    record(ONE)

    assert replies == [ONE, OTHER]


async def test_two_requests_at_once_keep_their_own() -> None:
    async def request(reply: Reply) -> list[Reply]:
        with recorded() as replies:
            await asyncio.sleep(0)
            record(reply)
            return replies

    assert await asyncio.gather(request(ONE), request(OTHER)) == [[ONE], [OTHER]]


def test_costs_add_up() -> None:
    spent = usage([ONE, OTHER])

    assert (spent.calls, spent.input_tokens, spent.output_tokens) == (2, 15, 5)


def test_each_fingerprint_is_named_once() -> None:
    assert fingerprints([ONE, OTHER, ONE, Reply("m", None, 0, 0)]) == "fp_1, fp_2"
    assert fingerprints([]) is None
